"""Stores to hold to the port's promises: SQLite always, Postgres where `WARDKEEPER_TEST_POSTGRES` names one."""

import os
import secrets

import pytest
from sqlalchemy import create_engine, make_url, text

from wardkeeper.adapters.database import open_store
from wardkeeper.ledger.checkpoints import Signer

SIGNER = Signer("wardkeeper/trafford", bytes(range(32)))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def location(request, tmp_path):
    """The URL of an empty database; on Postgres a schema of its own, dropped afterwards."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    url = make_url(os.environ["WARDKEEPER_TEST_POSTGRES"]).set(drivername="postgresql+psycopg")
    schema = f"wardkeeper_{secrets.token_hex(6)}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def open_again(location):
    """Opens the same database once more, as another process would."""
    opened = []

    def open_it():
        opened.append(open_store(location, SIGNER))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again):
    return open_again()
