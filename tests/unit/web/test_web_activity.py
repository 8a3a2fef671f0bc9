"""The activity record as a page."""

import pytest

from wardkeeper.usecases import verify_ledger, view_activity
from wardkeeper.usecases.verify_ledger import Verification
from wardkeeper.usecases.view_activity import ActivityLine
from web_house import MORNING, words_of


def page_of(acts, before):
    return [act for act in acts if before is None or act.number < before]


class TestActivity:
    @pytest.fixture(autouse=True)
    def acts(self, monkeypatch):
        acts = [
            ActivityLine(
                9, MORNING, "asha", "trafford-council", "data.read", "emergency-response", "dec-1", {"rows": 14}
            ),
            ActivityLine(8, MORNING, "", "", "session.refused", "", "", {}),
            ActivityLine(
                7, MORNING, "asha", "trafford-council", "future.act", "", "", {"datasets": ["a", "b"], "x": None}
            ),
        ]
        monkeypatch.setattr(view_activity, "recent", lambda house, actor, limit, before: page_of(acts, before))

    def test_says_who_did_what_for_which_purpose(self, dpo, monkeypatch):
        monkeypatch.setattr(verify_ledger, "verify_ledger", lambda house: Verification(1204, verified=True))
        words = words_of(dpo.get("/activity").text)
        assert "9 22 Nov 2026, 9:30am asha trafford-council Read data emergency-response rows 14" in words
        assert "Nobody signed in Failed to sign in" in words
        assert "future.act" in words
        assert "datasets a, b" in words
        assert "All 1,204 entries were checked just now" in words

    def test_a_record_that_does_not_verify_is_a_warning(self, dpo, monkeypatch):
        broken = Verification(17, verified=False, problem="Leaf 18 was changed.")
        monkeypatch.setattr(verify_ledger, "verify_ledger", lambda house: broken)
        words = words_of(dpo.get("/activity").text)
        assert (
            "The activity record does not verify. Leaf 18 was changed. Tell the data protection officer now." in words
        )
        assert "nothing was changed" not in words

    @pytest.mark.parametrize(
        ("address", "links"),
        [
            ("/activity", ['href="/activity?before=7"']),
            ("/activity?before=8", ['href="/activity?before=108"', 'href="/activity"', 'href="/activity?before=7"']),
            ("/activity?before=7", ['href="/activity?before=107"', 'href="/activity"']),
        ],
    )
    def test_comes_in_pages_from_the_newest_to_the_oldest(self, dpo, monkeypatch, address, links):
        monkeypatch.setattr(verify_ledger, "verify_ledger", lambda house: Verification(9, verified=True))
        page = dpo.get(address).text.split("<main")[1]
        assert [link for link in ALL_LINKS if f"{link} " in page or f"{link}>" in page] == links

    def test_a_page_number_that_is_none_is_told_plainly(self, dpo):
        assert dpo.get("/activity?before=yesterday").status_code == 400
        assert dpo.get("/activity?before=0").status_code == 400


ALL_LINKS = [f'href="/activity{query}"' for query in ("?before=108", "?before=107", "", "?before=7")]
