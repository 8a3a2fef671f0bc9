"""A house with a campaign to the whole district, and a GOV.UK Notify within the test that takes everything."""

from copy import copy
from dataclasses import replace
from datetime import timedelta

import pytest

from campaign_drafts import BODY, DRAFT, make_draft
from fake_notify import FakeNotify
from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.messages.channels import Channel
from wardkeeper.usecases import prepare_sending
from wardkeeper.usecases.approve_campaign import approve
from wardkeeper.usecases.datasets import RESIDENTS
from wardkeeper.usecases.measure_campaign import measure
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.submit_campaign import submit


def make_notify(text=BODY):
    """A Notify with a template for texts, and one for emails that takes the words whole; `ids` names them."""
    fake = FakeNotify()
    fake.ids = {
        "text": fake.add_template(Channel.TEXT, text),
        "email": fake.add_template(Channel.EMAIL, "((message))", "((subject))"),
    }
    return fake


def name_templates(monkeypatch, notify):
    """Name the templates as authority.toml does."""
    choose = prepare_sending.choose_template
    monkeypatch.setattr(
        prepare_sending,
        "choose_template",
        lambda named, way, language: choose({**named, **notify.ids}, way, language),
    )


def load_anew(house, change, dataset=RESIDENTS):
    """Change a dataset as a new linking would: a new file becomes the current one."""
    now = house.clock.now()
    permit = make_permit(dataset, now=now)
    before = house.store.current(dataset)
    frame = change(house.vault.read(before, before.columns, permit=permit))
    file = house.vault.write(frame, dataset=dataset, mandates=before.mandates, parents=[], permit=permit)
    with house.store.write(Leaf(Act.RESIDENTS_LINKED, now, "test", "")) as writer:
        writer.set_current(file)


@pytest.fixture
def notify():
    return make_notify()


@pytest.fixture
def areas(town):
    return tuple(town.homes["lsoa"].unique().sort().to_list())


@pytest.fixture
def waiting(house, notify, areas):
    """A house with a submitted campaign to the whole district."""
    opened = replace(house, message_service=lambda: notify)
    save(opened, cast.COMMUNICATIONS, make_draft(areas=areas))
    submit(opened, cast.COMMUNICATIONS, DRAFT.id)
    return opened


@pytest.fixture
def ready(waiting):
    """The same, approved."""
    approve(waiting, cast.PUBLIC_HEALTH, DRAFT.id)
    return waiting


def measure_later(house, actor, campaign, outcome):
    """Measure what a campaign changed as in three weeks, when the days of the outcome have come."""
    clock = copy(house.clock)
    clock.move(timedelta(weeks=3))
    return measure(replace(house, clock=clock), actor, campaign, outcome)
