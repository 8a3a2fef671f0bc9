import pytest

from wardkeeper.usecases import list_incidents
from wardkeeper.web.app import create_app
from web_house import CREW, DPO, HEALTH, PLANNER, browser, make_house, sign_in


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def app(house, monkeypatch):
    monkeypatch.setattr(list_incidents, "list_incidents", lambda house, actor: [])
    return create_app(house)


@pytest.fixture
def stranger(app):
    return browser(app)


def _signed_in(app, actor):
    client = browser(app)
    assert sign_in(client, actor).status_code == 303
    return client


@pytest.fixture
def planner(app):
    return _signed_in(app, PLANNER)


@pytest.fixture
def crew(app):
    return _signed_in(app, CREW)


@pytest.fixture
def dpo(app):
    return _signed_in(app, DPO)


@pytest.fixture
def health(app):
    return _signed_in(app, HEALTH)
