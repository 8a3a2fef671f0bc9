"""Files of a campaign: only after an approval, each a disclosure, and what became of each adds up with what was sent."""

import json
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from campaign_drafts import DRAFT, make_draft
from campaign_house import load_anew
from districts import TODAY
from fakes import make_permit
from meanwhile import Meanwhile
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Conflict, IntegrityBroken, NotFound, Refused
from wardkeeper.ledger.leaves import Act
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaign_life import State, Step
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.sending import MessageState
from wardkeeper.usecases import campaign_files, destruction
from wardkeeper.usecases import destroy_campaign as ending
from wardkeeper.usecases.approve_campaign import approve
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.campaign_files import hand_over, put_away, rehearse, take_files
from wardkeeper.usecases.close_campaign import close
from wardkeeper.usecases.datasets import written_to
from wardkeeper.usecases.destroy_campaign import destroy, receipt_of_campaign
from wardkeeper.usecases.follow_campaign import ask, hear, view
from wardkeeper.usecases.measure_campaign import measure
from wardkeeper.usecases.ports import Report
from wardkeeper.usecases.prepare_sending import prepare
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.send_campaign import send
from wardkeeper.usecases.stop_campaign import stop
from wardkeeper.usecases.verify_ledger import verify_ledger

AUTHOR, LEAD, DPO = cast.COMMUNICATIONS, cast.PUBLIC_HEALTH, cast.DPO
TEXTS, LETTERS, TWIN = "notify-text-english", "letters-to-print", "notify-letter-english"


def counts(house):
    return {(one.channel.value, one.state.value): one.messages for one in house.store.count_messages(DRAFT.id)}


def leaves(house, kind):
    return [leaf for leaf in map(json.loads, house.store.leaves()) if leaf["type"] == kind]


def test_no_file_leaves_before_the_approval(waiting):
    with pytest.raises(Refused, match="approved"):
        take_files(waiting, LEAD, DRAFT.id)
    assert leaves(waiting, "data.exported") == []
    assert waiting.store.messages(DRAFT.id) == []


def test_a_safety_message_needs_the_approval_and_no_other_step(house, areas):
    saved = save(house, AUTHOR, make_draft(areas=areas, kind=MessageKind.SAFETY))
    assert saved.state is State.SUBMITTED
    with pytest.raises(Refused, match="approved"):
        take_files(house, AUTHOR, DRAFT.id)
    approve(house, LEAD, DRAFT.id)
    assert take_files(house, AUTHOR, DRAFT.id)
    assert len(leaves(house, "campaign.submitted")) == 1


def test_a_campaign_whose_messages_all_lie_in_files_is_not_said_to_have_been_sent(ready, notify):
    take_files(ready, AUTHOR, DRAFT.id)
    with pytest.raises(Conflict, match=f"All its messages are in files that were taken: .*{LETTERS}"):
        send(ready, AUTHOR, DRAFT.id, templates=notify.ids)
    assert load_campaign(ready, DRAFT.id).begun is None
    assert leaves(ready, "sending.started") == []


def test_each_file_is_a_disclosure_and_holds_nobody_it_must_not(ready, town):
    files = take_files(ready, AUTHOR, DRAFT.id)
    told = leaves(ready, "data.exported")
    assert [leaf["detail"]["file"] for leaf in told] == list(files)
    assert [leaf["detail"]["rows"] for leaf in told] == [frame.height for frame in files.values()]
    text = " ".join(frame.write_json() for frame in files.values()).upper()
    planted = town.planted
    for uprn in (planted.fled_home, planted.refuge_home, town.person(planted.dead)["uprn"]):
        assert town.home(uprn)["address"].upper() not in text
    for person in (planted.dead, planted.objector):
        one = town.person(person)
        assert f"{one['given']} {one['family']}".upper() not in text


def test_leaflets_and_partners_get_no_name(ready):
    files = take_files(ready, AUTHOR, DRAFT.id, ["door-drop", "partners"])
    assert files["door-drop"].columns == ["sector", "homes_in_areas", "homes_in_sector"]
    assert files["door-drop"]["homes_in_areas"].sum() > 500
    assert files["partners"].columns == ["area", "name", "language", "people", "messenger", "subject", "message"]
    with pytest.raises(NotFound, match="Nobody is in the file letters-to-mars"):
        take_files(ready, AUTHOR, DRAFT.id, ["letters-to-mars"])


@pytest.mark.parametrize("act", [prepare, take_files, send])
def test_whoever_may_send_nothing_learns_nothing_of_the_state(waiting, act):
    with pytest.raises(Refused) as refused:
        act(waiting, cast.ANALYST, DRAFT.id)
    assert refused.value.where.rule != "approved"


@pytest.mark.parametrize("actor", [cast.PLANNER, DPO, cast.DIRECTOR, cast.ANALYST], ids=lambda one: one.login)
def test_other_roles_neither_take_nor_settle_a_file(ready, actor):
    take_files(ready, AUTHOR, DRAFT.id, [LETTERS])
    for act in (take_files, lambda *given: hand_over(*given, LETTERS), lambda *given: put_away(*given, LETTERS)):
        with pytest.raises(Refused):
            act(ready, actor, DRAFT.id)


def test_a_campaign_that_goes_by_files_alone_is_sent_counted_and_measured(ready, areas):
    taken = take_files(ready, AUTHOR, DRAFT.id, [LETTERS, "door-drop"])
    assert counts(ready) == {("letter", "in-file"): taken[LETTERS].height}
    hand_over(ready, AUTHOR, DRAFT.id, LETTERS)
    after = hand_over(ready, AUTHOR, DRAFT.id, "door-drop")
    assert after.state is State.SENT
    assert counts(ready) == {("letter", "handed-over"): taken[LETTERS].height}
    assert view(ready, AUTHOR, DRAFT.id).messages == taken[LETTERS].height
    told = leaves(ready, "file.handed-over")
    assert [(leaf["login"], leaf["detail"]["file"], leaf["detail"]["rows"]) for leaf in told] == [
        (AUTHOR.login, name, taken[name].height) for name in (LETTERS, "door-drop")
    ]
    days = [ready.clock.now().date() - timedelta(days=7), ready.clock.now().date()]
    rows = [(area, day, 5.0) for area in (*areas, "X1", "X2") for day in days]
    outcome = pl.DataFrame(rows, schema=["area", "date", "value"], orient="row")
    assert measure(ready, AUTHOR, DRAFT.id, outcome).written_to == len(areas)


def test_figures_of_days_to_come_tell_nothing_of_an_effect(ready, areas):
    take_files(ready, AUTHOR, DRAFT.id, ["door-drop"])
    hand_over(ready, AUTHOR, DRAFT.id, "door-drop")
    rows = [(area, ready.clock.now().date() + timedelta(days=1), 5.0) for area in (*areas, "X1", "X2")]
    outcome = pl.DataFrame(rows, schema=["area", "date", "value"], orient="row")
    with pytest.raises(BadInput, match="are of days to come"):
        measure(ready, AUTHOR, DRAFT.id, outcome)


def test_a_file_that_was_not_taken_or_is_settled_cannot_be_handed_over(ready):
    with pytest.raises(NotFound, match="is not out"):
        hand_over(ready, AUTHOR, DRAFT.id, LETTERS)
    take_files(ready, AUTHOR, DRAFT.id, [LETTERS])
    hand_over(ready, AUTHOR, DRAFT.id, LETTERS)
    with pytest.raises(NotFound, match="is not out"):
        put_away(ready, AUTHOR, DRAFT.id, LETTERS)


def test_the_same_letters_are_out_as_one_kind_of_file_at_a_time(ready):
    taken = take_files(ready, AUTHOR, DRAFT.id)
    assert LETTERS in taken
    assert [name for name in taken if name.startswith("notify-letter-")] == []
    with pytest.raises(Conflict, match=f"The letters of {TWIN} are in the file {LETTERS}, which is out"):
        take_files(ready, AUTHOR, DRAFT.id, [TWIN])
    put_away(ready, AUTHOR, DRAFT.id, LETTERS)
    assert take_files(ready, AUTHOR, DRAFT.id, [TWIN])[TWIN].height == taken[LETTERS].height
    assert LETTERS not in take_files(ready, AUTHOR, DRAFT.id)


def test_both_kinds_of_letters_are_not_taken_together(ready):
    with pytest.raises(Conflict, match="hold the same letters"):
        take_files(ready, AUTHOR, DRAFT.id, [LETTERS, TWIN])
    assert leaves(ready, "data.exported") == []


def test_of_two_who_take_the_two_kinds_of_letters_at_once_one_is_told(ready):
    meanwhile = replace(ready, store=Meanwhile(ready.store))
    meanwhile.store.before[Act.DATA_EXPORTED] = lambda: take_files(ready, LEAD, DRAFT.id, [LETTERS])
    with pytest.raises(Conflict, match=f"in the file {LETTERS}, which is out"):
        take_files(meanwhile, AUTHOR, DRAFT.id, [TWIN])
    assert list(load_campaign(ready, DRAFT.id).open_files) == [LETTERS]


@pytest.fixture
def both_kinds(ready, monkeypatch):
    """Take both, as in a campaign from before one kind was held to be enough."""
    monkeypatch.setattr(campaign_files, "check_one_kind", lambda *_: None)
    return take_files(ready, AUTHOR, DRAFT.id, [LETTERS, TWIN])


def test_a_letter_that_two_files_hold_is_handed_over_once(ready, both_kinds):
    taken = both_kinds
    hand_over(ready, AUTHOR, DRAFT.id, LETTERS)
    other = next(name for name in taken if name.startswith("notify-letter-"))
    with pytest.raises(Conflict, match=f"Of the {taken[other].height:,} messages in this file"):
        hand_over(ready, AUTHOR, DRAFT.id, other)
    out = {one.taken.file: one for one in rehearse(ready, AUTHOR, DRAFT.id).out}
    assert out[other].no_longer == taken[other].height
    put_away(ready, AUTHOR, DRAFT.id, other)
    assert counts(ready)["letter", "handed-over"] == taken[LETTERS].height


def test_a_letter_stays_in_the_file_that_is_out_when_its_twin_is_put_away(ready, both_kinds):
    taken = both_kinds
    twin = next(name for name in taken if name.startswith("notify-letter-"))
    put_away(ready, AUTHOR, DRAFT.id, twin)
    assert counts(ready)["letter", "in-file"] == taken[LETTERS].height
    hand_over(ready, AUTHOR, DRAFT.id, LETTERS)
    assert counts(ready)["letter", "handed-over"] == taken[LETTERS].height


def test_letters_can_go_again_once_both_files_that_hold_them_are_put_away(ready, both_kinds):
    taken = both_kinds
    twin = next(name for name in taken if name.startswith("notify-letter-"))
    for name in (LETTERS, twin):
        put_away(ready, AUTHOR, DRAFT.id, name)
    assert counts(ready)["letter", "withdrawn"] == taken[LETTERS].height
    assert rehearse(ready, AUTHOR, DRAFT.id).files[LETTERS].height == taken[LETTERS].height


def test_nobody_gets_a_message_by_a_file_and_by_sending_too(ready, notify):
    texts = take_files(ready, AUTHOR, DRAFT.id, [TEXTS])[TEXTS].height
    send(ready, AUTHOR, DRAFT.id, templates=notify.ids)
    assert {one.channel for one in notify.held} == {Channel.EMAIL}
    hand_over(ready, AUTHOR, DRAFT.id, TEXTS)
    send(ready, AUTHOR, DRAFT.id, templates=notify.ids)
    assert {one.channel for one in notify.held} == {Channel.EMAIL}
    assert counts(ready)["text", "handed-over"] == texts
    assert TEXTS not in rehearse(ready, AUTHOR, DRAFT.id).files


def test_who_is_in_a_file_that_was_put_away_can_be_sent_to(ready, notify):
    texts = take_files(ready, AUTHOR, DRAFT.id, [TEXTS])[TEXTS].height
    put_away(ready, AUTHOR, DRAFT.id, TEXTS)
    assert load_campaign(ready, DRAFT.id).state is State.APPROVED
    send(ready, AUTHOR, DRAFT.id, templates=notify.ids)
    assert counts(ready)["text", "accepted"] == texts
    assert max(notify.recipients.values()) == 1


def test_a_file_is_taken_again_as_things_stand_and_counts_once(ready):
    first = take_files(ready, AUTHOR, DRAFT.id)
    again = take_files(ready, AUTHOR, DRAFT.id)
    assert {name: frame.height for name, frame in again.items()} == {n: f.height for n, f in first.items()}
    filed = sum(number for (_, state), number in counts(ready).items() if state == "in-file")
    assert filed == prepare(ready, AUTHOR, DRAFT.id, {"text": "x", "email": "x"}).left.height


@pytest.mark.parametrize("first", [hand_over, put_away])
@pytest.mark.parametrize("second", [hand_over, put_away])
def test_of_two_who_settle_a_file_at_once_one_is_told(ready, first, second):
    taken = take_files(ready, AUTHOR, DRAFT.id, ["partners", LETTERS])
    meanwhile = replace(ready, store=Meanwhile(ready.store))
    for name in taken:
        act = Act.FILE_HANDED_OVER if second is hand_over else Act.FILE_PUT_AWAY
        meanwhile.store.before[act] = lambda name=name: first(ready, LEAD, DRAFT.id, name)
        with pytest.raises(Conflict, match="at the same moment"):
            second(meanwhile, AUTHOR, DRAFT.id, name)
    settled = [one for one in load_campaign(ready, DRAFT.id).steps if one.step in {Step.HAND_OVER, Step.PUT_AWAY}]
    assert [one.by for one in settled] == [LEAD.login] * 2


@pytest.mark.parametrize("names", [[LETTERS], ["partners"], []])
def test_of_two_who_take_a_file_at_once_one_is_told(ready, names):
    meanwhile = replace(ready, store=Meanwhile(ready.store))
    meanwhile.store.before[Act.DATA_EXPORTED] = lambda: take_files(ready, LEAD, DRAFT.id, names)
    with pytest.raises(Conflict, match=r"at the same moment|just now"):
        take_files(meanwhile, AUTHOR, DRAFT.id, names)
    assert {one.by for one in load_campaign(ready, DRAFT.id).open_files.values()} == {LEAD.login}


def test_a_file_is_taken_by_one_while_another_hands_it_over(ready):
    take_files(ready, AUTHOR, DRAFT.id, ["partners"])
    meanwhile = replace(ready, store=Meanwhile(ready.store))
    meanwhile.store.before[Act.DATA_EXPORTED] = lambda: hand_over(ready, LEAD, DRAFT.id, "partners")
    with pytest.raises(Conflict, match="at the same moment"):
        take_files(meanwhile, AUTHOR, DRAFT.id, ["partners"])
    assert "partners" not in load_campaign(ready, DRAFT.id).open_files


def test_where_nobody_is_left_for_a_file_that_is_said(ready, monkeypatch):
    monkeypatch.setattr(campaign_files, "_files", lambda *_: {})
    with pytest.raises(NotFound, match="no file to take"):
        take_files(ready, AUTHOR, DRAFT.id)
    assert leaves(ready, "data.exported") == []


def test_nothing_is_made_ready_for_a_file_that_is_refused(waiting):
    made = []
    with pytest.raises(Refused):
        take_files(waiting, AUTHOR, DRAFT.id, make_room=lambda: made.append("a folder"))
    approve(waiting, LEAD, DRAFT.id)
    with pytest.raises(NotFound):
        take_files(waiting, AUTHOR, DRAFT.id, ["letters-to-mars"], make_room=lambda: made.append("a folder"))
    assert made == []
    take_files(waiting, AUTHOR, DRAFT.id, make_room=lambda: made.append("a folder"))
    assert made == ["a folder"]


def test_a_death_that_comes_after_a_file_was_taken_is_counted_until_it_is_taken_again(ready):
    taken = take_files(ready, AUTHOR, DRAFT.id, [TEXTS, "partners"])
    assert [(one.taken.file, one.no_longer, one.note) for one in rehearse(ready, AUTHOR, DRAFT.id).out] == [
        (name, 0, "") for name in taken
    ]
    ready.clock.move(timedelta(minutes=1))
    dead = taken[TEXTS]["phone number"].str.replace("^0", "+44").head(2).to_list()
    load_anew(
        ready,
        lambda people: people.with_columns(
            died_on=pl.when(pl.col("phone").is_in(dead)).then(pl.lit(TODAY)).otherwise("died_on")
        ),
    )
    texts, partners = rehearse(ready, AUTHOR, DRAFT.id).out
    assert texts.no_longer == 2
    assert f"2 of its {taken[TEXTS].height} messages must not be sent any more" in texts.note
    assert (partners.no_longer, partners.reloaded) == (0, True)
    assert "have changed since it was taken" in partners.note
    put_away(ready, AUTHOR, DRAFT.id, TEXTS)
    again = take_files(ready, AUTHOR, DRAFT.id, [TEXTS])[TEXTS]
    assert again.height == taken[TEXTS].height - 2
    assert {one.taken.file: one.note for one in rehearse(ready, AUTHOR, DRAFT.id).out}[TEXTS] == ""


def test_what_left_before_a_stop_is_recorded_after_it(ready):
    take_files(ready, AUTHOR, DRAFT.id, [LETTERS])
    stop(ready, LEAD, DRAFT.id, "The figures were wrong.")
    with pytest.raises(Conflict, match="stopped"):
        take_files(ready, AUTHOR, DRAFT.id, [LETTERS])
    assert hand_over(ready, AUTHOR, DRAFT.id, LETTERS).state is State.STOPPED
    assert {state for _, state in counts(ready)} == {"handed-over"}


# The end


def test_none_is_closed_while_a_file_is_out(ready):
    taken = take_files(ready, AUTHOR, DRAFT.id, [LETTERS, "partners"])
    hand_over(ready, AUTHOR, DRAFT.id, "partners")
    with pytest.raises(Conflict, match="file letters-to-print is out"):
        close(ready, AUTHOR, DRAFT.id)
    assert load_campaign(ready, DRAFT.id).state is State.SENT
    hand_over(ready, AUTHOR, DRAFT.id, LETTERS)
    assert close(ready, AUTHOR, DRAFT.id).state is State.CLOSED
    assert counts(ready) == {("letter", "handed-over"): taken[LETTERS].height}


def test_none_is_closed_of_which_a_file_is_taken_meanwhile(ready):
    take_files(ready, AUTHOR, DRAFT.id, [LETTERS])
    hand_over(ready, AUTHOR, DRAFT.id, LETTERS)
    meanwhile = replace(ready, store=Meanwhile(ready.store))
    meanwhile.store.before[Act.CAMPAIGN_CLOSED] = lambda: take_files(ready, AUTHOR, DRAFT.id, ["partners"])
    with pytest.raises(Conflict, match="file partners is out"):
        close(meanwhile, AUTHOR, DRAFT.id)
    assert load_campaign(ready, DRAFT.id).state is State.SENT


@pytest.fixture
def closed(ready, notify):
    send(ready, AUTHOR, DRAFT.id, templates=notify.ids)
    close(ready, AUTHOR, DRAFT.id)
    return ready


def test_g15_destroying_takes_a_second_person_one_of_them_the_dpo(closed):
    with pytest.raises(Refused):
        destroy(closed, AUTHOR, DRAFT.id)
    with pytest.raises(Refused, match="must be the data protection officer"):
        destroy(closed, cast.PLANNER, DRAFT.id)
    assert destroy(closed, DPO, DRAFT.id).state is State.DESTROYED


def test_g15_the_dpo_who_closed_it_does_not_destroy_it_alone(ready):
    stop(ready, LEAD, DRAFT.id, "The figures were wrong.")
    close(ready, DPO, DRAFT.id)
    with pytest.raises(Refused, match="second person"):
        destroy(ready, DPO, DRAFT.id)
    assert destroy(ready, cast.PLANNER, DRAFT.id).state is State.DESTROYED


def test_g6_key_and_files_are_gone_with_a_receipt_and_the_counts_stay(closed):
    file, before = closed.store.current(written_to(DRAFT.id)), counts(closed)
    mandate = f"campaign-{DRAFT.id}"
    done = destroy(closed, DPO, DRAFT.id)
    receipt = receipt_of_campaign(closed, done)
    assert (receipt.mandate, [one for one, _ in receipt.files]) == (mandate, [file.id])
    assert closed.store.mandate(mandate).destroyed_at is not None
    assert closed.store.current(written_to(DRAFT.id)) is None
    with pytest.raises((IntegrityBroken, Refused)):
        closed.vault.read(file, file.columns, permit=make_permit(file.dataset, now=closed.clock.now()))
    assert counts(closed) == before
    assert leaves(closed, "data.destroyed")[-1]["detail"]["mandate"] == mandate
    assert verify_ledger(closed)


def test_a_status_that_comes_back_after_the_destruction_is_still_counted(closed, notify):
    destroy(closed, DPO, DRAFT.id)
    one = notify.held[0]
    assert hear(closed, Report(one.reference, notify.id_of(one.reference), "delivered"))
    assert closed.store.messages_named([one.reference])[0].state is MessageState.DELIVERED
    notify.statuses[notify.held[1].reference] = "permanent-failure"
    assert ask(closed, AUTHOR, DRAFT.id).changed == 1
    assert view(closed, AUTHOR, DRAFT.id).messages == len(notify.held)


def test_a_crash_before_the_receipt_is_made_good_when_the_house_opens(closed, monkeypatch):
    def crash(_house):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ending, "finish_destruction", crash)
        with pytest.raises(KeyboardInterrupt):
            destroy(closed, DPO, DRAFT.id)
    assert receipt_of_campaign(closed, load_campaign(closed, DRAFT.id)) is None
    assert len(destruction.finish_destruction(closed)) == 1
    assert destruction.finish_destruction(closed) == []
    assert receipt_of_campaign(closed, load_campaign(closed, DRAFT.id)) is not None


def test_a_campaign_that_was_only_closed_keeps_what_it_holds_until_the_second_person(closed):
    assert destruction.finish_destruction(closed) == []
    assert closed.store.current(written_to(DRAFT.id)) is not None
