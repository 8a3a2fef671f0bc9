"""Words in; what they may single out, for a public-health lead to look at, out."""

from codecs import decode

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.singling import PATTERNS, Singled, find_singled, find_singled_in_translation
from wardkeeper.messages.wording import SINGLES_OUT, Fault, Wording, advise, check_wording

ASKED_ABOUT = [
    # Another language among the English.
    ("Get tested. مسلمان ٹیسٹ کروائیں", Singled.COMMUNITY, ("مسلمان",)),
    # Streets, in every way they are written.
    ("People on Chapel Road can get a test.", Singled.STREET, ("Chapel Road",)),
    ("Cases in St Anne's Mews and Oak Fold.", Singled.STREET, ("St Anne's Mews", "Oak Fold")),
    ("Cases in Northenden Rd and NORTHENDEN ROAD.", Singled.STREET, ("Northenden Rd", "NORTHENDEN ROAD")),
    ("Cases in Northenden\u00a0 \nRoad.", Singled.STREET, ("Northenden Road",)),
    ("Cases are high round St Marys Rd.", Singled.STREET, ("St Marys Rd",)),
    ("Did you visit the High St shops?", Singled.STREET, ("High St",)),
    ("Cases are high on elm road.", Singled.STREET, ("elm road",)),
    ("Anyone on chapel lane should test.", Singled.STREET, ("chapel lane",)),
    # Postcodes that stand for the people there.
    ("People in M33 2 should test.", Singled.POSTCODE, ("People in M33 2",)),
    ("If you live in M33 2AA, test.", Singled.POSTCODE, ("live in M33 2AA",)),
    ("M33 residents should test.", Singled.POSTCODE, ("M33 residents",)),
    ("Postcode M thirty-three is affected.", Singled.POSTCODE, ("Postcode M thirty-three",)),
    ("M thirty three homes should boil water.", Singled.POSTCODE, ("M thirty three homes",)),
    ("Postcodes starting with M should test.", Singled.POSTCODE, ("Postcodes starting",)),
    ("Cases in M33 6HN", Singled.POSTCODE, ("Cases in M33 6HN",)),
    ("Measles is spreading around M33.", Singled.POSTCODE, ("Measles is spreading around M33",)),
    ("Rates are very high near M33 6HN.", Singled.POSTCODE, ("Rates are very high near M33 6HN",)),
    ("M33 6HN has more cases.", Singled.POSTCODE, ("M33 6HN has",)),
    # Estates.
    ("Tests for Sale West Estate.", Singled.ESTATE, ("Sale West Estate",)),
    ("If you live on the estate, test.", Singled.ESTATE, ("the estate",)),
    ("Empress Court is affected.", Singled.ESTATE, ("Empress Court",)),
    ("People in the tower block should test.", Singled.ESTATE, ("tower block",)),
    # Settings.
    ("Did you eat at Acme Foods?", Singled.SETTING, ("Acme Foods",)),
    ("Cases at St Mary's Primary School.", Singled.SETTING, ("St Mary's Primary School",)),
    ("We ask parents of Moorside to test.", Singled.SETTING, ("parents of Moorside",)),
    ("Workers at the meat plant should test.", Singled.SETTING, ("Workers at the meat",)),
    ("Free tests at St Paul's Church hall.", Singled.SETTING, ("St Paul's Church",)),
    ("Cases in three care homes.", Singled.SETTING, ("care homes",)),
    ("Cases at the Trafford Warehouse.", Singled.SETTING, ("Trafford Warehouse", "Warehouse")),
    # Peoples, faiths and groups.
    ("Somali families, and Nigerians, should test.", Singled.COMMUNITY, ("Somali", "Nigerians")),
    ("Travellers and asylum seekers should test.", Singled.COMMUNITY, ("Travellers", "asylum seekers")),
    ("The Roma should test.", Singled.COMMUNITY, ("Roma",)),
    ("Slovakians and Georgians should test.", Singled.COMMUNITY, ("Slovakians", "Georgians")),
    ("Tests for polish families.", Singled.COMMUNITY, ("polish families",)),
    ("Tests for POLISH people.", Singled.COMMUNITY, ("POLISH",)),
    ("Eastern Europeans should test.", Singled.COMMUNITY, ("Eastern Europeans",)),
    ("If you were born abroad, test.", Singled.COMMUNITY, ("were born abroad",)),
    ("Cases are high in one community.", Singled.COMMUNITY, ("community",)),
    ("Leaders of the Somali community ask you to test.", Singled.COMMUNITY, ("community", "Somali")),
    ("Cases in Hasidic homes.", Singled.COMMUNITY, ("Hasidic",)),
    ("Haredi and ultra-orthodox families should test.", Singled.COMMUNITY, ("Haredi", "ultra-orthodox")),
    ("Cases are high in Sunni homes.", Singled.COMMUNITY, ("Sunni",)),
    ("Yoruba households should test.", Singled.COMMUNITY, ("Yoruba",)),
    ("Cases are high in black households.", Singled.COMMUNITY, ("black households",)),
    # A people that is in no table, before a word for people or homes.
    ("Tests for Mordovian families.", Singled.COMMUNITY, ("Mordovian",)),
    # Where people come from.
    ("People from Romania should test.", Singled.COMMUNITY, ("from Romania",)),
    ("If your family is from pakistan, test.", Singled.COMMUNITY, ("from pakistan",)),
    ("Anyone who has been to the Philippines should test.", Singled.COMMUNITY, ("to the Philippines",)),
    ("People back from Turkey should test.", Singled.COMMUNITY, ("from Turkey",)),
    ("Visitors from Sierra Leone should test.", Singled.COMMUNITY, ("from Sierra Leone",)),
    ("People from Eastern Europe should test.", Singled.COMMUNITY, ("from Eastern Europe",)),
    # What people do for their faith.
    ("Did you go to Friday prayers?", Singled.COMMUNITY, ("Friday prayers",)),
    ("Cases rose after church.", Singled.COMMUNITY, ("after church",)),
    ("Keep Ramadan gatherings small.", Singled.COMMUNITY, ("Ramadan",)),
    ("Take a test before Eid.", Singled.COMMUNITY, ("Eid",)),
    ("If you went to the temple, test.", Singled.COMMUNITY, ("temple", "went to the temple")),
    ("Did you attend mass?", Singled.COMMUNITY, ("attend mass",)),
    ("Cases followed a religious festival.", Singled.COMMUNITY, ("religious festival",)),
    ("Places of worship should open windows.", Singled.COMMUNITY, ("Places of worship",)),
    ("Do not share food at langar.", Singled.COMMUNITY, ("langar",)),
    # Words that are dodged.
    ("Cases on Chapel Ro\u200bad.", Singled.STREET, ("Chapel Road",)),
    ("Cases on Chapel\u2060 R\ufe00oad.", Singled.STREET, ("Chapel Road",)),
    ("Cases on Ch\u0430pel R\u03bf\u0430d.", Singled.STREET, ("Chapel Road",)),
    ("Cases on \uff23hapel Road.", Singled.STREET, ("Chapel Road",)),
    ("Paki\u200bstani people should test.", Singled.COMMUNITY, ("Pakistani",)),
    ("Rom\u0430nian people should test.", Singled.COMMUNITY, ("Romanian",)),
    ("Were you at the m.o.s.q.u.e?", Singled.COMMUNITY, ("mosque",)),
    ("Were you at the m o s q u e?", Singled.COMMUNITY, ("mosque",)),
    ("R-o-m-a families should test.", Singled.COMMUNITY, ("Roma",)),
    ("G*y*p*s*y families should test.", Singled.COMMUNITY, ("Gypsy",)),
]

PASSED_OVER = [
    "You can get a free test at Sale Town Hall. It opens at 9.",
    "Cases of infection are rising in your area. Please wash your hands often and open windows.",
    "Stay at home. Ring 111 if you feel worse.",
    "Boil your tap water.",
    "Do not eat the turkey sandwich sold on Monday.",
    "Free tests are at the church hall, 9am to 5pm.",
    "Free tests are at the community centre.",
    "Ask at any community pharmacy.",
    "Help keep our community safe.",
    "Ring us for this letter in Polish.",
    "This letter is there in Polish, Urdu or Arabic.",
    "We speak Romanian and Somali.",
    "Wash your hands before you polish the glasses.",
    "The test bus stands at the side of the road.",
    "Do not cross the road. Use the main road.",
    "The bus stops on every street.",
    "Patients at higher risk should ring us.",
    "We write to residents of this area.",
    "Sale Town Hall, Sale, M33 7ZF. Opens at 9.",
    "Mass testing begins on Monday.",
    "The N.H.S. gives free tests, e.g. at 9 a.m. or 5 p.m.",
    "Close your windows and go inside.",
    "Ask your doctor about German measles.",
    "Drink bottled water. Get it from the car park.",
    "Call the homeless team if you have no home.",
    "Ring us from 9 to 5, Monday to Friday.",
    "Bring a jar of jam and a chilled drink.",
    "Take the lift to floor two.",
    "Stay in for ten days.",
]


@pytest.mark.parametrize(("text", "what", "found"), ASKED_ABOUT)
def test_what_words_single_out(text, what, found):
    assert find_singled(text) == {what: found}


@pytest.mark.parametrize("text", PASSED_OVER)
def test_plain_words_single_out_nothing(text):
    assert find_singled(text) == {}


def test_names_of_the_reference_data_are_found_however_they_are_written():
    known = ["Moss Park Primary School", "St Mary's School", "Bright & Sons Ltd", "Sale School"]
    said = {
        "Cases at moss park.": ("Moss Park Primary School",),
        "Cases at ST. MARYS SCHOOL.": ("St Mary's School",),
        "Cases at Saint Mary's.": ("St Mary's School",),
        "Did you work at Bright & Sons?": ("Bright & Sons Ltd",),
        # One word alone may be the town itself.
        "Free tests in Sale.": (),
    }
    for text, found in said.items():
        assert set(find_singled(text, settings=known).get(Singled.SETTING, ())) >= set(found), text
    assert find_singled("Free tests in Sale.", settings=known) == {}


def test_streets_are_found_by_their_short_form():
    assert find_singled("test on saint annes ct or the pennine round", ["St Anne's Ct", "Pennine Round"]) == {
        Singled.STREET: ("Pennine Round", "St Anne's Ct")
    }


def test_streets_of_the_chosen_areas_are_found_by_name_whatever_they_are_called():
    assert find_singled("Test on the strand or PENNINE ROUND.", {"The Strand", "Pennine Round", "Moss"}) == {
        Singled.STREET: ("Pennine Round", "The Strand")
    }


def test_a_name_is_found_over_a_line_end_and_more_than_one_space():
    assert find_singled("Test at willow  bank\nhall.", settings=["Willow Bank Hall"]) == {
        Singled.SETTING: ("Willow Bank Hall",)
    }


def test_a_thing_said_twice_is_named_once():
    assert find_singled("Elm Road. ELM ROAD. Elm Road.", {"elm road"}) == {Singled.STREET: ("Elm Road",)}


def test_only_what_singles_out_must_be_acknowledged():
    advice = advise(Wording("Somali people on Elm Road: " + "go " * 30), [Channel.LETTER])
    assert {one.fault: one.must_acknowledge for one in advice} == {
        Fault.LONG_SENTENCE: False,
        Fault.HARD_TO_READ: False,
        Fault.NO_SUBJECT: False,
        Fault.NAMES_STREET: True,
        Fault.NAMES_COMMUNITY: True,
    }


def test_everything_that_may_be_singled_out_is_looked_for_and_has_its_fault():
    assert set(PATTERNS) == set(Singled)
    assert set(SINGLES_OUT) == set(Singled)


ENGLISH = "Get a free test at Sale Town Hall, M33 7ZF. Ring us for this letter in Polish."

TRANSLATED = [
    ("Zrób bezpłatny test w Sale Town Hall, M33 7ZF. Polish: 0161 496 0000.", {}),
    ("Polacy i muzułmanie powinni zrobić test.", {Singled.COMMUNITY: ("muzułmanie", "Polacy")}),
    ("Fă un test gratuit. Ţiganii şi ROMÂNII.", {Singled.COMMUNITY: ("Ţiganii", "ROMÂNII")}),
    ("پاکستانی خاندان ٹیسٹ کروائیں۔", {Singled.COMMUNITY: ("پاکستانی",)}),
    ("على المُسلمين إجراء الاختبار.", {Singled.COMMUNITY: ("المُسلمين",)}),
    ("请穆斯林居民检测。", {Singled.COMMUNITY: ("穆斯林",)}),
    ("মুসলমানদের পরীক্ষা করা উচিত।", {Singled.COMMUNITY: ("মুসলমানদের",)}),
    ("Мусульмане должны сдать тест.", {Singled.COMMUNITY: ("Мусульмане",)}),
    ("Українці мають пройти тест.", {Singled.COMMUNITY: ("Українці",)}),
    ("Mieszkańcy elm road, zróbcie test.", {Singled.STREET: ("elm road",)}),
    ("چیپل روڈ Chapel Road کے لوگ", {Singled.STREET: ("Chapel Road",)}),
    ("M33 2AA کے لوگ ٹیسٹ کروائیں۔", {Singled.POSTCODE: ("M33 2AA",)}),
    ("Test w moorside PRIMARY school.", {Singled.SETTING: ("Moorside Primary School",)}),
    ("Dużo zachorowań w Gorsey Bank.", {Singled.AREA: ("Gorsey Bank",)}),
    ("Community of Somali families", {Singled.COMMUNITY: ("Community", "Somali")}),
    # Plain advice is passed over in each script.
    ("مفت ٹیسٹ لائبریری میں۔ ہاتھ دھوئیں، کھڑکیاں کھولیں۔", {}),
    ("قم بإجراء اختبار مجاني واغسل يديك وافتح النوافذ.", {}),
    ("请勤洗手，开窗通风。图书馆有免费检测。", {}),
    ("বিনামূল্যে পরীক্ষা করুন। হাত ধুয়ে নিন।", {}),
    ("ਮੁਫ਼ਤ ਟੈਸਟ ਕਰਵਾਓ। ਆਪਣੇ ਹੱਥ ਧੋਵੋ।", {}),
    ("Faceți un test gratuit. Spălați-vă des pe mâini.", {}),
    ("Samee baaritaan bilaash ah. Gacmaha dhaq.", {}),
]


@pytest.mark.parametrize(("text", "found"), TRANSLATED)
def test_what_a_translation_names_and_the_english_does_not_is_asked_about(text, found):
    names = (["Lark Rise"], ["Moorside Primary School"], ["Gorsey Bank"])
    assert find_singled_in_translation(text, ENGLISH, *names) == found


def test_a_name_in_english_letters_is_asked_about_once_where_the_english_has_it_too():
    english = "People on Chapel Road should test."
    assert find_singled_in_translation("Chapel Road پر لوگ", english) == {}


@pytest.mark.parametrize("encoded", ["cvxrlf", "Cnxv", "c n x v f", "n jbt"])
def test_a_word_that_insults_people_is_refused_and_not_repeated(encoded):
    word = decode(encoded, "rot13")
    with pytest.raises(BadInput, match=r"insults people\. Say it without that word\.") as refused:
        check_wording(Wording(f"Cases among {word} are high."), Channel.TEXT)
    assert word.lower() not in str(refused.value).lower()


@pytest.mark.parametrize("text", ["Sale to Pakistan.", "The wogan inn", "Retardant", "Tests at Chavasse Park."])
def test_a_plain_word_that_holds_such_letters_is_not_refused(text):
    check_wording(Wording(text), Channel.TEXT)
