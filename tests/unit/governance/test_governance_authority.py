import pytest

from governance_facts import AUTHORITY, text_of
from wardkeeper.governance.authority import parse
from wardkeeper.governance.organisations import Category
from wardkeeper.kernel.errors import BadInput


def test_the_demonstrations_authority_is_read_whole():
    assert AUTHORITY.slug == "trafford-council"
    assert AUTHORITY.area_codes == {"E08000009"}
    assert AUTHORITY.categories == {
        "trafford-council": Category.AUTHORITY,
        "gm-fire": Category.CATEGORY_1,
        "red-cross": Category.VOLUNTARY,
    }
    assert "(demonstration)" in AUTHORITY.organisations["gm-fire"].name
    assert AUTHORITY.control_phone.startswith("0161 496 0"), "a number kept for drama"
    assert AUTHORITY.logins == {}
    assert AUTHORITY.demonstration is True


def test_operating_system_users_may_be_mapped_to_logins():
    text = text_of("authority.toml") + '[logins]\nduty = "planner"\n'
    assert parse(text, "authority.toml").logins == {"duty": "planner"}


def test_templates_of_notify_are_named_by_channel_and_language():
    text = text_of("authority.toml") + '[notify_templates]\ntext = "t"\n"text Polish" = "p"\n'
    assert parse(text, "authority.toml").notify_templates == {"text": "t", "text Polish": "p"}
    assert AUTHORITY.notify_templates == {}


def test_an_authority_is_real_unless_it_says_otherwise():
    text = text_of("authority.toml").replace("demonstration = true\n", "")
    assert parse(text, "authority.toml").demonstration is False


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"E08000009"', '"E05000009"', "'area_codes' names 'E05000009', which is no district"),
        ('"E08000009"', '"Trafford"', "'area_codes' names 'Trafford', which is no district"),
        ('category = "category-1"', 'category = "authority"', "must hold 'trafford-council', and only it"),
        ('category = "authority"', 'category = "category-1"', "must hold 'trafford-council', and only it"),
        ('slug = "red-cross"', 'slug = "gm-fire"', "'organisations.3.slug' repeats 'gm-fire'"),
        ('category = "voluntary"', 'category = "kind"', "'organisations.3.category' has the unknown value 'kind'"),
        ("control_phone", "control_fax", "'contacts.control_phone' is missing"),
        ("[contacts]", '[contacts]\nfax = "1"', "'contacts.fax' is not known here"),
        ('name = "Trafford Council', 'motto = "x"\nname = "Trafford Council', "'motto' is not known here"),
    ],
)
def test_a_faulty_authority_is_refused(old, new, message):
    text = text_of("authority.toml")
    assert old in text
    with pytest.raises(BadInput) as caught:
        parse(text.replace(old, new, 1), "authority.toml")
    assert message in caught.value.message
