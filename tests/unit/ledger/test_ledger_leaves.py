import json
from datetime import UTC, datetime

from wardkeeper.ledger.leaves import Act, Leaf

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_a_leaf_has_one_byte_form_whatever_the_order_of_its_detail():
    first = Leaf(Act.READ, AT, "ana", "gm-fire", detail={"rows": 2, "columns": ["postcode", "needs"]})
    second = Leaf(Act.READ, AT, "ana", "gm-fire", detail={"columns": ["postcode", "needs"], "rows": 2})
    assert first.to_bytes() == second.to_bytes()


def test_a_leaf_is_compact_json_with_sorted_keys_in_utf_8():
    content = Leaf(Act.DECIDED, AT, "zoë", "gm-fire", "emergency-response", "dec-1", "5ab").to_bytes()
    assert (
        content
        == (
            '{"at":"2026-11-22T09:30:00.000000Z","decision":"dec-1","detail":{},"login":"zoë","organisation":"gm-fire",'
            '"purpose":"emergency-response","subject":"5ab","type":"decision.made","version":1}'
        ).encode()
    )
    assert json.loads(content)["login"] == "zoë"


def test_every_act_has_a_name_of_its_own():
    assert len({act.value for act in Act}) == len(Act)
