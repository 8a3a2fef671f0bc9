"""Sending an approved campaign: nobody twice, nobody who must not be written to, nothing without an approval."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import event

from campaign_drafts import BODY, DRAFT, make_draft
from campaign_house import load_anew
from fakes import make_permit
from meanwhile import Meanwhile
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Conflict, Refused, StorageFailed
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.messages.campaign_life import State
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.sending import REMEMBERED, SETTLED, UNFINISHED, MessageState
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.usecases import accept_alert, prepare_sending, send_campaign, settle_messages
from wardkeeper.usecases.alert_book import KeptAlert, Standing
from wardkeeper.usecases.approve_campaign import approve
from wardkeeper.usecases.campaign_book import campaign_document, load_campaign
from wardkeeper.usecases.datasets import HOMES, RESIDENTS, written_to
from wardkeeper.usecases.door import open_door
from wardkeeper.usecases.follow_campaign import ask, hear
from wardkeeper.usecases.ports import Answer, Report
from wardkeeper.usecases.prepare_sending import ask_to_send, prepare
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.send_campaign import send
from wardkeeper.usecases.stop_campaign import stop
from wardkeeper.usecases.submit_campaign import submit

AUTHOR, LEAD = cast.COMMUNICATIONS, cast.PUBLIC_HEALTH
SUBJECT = DRAFT.words[0].subject
BATCH = 20


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Several batches in a small town."""
    monkeypatch.setattr(send_campaign, "BATCH", BATCH)


def go(house, notify, actor=AUTHOR, **options):
    return send(house, actor, DRAFT.id, templates=notify.ids, **options)


def counts(house):
    return {(one.channel.value, one.state.value): one.messages for one in house.store.count_messages(DRAFT.id)}


def leaves(house, *kinds):
    found = [json.loads(leaf) for leaf in house.store.leaves()]
    return [leaf for leaf in found if leaf["type"] in kinds]


def test_everybody_who_can_be_reached_is_written_to_once(ready, notify):
    done = go(ready, notify)
    assert done.campaign.state is State.SENT
    assert done.halted is None
    assert len(notify.held) > 80
    assert max(notify.recipients.values()) == 1
    assert counts(ready) == {
        ("text", "accepted"): sum(one.channel is Channel.TEXT for one in notify.held),
        ("email", "accepted"): sum(one.channel is Channel.EMAIL for one in notify.held),
    }
    assert all(len(batch) <= BATCH for batch in notify.batches)


def test_a_second_run_sends_nothing_more(ready, notify):
    go(ready, notify)
    before = len(notify.held)
    again = go(ready, notify)
    assert again.campaign.state is State.SENT
    assert len(notify.held) == before


def test_the_approved_words_are_what_is_sent(ready, notify):
    go(ready, notify)
    texts = [one for one in notify.held if one.channel is Channel.TEXT]
    emails = [one for one in notify.held if one.channel is Channel.EMAIL]
    assert {tuple(one.personalisation.items()) for one in texts} == {()}
    assert {tuple(one.personalisation.items()) for one in emails} == {(("message", BODY), ("subject", SUBJECT))}


def test_a_dry_run_sends_and_changes_nothing(ready, notify):
    prepared = prepare(ready, AUTHOR, DRAFT.id, notify.ids)
    assert notify.held == []
    assert ready.store.messages(DRAFT.id) == []
    assert load_campaign(ready, DRAFT.id).state is State.APPROVED
    said = sum(number for _, _, number in prepared.to_send)
    go(ready, notify)
    assert len(notify.held) == said


def test_where_today_is_not_what_was_approved_is_told(ready, notify):
    prepared = prepare(ready, AUTHOR, DRAFT.id, notify.ids)
    told = {one.what: (one.approved, one.now) for one in prepared.differences}
    assert told["Messages by text"] == (3, sum(n for way, _, n in prepared.to_send if way is Channel.TEXT))
    assert "Gets a text." in told


def test_every_home_is_reached_by_message_letter_or_door_or_has_its_reason(ready, notify):
    prepared = prepare(ready, AUTHOR, DRAFT.id, notify.ids)
    plan = prepared.plan
    assert sum(tally.homes for tally in plan.tallies) == plan.homes
    assert prepared.doors.height == plan.doors.height
    assert prepared.letters > 0


def test_a_lost_letter_sends_nobody_to_a_door_where_a_visit_is_forbidden(ready, notify):
    prepared = prepare(ready, AUTHOR, DRAFT.id, notify.ids)
    lost = prepared.left.filter(pl.col("channel") == Channel.LETTER).unique("home_id", maintain_order=True).head(2)
    known = lost.select("reference", "home_id", "channel", state=pl.lit(MessageState.FAILED.value))
    shut, open_ = lost["home_id"]
    noted = replace(prepared.plan, not_to_knock=frozenset({shut}))
    audience = replace(prepared.audience, plan=noted)
    doors, officer = prepare_sending._doors(audience, known), prepare_sending._for_officer(audience, known)
    assert set(doors["home_id"]) - set(prepared.doors["home_id"]) == {open_}
    # Nobody is dropped: an officer decides about the home where nobody may knock.
    told = officer.join(prepared.plan.officer, on=officer.columns, how="anti", nulls_equal=True)
    assert told["home_id"].to_list() == [shut]
    assert told["note"].to_list() == [prepare_sending.LETTER_LOST]
    # Nor is it told twice, once somebody has reached it another way.
    reached = pl.concat(
        [known, known.with_columns(reference=pl.lit("t"), channel=pl.lit("text"), state=pl.lit("delivered"))]
    )
    assert prepare_sending._for_officer(audience, reached).equals(prepared.plan.officer)


# Without an approval


def test_nothing_is_sent_without_an_approval(house, notify, areas):
    house = replace(house, message_service=lambda: notify)
    save(house, AUTHOR, make_draft(areas=areas))
    for step in (lambda: None, lambda: submit(house, AUTHOR, DRAFT.id)):
        step()
        with pytest.raises(Refused, match="approved"):
            go(house, notify)
        with pytest.raises(Refused, match="approved"):
            prepare(house, AUTHOR, DRAFT.id, notify.ids)
    assert notify.held == []


def test_a_draft_changed_after_its_approval_is_not_sent(ready, notify):
    campaign = load_campaign(ready, DRAFT.id)
    forged = replace(campaign, draft=replace(campaign.draft, values=(("place", "elsewhere"),)))
    with ready.store.write(Leaf(Act.CAMPAIGN_SAVED, ready.clock.now(), "test", "")) as writer:
        writer.apply_document(campaign_document(ready, forged))
    with pytest.raises(Refused, match="not what was approved"):
        go(ready, notify)
    assert notify.held == []


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.PUBLIC_HEALTH, Role.COMMUNICATIONS}], ids=str
)
def test_other_roles_neither_send_nor_see_what_would_be(ready, notify, role):
    actor = Actor(Login("somebody@trafford.example"), "Somebody", cast.COUNCIL, frozenset({role}))
    with pytest.raises(Refused):
        go(ready, notify, actor)
    with pytest.raises(Refused):
        prepare(ready, actor, DRAFT.id, notify.ids)
    assert notify.held == []


def test_without_a_key_nothing_is_sent(house, areas, notify):
    save(house, AUTHOR, make_draft(areas=areas))
    submit(house, AUTHOR, DRAFT.id)
    approve(house, LEAD, DRAFT.id)
    with pytest.raises(BadInput, match="no API key"):
        go(house, notify)
    assert load_campaign(house, DRAFT.id).state is State.APPROVED


# Templates


def test_a_template_that_says_something_else_stops_before_the_first_message(ready, notify):
    notify.ids["text"] = notify.add_template(Channel.TEXT, "Come to the party.")
    with pytest.raises(BadInput, match="does not say what was approved"):
        go(ready, notify)
    assert notify.held == []
    assert ready.store.messages(DRAFT.id) == []


def test_a_template_of_another_channel_is_refused(ready, notify):
    notify.ids["text"] = notify.ids["email"]
    with pytest.raises(BadInput, match="is one for email"):
        go(ready, notify)


def test_a_missing_template_is_named(ready, notify):
    del notify.ids["text"]
    with pytest.raises(BadInput, match="text English"):
        go(ready, notify)


def test_letters_go_by_notify_where_it_has_a_template(ready, notify):
    notify.ids["letter"] = notify.add_template(Channel.LETTER, BODY, SUBJECT)
    done = go(ready, notify)
    assert done.letters == 0
    letters = [one for one in notify.held if one.channel is Channel.LETTER]
    assert letters
    assert all("address_line_3" in one.personalisation for one in letters)


# Those who must not be written to


def planted_numbers(house, town):
    """The phones and e-mail addresses recorded for the planted people who must not be written to."""
    permit = make_permit(RESIDENTS, HOMES, now=house.clock.now())
    people = house.vault.read(house.store.current(RESIDENTS), ["phone", "email", *MARKS], permit=permit)
    marked = people.filter(pl.any_horizontal(pl.col("died_on", "objected_on").is_not_null()) | pl.col("protected"))
    return {value for row in marked.select("phone", "email").iter_rows() for value in row if value}


MARKS = ["died_on", "objected_on", "protected"]


def test_nobody_who_died_objected_or_is_protected_is_written_to(ready, notify, town):
    secret = planted_numbers(ready, town)
    assert secret
    go(ready, notify)
    assert not secret & set(notify.recipients)


def test_a_death_and_an_objection_that_arrive_meanwhile_stop_their_messages(ready, notify):
    """After the first batch two residents who wait are marked: they get nothing, and it is said."""
    go_on = {"batches": 0, "marked": set()}

    def mark_some():
        go_on["batches"] += 1
        if go_on["batches"] != 1:
            return
        waiting = {one.reference for one in ready.store.messages(DRAFT.id) if one.state is MessageState.WAITING}
        rows = written_rows(ready).filter(pl.col("reference").is_in(list(waiting)) & (pl.col("channel") == "text"))
        numbers = rows["to"].to_list()[-2:]
        go_on["marked"] = set(numbers)
        load_anew(ready, lambda people: mark(people, numbers))

    notify.on_batch = mark_some
    done = go(ready, notify)
    assert len(go_on["marked"]) == 2
    assert not go_on["marked"] & set(notify.recipients)
    assert max(notify.recipients.values()) == 1
    assert counts(ready)["text", "withdrawn"] >= 2
    assert done.campaign.state is State.SENT


def written_rows(house):
    file = house.store.current(written_to(DRAFT.id))
    return house.vault.read(file, file.columns, permit=make_permit(file.dataset, now=house.clock.now()))


def mark(people, numbers):
    first, second = numbers
    return people.with_columns(
        pl.when(pl.col("phone") == first)
        .then(pl.lit("2026-11-21").str.to_date())
        .otherwise("died_on")
        .alias("died_on"),
        pl.when(pl.col("phone") == second)
        .then(pl.lit("2026-11-21").str.to_date())
        .otherwise("objected_on")
        .alias("objected_on"),
    )


def test_those_marked_between_approval_and_sending_get_nothing(ready, notify):
    prepared = prepare(ready, AUTHOR, DRAFT.id, notify.ids)
    numbers = prepared.outbox.send.filter(pl.col("channel") == "text")["to"].to_list()[:2]
    load_anew(ready, lambda people: mark(people, numbers))
    go(ready, notify)
    assert not set(numbers) & set(notify.recipients)


# Cut off, halted, stopped


def test_a_run_that_was_cut_off_goes_on_without_writing_twice(ready, notify, monkeypatch):
    """The power fails after Notify has taken a batch and before that is recorded."""

    def fail(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(send_campaign, "record", fail)
        with pytest.raises(KeyboardInterrupt):
            go(ready, notify)
    sent = len(notify.held)
    assert sent == BATCH
    assert sum(number for (_, state), number in counts(ready).items() if state == "claimed") == BATCH

    soon = go(ready, notify)
    assert soon.unsettled == BATCH
    assert soon.campaign.state is State.SENDING
    ready.clock.move(SETTLED)
    later = go(ready, notify)
    assert later.unsettled == 0
    assert later.campaign.state is State.SENT
    assert max(notify.recipients.values()) == 1


def fill_disk(house):
    """Let the database grow no more, as on a full disk, until the answer is called."""
    engine = house.store._engine

    def begin(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def free():
        event.remove(engine, "begin", begin)
        engine.dispose()

    event.listen(engine, "begin", begin)
    return free


def test_a_disk_that_is_full_in_the_middle_writes_to_nobody_twice(ready, notify):
    """Notify takes the second batch, and what became of it cannot be recorded: it is asked about later."""
    free = []
    notify.on_batch = lambda: free.append(fill_disk(ready)) if len(notify.batches) == 2 else None
    with pytest.raises(StorageFailed, match=r"full|written"):
        go(ready, notify)
    assert len(notify.batches) <= 4
    notify.on_batch = None
    for one in free:
        one()
    ready.clock.move(SETTLED)
    done = go(ready, notify)
    assert done.campaign.state is State.SENT
    assert max(notify.recipients.values()) == 1
    assert sum(counts(ready).values()) == len(notify.held)


def test_what_notify_never_got_is_sent_after_all(ready, notify):
    [unlucky] = prepare(ready, AUTHOR, DRAFT.id, notify.ids).outbox.send["reference"].to_list()[:1]
    notify.broken[unlucky] = Answer.UNSURE
    assert go(ready, notify).unsettled == 1
    assert notify.find(unlucky) is None
    notify.broken.clear()
    ready.clock.move(SETTLED)
    assert go(ready, notify).campaign.state is State.SENT
    assert notify.find(unlucky) is not None
    assert max(notify.recipients.values()) == 1


def test_a_message_in_doubt_keeps_nobody_else_waiting_and_is_told(ready, notify):
    [unlucky] = prepare(ready, AUTHOR, DRAFT.id, notify.ids).outbox.send["reference"].to_list()[:1]
    notify.broken[unlucky] = Answer.UNSURE
    done = go(ready, notify)
    assert (done.unsettled, done.halted, done.campaign.state) == (1, None, State.SENDING)
    assert {state: number for (_, state), number in counts(ready).items() if state != "accepted"} == {"claimed": 1}
    again = go(ready, notify)
    assert again.unsettled == 1
    assert sum(batch.count(unlucky) for batch in notify.batches) == 1


def test_the_same_receipt_twice_at_the_same_moment_is_one_entry_of_the_ledger(ready, notify):
    go(ready, notify)
    told = notify.held[0]
    report = Report(told.reference, notify.id_of(told.reference), "delivered")
    before = len(leaves(ready, "messages.reported"))
    late = replace(ready, store=Meanwhile(ready.store))
    late.store.before[Act.MESSAGES_REPORTED] = lambda: hear(ready, report)
    assert not hear(late, report)
    assert len(leaves(ready, "messages.reported")) == before + 1


def test_a_receipt_that_could_not_be_recorded_is_not_taken_for_one_that_says_nothing_new(ready, notify):
    go(ready, notify)
    told = notify.held[0]
    busy = replace(ready, store=Meanwhile(ready.store))

    def collide():
        raise Conflict("Someone else recorded just now.", "Look again.")

    busy.store.before[Act.MESSAGES_REPORTED] = collide
    report = Report(told.reference, notify.id_of(told.reference), "delivered")
    with pytest.raises(Conflict, match="Someone else"):
        hear(busy, report)
    assert hear(busy, report), "the next try is heard"


def test_what_one_run_learned_takes_no_claim_from_another(ready, notify):
    """Two runs ask Notify about the same message: one sends it, and only then the other records that it is not there."""
    [unlucky] = prepare(ready, AUTHOR, DRAFT.id, notify.ids).outbox.send["reference"].to_list()[:1]
    notify.broken[unlucky] = Answer.UNSURE
    go(ready, notify)
    ready.clock.move(SETTLED)
    campaign = load_campaign(ready, DRAFT.id)
    opened = open_door(ready, ask_to_send(AUTHOR, campaign))
    stale = settle_messages._settle_one(notify, ready.store.messages_named([unlucky])[0], ready.clock.now())
    assert stale.state is MessageState.WAITING
    notify.on_batch = lambda: settle_messages.record(opened, campaign, Act.MESSAGES_REPORTED, [stale])
    assert go(ready, notify).unsettled == 1
    assert ready.store.messages_named([unlucky])[0].state is MessageState.CLAIMED


@pytest.mark.parametrize("status", ["sending", "delivered"])
def test_a_report_of_what_notify_did_not_know_when_it_was_asked_is_believed(ready, notify, status):
    [unlucky] = prepare(ready, AUTHOR, DRAFT.id, notify.ids).outbox.send["reference"].to_list()[:1]
    notify.broken[unlucky] = Answer.UNSURE
    go(ready, notify)
    ready.clock.move(SETTLED)
    ask(ready, AUTHOR, DRAFT.id)
    assert ready.store.messages_named([unlucky])[0].state is MessageState.WAITING
    assert hear(ready, Report(unlucky, "notify-late", status))
    notify.broken.clear()
    assert go(ready, notify).campaign.state is State.SENT
    assert notify.find(unlucky) is None


def test_a_computer_that_sleeps_in_the_middle_sends_nothing_of_what_others_may_have_asked_about(ready, notify):
    """The lid is shut while a batch goes out: what it had not begun waits, and goes by a batch of its own."""
    notify.on_batch = lambda: ready.clock.move(SETTLED) if len(notify.batches) == 2 else None
    done = go(ready, notify)
    assert done.campaign.state is State.SENT
    assert set(notify.batches[1]) == set(notify.batches[2])
    assert max(notify.recipients.values()) == 1


def test_what_notify_may_have_forgotten_is_never_sent_again(ready, notify):
    [unlucky] = prepare(ready, AUTHOR, DRAFT.id, notify.ids).outbox.send["reference"].to_list()[:1]
    notify.broken[unlucky] = Answer.UNSURE
    go(ready, notify)
    notify.broken.clear()
    ready.clock.move(REMEMBERED + SETTLED)
    done = go(ready, notify)
    assert ready.store.messages_named([unlucky])[0].state is MessageState.UNKNOWN
    assert notify.find(unlucky) is None
    assert done.campaign.state is State.SENT


def test_a_limit_ends_the_run_and_the_next_goes_on(ready, notify):
    notify.halt_after = 50
    first = go(ready, notify)
    assert "limit" in first.halted.message
    assert first.campaign.state is State.SENDING
    assert len(notify.held) == 50
    notify.halt_after = None
    assert go(ready, notify).campaign.state is State.SENT
    assert max(notify.recipients.values()) == 1


def test_stopping_ends_a_run_that_is_under_way(ready, notify):
    notify.on_batch = lambda: (
        stop(ready, LEAD, DRAFT.id, "The figures were wrong.") if len(notify.batches) == 2 else None
    )
    with pytest.raises(Conflict, match="stopped"):
        go(ready, notify)
    assert len(notify.held) == 2 * BATCH
    states = {state for _, state in counts(ready)}
    assert states == {"accepted", "withdrawn"}
    with pytest.raises(Conflict):
        go(ready, notify)
    assert len(notify.held) == 2 * BATCH


def test_declining_the_alert_behind_it_ends_a_run_that_is_under_way(house, notify, areas):
    end = date(2020, 5, 30)
    alert = Alert(
        *(1, ("E02001259",), ("Sale",), end, end, 9, 9, 9, 2.0, 5.0, 2.0, 0.9, 4.5, 60.0, None, end), id="alert-1"
    )
    with house.store.write(Leaf(Act.ALARMS_RAISED, house.clock.now(), "test", "")) as writer:
        writer.apply_document(KeptAlert(alert, Standing.WAITING, end, 5.0).to_document(house))
    ready = replace(house, message_service=lambda: notify)
    accept_alert.accept(ready, LEAD, "alert-1", "The laboratory confirms it.")
    save(ready, AUTHOR, make_draft(areas=areas, alert="alert-1"))
    submit(ready, AUTHOR, DRAFT.id)
    approve(ready, LEAD, DRAFT.id)
    notify.on_batch = lambda: (
        accept_alert.decline(ready, LEAD, "alert-1", "A laboratory's mistake.") if len(notify.batches) == 2 else None
    )
    with pytest.raises(Refused, match="accepted the alert"):
        go(ready, notify)
    assert len(notify.held) == 2 * BATCH
    with pytest.raises(Refused, match="accepted the alert"):
        go(ready, notify)
    assert len(notify.held) == 2 * BATCH


def test_two_runs_at_once_write_to_nobody_twice(ready, notify):
    """Another run begins while the first one's second batch is under way: one of them gives way."""
    tried = []

    def begin_another():
        if len(notify.batches) == 2:
            notify.on_batch = None
            try:
                go(ready, notify)
            except Conflict as conflict:
                tried.append(conflict)

    notify.on_batch = begin_another
    try:
        go(ready, notify)
    except Conflict as conflict:
        tried.append(conflict)
    assert tried
    assert max(notify.recipients.values()) == 1
    ready.clock.move(SETTLED)
    go(ready, notify)
    assert max(notify.recipients.values()) == 1
    assert not {state for _, state in counts(ready)} & {one.value for one in UNFINISHED}


# What is told


def test_progress_is_told(ready, notify):
    heard = []
    go(ready, notify, tell=lambda gone, left: heard.append((gone, left)))
    assert heard[0][0] == BATCH
    assert heard[-1][1] == 0
    assert [left for _, left in heard] == sorted((left for _, left in heard), reverse=True)


def test_each_batch_is_decided_and_recorded_before_and_after(ready, notify):
    go(ready, notify)
    batches = len(notify.batches)
    assert len(leaves(ready, "messages.claimed")) == len(leaves(ready, "messages.sent")) == batches
    assert all(leaf["decision"] for leaf in leaves(ready, "messages.claimed", "messages.sent", "sending.started"))
    assert len(leaves(ready, "sending.finished")) == 1


def test_whom_it_went_to_is_sealed_under_a_permission_with_an_end(ready, notify):
    go(ready, notify)
    file = ready.store.current(written_to(DRAFT.id))
    assert f"campaign-{DRAFT.id}" in file.mandates
    assert set(ready.store.current(RESIDENTS).mandates) < set(file.mandates)
    assert written_rows(ready).height == len(notify.held)


def test_no_number_reaches_the_database_or_the_ledger(ready, notify):
    go(ready, notify)
    ready.clock.move(timedelta(minutes=1))
    numbers = {one.to for one in notify.held}
    assert len(numbers) > 80
    stored = Path(ready.store._engine.url.database).read_bytes()
    told = b"\n".join(ready.store.leaves())
    for number in numbers:
        assert number.encode() not in stored
        assert number.removeprefix("+44").encode() not in told
