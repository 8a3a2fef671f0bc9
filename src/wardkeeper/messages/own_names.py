"""How peoples, faiths and languages are named in their own words, and in those of other languages spoken here.

A table that anybody can read and add to. It holds names only, so it is no check of what a translation says: a speaker
must read it. Each entry is the beginning of a word as `plain_word` writes it, or a part of it in a script that writes
words together or puts an article before them.
"""

import re
import unicodedata
from collections.abc import Iterable

SAME_LETTERS = str.maketrans("łđıøيكىةأإآ", "ldioیکیهااا")
"""Letters that are written in more than one way, or left plain by people without the keyboard."""

BEGINNINGS: dict[str, tuple[str, ...]] = {
    "African": ("afrykan", "african[aeo]", "africain", "afrikal", "африкан"),
    "Albanian": ("shqiptar", "albanczy", "albanez", "albanai", "албан"),
    "Arab": ("arabow", "arabowie", "arabii", "arabes$", "araplar", "carab(?:ta|ka)$", "араб", "আরব", "अरब", "ਅਰਬ"),
    "Bangladeshi": ("banglades", "bangladesz", "бангладеш", "বাংলাদেশ", "বাঙালি", "বাংলা$", "बांग्लादेश", "ਬੰਗਲਾਦੇਸ਼", "બાંગ્લાદેશ"),
    "Bulgarian": ("българ", "bulgar[aeisz]", "болгар"),
    "Chinese": ("chinczy", "chinez[iao]", "chinois", "chinos$", "kineser", "китаи", "चीनी", "ਚੀਨੀ"),
    "Christian": (
        *("chrzescijan", "crestini", "chretien", "cristian[oi]", "krikscion", "krescan", "kereszteny", "христиан"),
        *("χριστιαν", "খ্রিস্ট", "খ্রীষ্ট", "ईसाई", "ਈਸਾਈ", "ખ્રિસ્તી", "கிறிஸ்தவ"),
    ),
    "Czech": ("czes[ik]", "cesi$", "cesk[yaeo]", "чех(?:и|ов)$"),
    "Filipino": ("pilipin", "filipinsk", "filipinez"),
    "French": ("francuz", "francez", "francais", "француз"),
    "Ghanaian": ("ghanczy", "ghanez", "ghaneen"),
    "Greek": ("ελλην", "grecy$", "grekow", "греки$", "греков$"),
    "Gujarati": ("ગુજરાતી",),
    "Hindu": ("hindus", "hinduse", "hinduizm", "индус", "হিন্দু", "हिन्दू", "हिंदू", "ਹਿੰਦੂ", "હિંદુ", "હિન્દુ", "இந்து"),
    "Hungarian": ("magyar", "maghiar", "wegr(?:zy|ow|zi)", "венгр", "madari$"),
    "Indian": ("hindis(?:tan|i)", "indie(?:ns|ni)", "индии", "ভারতী", "भारतीय", "ਭਾਰਤੀ", "ભારતીય", "இந்திய"),
    "Iranian": ("iranczy", "iranien", "iranieni", "иран"),
    "Irish": ("eireannach", "irlandcz", "irlandez", "irlandais", "ирланд"),
    "Italian": ("italien", "wlos(?:i|kie)", "wlochow", "итальян"),
    "Jewish": (
        *("zyd(?:zi|ow|om|ami|owsk)", "evrei", "juif", "judi[oa]s$", "zsido", "yahudi", "zydai", "евреи", "євреи"),
        *("εβραι", "ইহুদি", "यहूदी", "ਯਹੂਦੀ", "યહૂદી", "யூதர்"),
    ),
    "Kurdish": ("kurd", "курд"),
    "Latvian": ("latvie", "lotysz", "латыш"),
    "Lithuanian": ("lietuvi", "litwin", "litewsk", "lituanien", "литов"),
    "Malayali": ("മലയാളി",),
    "mosque": (
        *("meczet", "moschee", "mosquee", "mezquita", "mecset", "camiler?$", "xhami", "мечет", "τζαμι", "মসজিদ"),
        *("मस्जिद", "ਮਸਜਿਦ", "મસ્જિદ", "பள்ளிவாசல்"),
    ),
    "Muslim": (
        *("musulm", "muzulm", "muslim", "mislim", "moslem", "mysliman", "мусульм", "мюсюлм", "μουσουλμ"),
        *("মুসল", "मुस्लिम", "मुसलमान", "ਮੁਸਲ", "મુસ્લિમ", "મુસલમાન", "முஸ்லிம்"),
    ),
    "Nepali": ("नेपाली",),
    "Nigerian": ("nigeryjcz", "nigerian", "nigeriani", "naijiria", "нигери"),
    "Pakistani": ("pakist", "пакистан", "পাকিস্তান", "पाकिस्तान", "ਪਾਕਿਸਤਾਨ", "પાકિસ્તાન"),
    "Polish": (
        "polak",
        "polac(?:y|h)",
        "polek$",
        "pols[ck]",
        "polonez",
        "polonais",
        "polacco",
        "polacos",
        "lenkai",
        "поляк",
    ),
    "Portuguese": ("portug", "португал"),
    "Hindi": ("हिंदी", "हिन्दी"),
    "Punjabi": ("ਪੰਜਾਬੀ", "पंजाबी"),
    "refugee or migrant": (
        *("uchodz", "imigran", "migran", "immigr", "refugia", "refugie", "fluchtling", "gocmen", "multeci", "qaxooti"),
        *(
            "беженц",
            "біженц",
            "мигрант",
            "мігрант",
            "иммигр",
            "শরণার্থী",
            "অভিবাসী",
            "शरणार्थी",
            "प्रवासी",
            "ਪਰਵਾਸੀ",
            "ਸ਼ਰਨਾਰਥੀ",
        ),
    ),
    "Roma": (
        *("romowie", "romow$", "romskiej", "cygan", "tigan", "zigeuner", "gitan[oeai]", "cingen", "cigan", "cigon"),
        *("rromi", "rrome", "roms$", "цыган", "циган", "ром(?:и|ів)$", "τσιγγαν", "ρομα$"),
    ),
    "Romanian": ("romani(?:i|lor)?$", "roman(?:ca|ce|esc)", "rumun", "roumain", "rumano", "romen", "румын", "румун"),
    "Russian": ("русск", "россиян", "росіян", "rosjan", "rusii$"),
    "Sikh": ("sikh", "сикх", "ਸਿੱਖ(?:ਾਂ)?$", "सिख(?:ों)?$", "சீக்கிய"),
    "Slovak": ("slovaci", "slovak", "slowac", "slovens[tk]", "словак"),
    "Somali": ("soomaali", "somali", "сомали", "সোমালি"),
    "Spanish": ("espanol", "hiszpan", "spaniol", "испан"),
    "Tamil": ("தமிழ", "tamils$"),
    "Telugu": ("తెలుగు",),
    "Traveller": ("podrozni(?:cy|kow) irlandz",),
    "Turkish": ("turkler", "turc(?:i|s|os)?$", "turco", "tur(?:cy|kow)$", "турк(?:и|ов)$", "турец"),
    "Ukrainian": ("україн", "украин", "ukrain", "ucrain", "ukrayn"),
    "Vietnamese": ("wietnam", "vietnam", "вьетнам"),
    "Welsh": ("cymry$", "walijcz"),
}
"""The beginnings of words, by what they name."""

PARTS: dict[str, tuple[str, ...]] = {
    "Afghan": ("افغان",),
    "Arab": ("عرب",),
    "Bangladeshi": ("بنگلہ", "بنغلاد", "孟加拉"),
    "Chinese": ("چینی", "صینی", "中国人", "华人", "華人", "中國人"),
    "Christian": ("مسیحی", "عیسائی", "基督徒", "נוצרי", "기독교", "クリスチャン", "ክርስቲያን"),
    "Eritrean": ("ኤርትራ",),
    "Ethiopian": ("ኢትዮጵያ", "ሐበሻ"),
    "Hindu": ("ہندو", "هندوس", "印度教"),
    "Indian": ("ہندوستان", "بھارتی", "印度人"),
    "Iranian or Persian": ("ایران", "فارسی", "伊朗"),
    "Jewish": ("یہود", "یهود", "יהוד", "犹太", "猶太"),
    "Korean": ("한국인", "교민"),
    "Kurdish": ("کورد", "کردها", "کردستان", "اکراد"),
    "mosque": ("مسجد", "مساجد", "清真寺", "መስጊድ", "มัสยิด", "이슬람"),
    "Muslim": ("مسلم", "穆斯林", "回教", "ሙስሊም", "מוסלמ", "무슬림", "ムスリム", "มุสลิม"),
    "Pakistani": ("پاکستان", "باکستان", "巴基斯坦"),
    "Pashtun": ("پښتون", "پختون", "پشتون", "پښتو", "پشتو"),
    "Polish": ("پولستان", "پولش", "بولندی", "波兰"),
    "refugee or migrant": (
        "پناہ گز",
        "پناهند",
        "مہاجر",
        "مهاجر",
        "لاجئ",
        "لاجی",
        "難民",
        "难民",
        "移民",
        "ስደተኛ",
        "ስደተ",
    ),
    "Roma": ("غجر", "吉普赛"),
    "Romanian": ("رومانی", "罗马尼亚"),
    "Sikh": ("سکھوں", "锡克"),
    "Somali": ("صومال", "ሶማል", "索马里"),
    "Turkish": ("ترکیہ", "اتراک", "土耳其"),
    "Ukrainian": ("اوکرا", "یوکرین", "乌克兰"),
    "Urdu or Punjabi": ("اردو", "پنجابی"),
    "Vietnamese": ("越南",),
    "Amharic or Tigrinya": ("አማርኛ", "ትግርኛ"),
}
"""Parts of words, where a word stands in no spaces, or an article is written before it."""

WORDS = re.compile(r"[^\s.,;:!?()\[\]{}\"“”„«»‘’…/–—،؛؟۔।、。，！？：；（）·|]+")
"""Words, with the marks that belong to their letters."""


def plain_word(word: str) -> str:
    """Give a word in small letters, without accents and vowel points, each letter written in one way."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    plain = re.sub(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0640]", "", apart).translate(SAME_LETTERS)
    return unicodedata.normalize("NFC", plain)


def _any(table: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    return re.compile("|".join(plain_word(entry) for ones in table.values() for entry in ones))


_BEGINNING, _PART = _any(BEGINNINGS), _any(PARTS)

UNPARTED = re.compile(r"[\u0e00-\u0e7f\u3040-\u9fff]")
"""Letters of languages that part no words by spaces: there a word is what was found, and not the whole line."""


def find_own_names(text: str) -> tuple[str, ...]:
    """Give the words that name a people, a faith or newcomers in a language other than English, as they stand there."""
    return tuple(dict.fromkeys(_own_names(WORDS.findall(unicodedata.normalize("NFC", text)))))


def _own_names(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        plain = plain_word(word)
        if part := _PART.search(plain):
            yield part[0] if UNPARTED.search(part[0]) else word
        elif _BEGINNING.match(plain):
            yield word
