"""Review: blind pairs, labels that stay and can be taken back, figures that follow, and nobody's hidden home."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl
import pytest

from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Refused
from wardkeeper.kernel.ids import Login
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.residents.verdicts import Verdict, settle
from wardkeeper.usecases import datasets, label_log
from wardkeeper.usecases.label_log import gather
from wardkeeper.usecases.link_residents import link_residents
from wardkeeper.usecases.record_label import join, record, split, undo
from wardkeeper.usecases.review_pairs import FIELDS, PairCard, queue, show_pair
from wardkeeper.usecases.view_linking import export_linking, view_linking

OTHER = replace(cast.ANALYST, login=Login("second@trafford.example"), name="Second Analyst")


def read(house, dataset):
    file = house.store.current(dataset)
    return house.vault.read(file, list(file.columns), permit=make_permit(dataset, now=house.clock.now()))


def pairs(house):
    return read(house, datasets.PAIRS_TO_REVIEW).sort("turn")


def labels(house):
    return gather(read(house, name) for name in label_log.logs(house))


def label_truly(house, town, number=200):
    """Label the drawn pairs by the truth."""
    people = dict(town.truth.select("record_id", "person_id").iter_rows())
    for pair in pairs(house).head(number).iter_rows(named=True):
        same = people[pair["left"]] == people[pair["right"]]
        record(house, cast.ANALYST, pair["pair_id"], Verdict.SAME if same else Verdict.DIFFERENT)


def plain(text):
    return f" {re.sub(r'[^0-9A-Z]+', ' ', str(text).upper()).strip()} "


class TestBlind:
    def test_a_pair_shows_two_records_and_no_opinion(self, house):
        shown = show_pair(house, cast.ANALYST, queue(house, cast.ANALYST).next_id)
        assert set(PairCard.__slots__) == {"pair_id", "headings", "left", "right"}
        assert len(shown.left.values) == len(shown.right.values) == len(FIELDS)
        assert shown.left.values[0]
        assert shown.right.values[0]

    def test_the_id_in_the_address_tells_nothing(self, house):
        waiting = queue(house, cast.ANALYST).waiting
        assert all(re.fullmatch(r"pair-[0-9a-z]{12}", one) for one in waiting)

    def test_a_pair_of_an_earlier_linking_is_gone_in_words(self, house):
        pair = queue(house, cast.ANALYST).next_id
        link_residents(house, cast.ANALYST)
        with pytest.raises(NotFound, match="joined anew"):
            show_pair(house, cast.ANALYST, pair)

    @pytest.mark.parametrize("actor", [cast.PLANNER, cast.DPO, cast.CREW, cast.CONTROL], ids=lambda one: one.login)
    def test_only_an_analyst_reviews(self, house, actor):
        pair = queue(house, cast.ANALYST).next_id
        for ask in (
            lambda: queue(house, actor),
            lambda: show_pair(house, actor, pair),
            lambda: record(house, actor, pair, Verdict.SAME),
        ):
            with pytest.raises(Refused):
                ask()
        assert label_log.logs(house) == []

    @pytest.mark.parametrize("purpose", ["debt-recovery", "fraud"])
    def test_g9_nobody_reviews_for_another_purpose(self, house, purpose):
        with pytest.raises(Refused):
            queue(house, cast.ANALYST, purpose=purpose)


class TestLabels:
    def test_a_label_is_kept_with_who_and_when_and_how_the_pair_was_drawn(self, house):
        pair = pairs(house).row(0, named=True)
        label = record(house, cast.ANALYST, pair["pair_id"], Verdict.SAME)
        row = labels(house).row(0, named=True)
        assert (row["label_id"], row["left"], row["right"], row["verdict"]) == (
            label,
            pair["left"],
            pair["right"],
            "same",
        )
        assert row["by"] == cast.ANALYST.login
        assert row["sampling"] == pytest.approx(pair["sampling"])

    def test_the_ledger_tells_that_it_was_done_and_names_no_record(self, house):
        pair = pairs(house).row(0, named=True)
        record(house, cast.ANALYST, pair["pair_id"], Verdict.SAME)
        leaves = [json.loads(leaf) for leaf in house.store.leaves()]
        (leaf,) = [leaf for leaf in leaves if leaf["type"] == "pair.labelled"]
        assert leaf["login"] == cast.ANALYST.login
        assert re.fullmatch("[0-9a-f]{32}", leaf["subject"])
        assert pair["left"] not in json.dumps(leaves)

    def test_the_next_pair_is_another_one(self, house):
        before = queue(house, cast.ANALYST)
        record(house, cast.ANALYST, before.next_id, Verdict.UNSURE)
        after = queue(house, cast.ANALYST)
        assert after.next_id == before.waiting[1]
        assert after.progress.drawn_done == 1
        assert [one.verdict for one in after.said] == [Verdict.UNSURE]

    def test_a_label_can_be_taken_back_and_both_stay_in_the_log(self, house):
        pair = queue(house, cast.ANALYST).next_id
        undo(house, cast.ANALYST, record(house, cast.ANALYST, pair, Verdict.SAME))
        assert labels(house)["verdict"].to_list() == ["same", "undone"]
        assert settle(labels(house)).is_empty()
        assert queue(house, cast.ANALYST).next_id == pair

    def test_nobody_takes_back_what_another_said(self, house):
        label = record(house, cast.ANALYST, queue(house, cast.ANALYST).next_id, Verdict.SAME)
        with pytest.raises(Conflict, match="Somebody else said this"):
            undo(house, OTHER, label)

    def test_a_second_person_is_shown_what_the_first_was_unsure_of(self, house):
        pair = queue(house, cast.ANALYST).next_id
        record(house, cast.ANALYST, pair, Verdict.UNSURE)
        drawn = pairs(house).filter(pl.col("sampling").is_not_null())
        for one in drawn["pair_id"]:
            if one != pair:
                record(house, cast.ANALYST, one, Verdict.SAME)
        assert pair in queue(house, OTHER, waiting=300).waiting
        assert len([one for one in queue(house, OTHER, waiting=300).waiting if one in set(drawn["pair_id"])]) > 30

    def test_two_who_disagree_settle_nothing_and_it_shows(self, house):
        pair = queue(house, cast.ANALYST).next_id
        record(house, cast.ANALYST, pair, Verdict.SAME)
        record(house, OTHER, pair, Verdict.DIFFERENT)
        report = view_linking(house, cast.ANALYST)
        assert (report.disputed, report.labels) == (1, 0)
        assert (report.agreement.looked_at_twice, report.agreement.agreed) == (1, 0)

    def test_two_who_write_at_once_are_both_kept(self, house):
        table = pairs(house).with_columns(
            log=pl.col("left").str.extract("^([^:]+)") + pl.col("right").str.extract("^([^:]+)")
        )
        busiest = table.filter(pl.len().over("log") == pl.len().over("log").max())["pair_id"].head(8).to_list()
        with ThreadPoolExecutor(4) as people:
            list(people.map(lambda pair: record(house, cast.ANALYST, pair, Verdict.SAME), busiest))
        assert labels(house).height == len(busiest)

    def test_undone_is_no_answer(self, house):
        with pytest.raises(BadInput, match="is no answer"):
            record(house, cast.ANALYST, queue(house, cast.ANALYST).next_id, Verdict.UNDONE)


class TestFigures:
    def test_figures_follow_the_labels(self, house, town):
        before = view_linking(house, cast.ANALYST)
        assert before.labels == 0
        label_truly(house, town)
        after = view_linking(house, cast.ANALYST)
        whole, unlabelled = after.errors[0], before.errors[0]
        assert after.labels == 200
        assert whole.recall.high - whole.recall.low < unlabelled.recall.high - unlabelled.recall.low
        people = dict(town.truth.select("record_id", "person_id").iter_rows())
        joined = pl.DataFrame(read(house, datasets.LINKS))
        right = sum(people[one] == people[other] for one, other in joined.select("left", "right").iter_rows())
        assert whole.precision.value == pytest.approx(right / joined.height, abs=0.03)

    def test_a_dpo_sees_counts_and_a_crew_nothing(self, house):
        assert view_linking(house, cast.DPO).errors[0].pairs > 0
        with pytest.raises(Refused):
            view_linking(house, cast.CREW)

    def test_an_export_is_on_the_ledger(self, house):
        table = export_linking(house, cast.ANALYST)
        assert table["by"][0] == "All people"
        (leaf,) = [leaf for leaf in map(json.loads, house.store.leaves()) if leaf["type"] == "data.exported"]
        assert leaf["detail"]["rows"] == table.height


class TestLinkingAgain:
    """What is said counts at the next linking."""

    def test_two_people_are_parted_and_one_person_is_joined(self, house):
        table = pairs(house)
        held, apart = (table.filter(pl.col("joined") == joined).row(0, named=True) for joined in (True, False))
        record(house, cast.ANALYST, held["pair_id"], Verdict.DIFFERENT)
        record(house, cast.ANALYST, apart["pair_id"], Verdict.SAME)
        assert link_residents(house, cast.ANALYST).labels == 2
        resident = dict(read(house, datasets.MEMBERSHIP).iter_rows())
        assert resident[held["left"]] != resident[held["right"]]
        assert resident[apart["left"]] == resident[apart["right"]]
        assert read(house, datasets.ID_CHANGES).height > 0

    def test_taking_it_back_puts_all_as_it_was_ids_included(self, house):
        before = read(house, datasets.MEMBERSHIP).sort("record_id")
        table = pairs(house).filter("joined")
        label = record(house, cast.ANALYST, table["pair_id"][0], Verdict.DIFFERENT)
        link_residents(house, cast.ANALYST)
        assert not read(house, datasets.MEMBERSHIP).sort("record_id").equals(before)
        undo(house, cast.ANALYST, label)
        link_residents(house, cast.ANALYST)
        after = read(house, datasets.MEMBERSHIP).sort("record_id")
        assert groups(after) == groups(before)
        kept = after.join(before, on=["record_id", "resident_id"], how="semi").height
        assert kept >= before.height - 2

    def test_what_disagrees_changes_nothing(self, house):
        pair = pairs(house).filter("joined").row(0, named=True)
        record(house, cast.ANALYST, pair["pair_id"], Verdict.DIFFERENT)
        record(house, OTHER, pair["pair_id"], Verdict.SAME)
        assert link_residents(house, cast.ANALYST).labels == 0

    def test_figures_do_not_improve_by_marking_the_labelled_pairs_right(self, house, town):
        """The linking has heard the labels, so on those pairs it no longer errs: what it did before is what counts."""
        label_truly(house, town)
        before = view_linking(house, cast.ANALYST)
        link_residents(house, cast.ANALYST)
        after = view_linking(house, cast.ANALYST)
        assert after.labels == before.labels
        assert after.errors[0].precision.value == pytest.approx(before.errors[0].precision.value, abs=0.015)
        assert after.errors[0].recall.value == pytest.approx(before.errors[0].recall.value, abs=0.015)


def groups(membership):
    return {frozenset(ids) for ids in membership.group_by("resident_id").agg("record_id")["record_id"].to_list()}


class TestHidden:
    def test_g17_no_pair_shows_a_hidden_home_or_anybody_in_it(self, house, town):
        """Every pair there is to review is opened, and searched for the two hidden homes and for her name."""
        words = [
            plain(town.home(uprn)["address"].split(",")[0])
            for uprn in (town.planted.fled_home, town.planted.refuge_home)
        ]
        people = read(house, datasets.PAIRS_TO_REVIEW)
        records = pl.concat(read(house, file.dataset) for file in house.store.currents("records/"))
        shown = records.filter(pl.col("record_id").is_in(pl.concat([people["left"], people["right"]]).implode()))
        assert shown.height > 300
        text = plain(
            " ".join(str(value) for row in shown.select([name for name, _ in FIELDS]).iter_rows() for value in row)
        )
        assert [word for word in words if word in text] == []
        hidden = records.filter(pl.col("home_id") == f"uprn:{town.planted.fled_home}")
        assert hidden.height > 0
        assert hidden.join(shown, on="record_id", how="semi").is_empty()

    def test_g17_a_record_that_became_protected_since_is_not_shown(self, house):
        pair = queue(house, cast.ANALYST).next_id
        row = pairs(house).filter(pl.col("pair_id") == pair).row(0, named=True)
        protect(house, row["left"])
        with pytest.raises(NotFound):
            show_pair(house, cast.ANALYST, pair)


def protect(house, record_id):
    """Seal the source's records anew with this one protected."""
    dataset = datasets.records(label_log.source_of(record_id))
    file = house.store.current(dataset)
    frame = read(house, dataset).with_columns(
        protected=pl.when(pl.col("record_id") == record_id).then(pl.lit(value=True)).otherwise("protected")
    )
    permit = make_permit(dataset, now=house.clock.now())
    sealed = house.vault.write(frame, dataset=dataset, mandates=file.mandates, parents=[file.id], permit=permit)
    with house.store.write(leaf_of(house)) as writer:
        writer.set_current(sealed)


def leaf_of(house):
    return Leaf(Act.DELIVERY_LOADED, house.clock.now(), "test", "trafford-council")


class TestCorrections:
    def test_parting_says_different_of_each_pair_across(self, house):
        members = read(house, datasets.MEMBERSHIP)
        resident, records = (
            members.group_by("resident_id").agg("record_id").filter(pl.col("record_id").list.len() == 3).row(0)
        )
        found = split(house, cast.ANALYST, resident, records[:1])
        assert len(found) == 2
        assert set(labels(house)["verdict"]) == {"different"}
        assert labels(house)["sampling"].null_count() == 2

    def test_joining_says_same_of_one_pair(self, house):
        shown = read(house, datasets.RESIDENTS).filter(~pl.col("protected"))["resident_id"].to_list()
        join(house, cast.ANALYST, shown[0], shown[1])
        assert labels(house)["verdict"].to_list() == ["same"]

    def test_g17_a_protected_person_is_neither_joined_nor_parted(self, house):
        shown = read(house, datasets.RESIDENTS)
        hers = shown.filter("protected")["resident_id"][0]
        other = shown.filter(~pl.col("protected"))["resident_id"][0]
        for ask in (lambda: join(house, cast.ANALYST, hers, other), lambda: split(house, cast.ANALYST, hers, ["x:1"])):
            with pytest.raises(NotFound):
                ask()

    def test_what_is_not_the_residents_cannot_be_parted_from_it(self, house):
        resident = read(house, datasets.MEMBERSHIP)["resident_id"][0]
        with pytest.raises(BadInput):
            split(house, cast.ANALYST, resident, ["council-tax:none"])
