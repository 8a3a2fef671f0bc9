"""The words that `singling` looks for, and those it passes over: tables that anybody can read and add to.

Each entry is a part of a regular expression, matched at word boundaries. None but `INSULTS` is a bad word: a match is a question.
"""

STREET_KINDS = (
    *("Road", "Street", "Lane", "Avenue", "Close", "Drive", "Way", "Terrace", "Crescent", "Place", "Grove", "Gardens"),
    *("Square", "Hill", "Mews", "Row", "Walk", "Green", "Parade", "Rise", "View", "Croft", "Fold"),
    *("Rd", "St", "Ln", "Ave", "Cl", "Dr", "Terr", "Cres", "Pl", "Gdns", "Sq"),
)

SMALL_STREET_KINDS = ("road", "rd", "street", "lane", "avenue")
"""Kinds that tell a street though its name is written small."""

NO_STREET = (
    *("a", "across", "all", "along", "an", "and", "another", "any", "as", "at", "back", "busy", "by", "cross", "down"),
    *("each", "every", "fast", "for", "from", "front", "hard", "in", "into", "is", "its", "main", "many", "my", "next"),
    *("no", "of", "off", "on", "one", "or", "other", "our", "outside", "over", "same", "side", "that", "the", "their"),
    *("these", "this", "to", "under", "up", "which", "whole", "with", "your"),
)
"""Words before “road” and the like that name no street."""

SAME_WORDS = {
    "rd": "road",
    "ln": "lane",
    "ave": "avenue",
    "av": "avenue",
    "cl": "close",
    "dr": "drive",
    "terr": "terrace",
    "cres": "crescent",
    "pl": "place",
    "gdns": "gardens",
    "sq": "square",
    "street": "st",
    "saint": "st",
}
"""How a word of a street's or a setting's name is written when names are compared. “St” may stand for two words."""

ESTATE_KINDS = ("Estate", "Tower", "Towers", "Court", "House", "Flats", "Heights", "Apartments", "Buildings")

ESTATES = ("(?:this|that|the|your|council|housing) estate", "estates", "tower blocks?", "high-rises?")

SETTING_KINDS = (
    *("School", "Academy", "College", "University", "Nursery", "Playgroup", "Care Home", "Nursing Home", "Home"),
    *("Hospital", "Surgery", "Practice", "Hostel", "Hotel", "Prison", "Factory", "Foods", "Mill", "Market", "Club"),
    *("Pub", "Arms", "Inn", "Gym", "Mosque", "Masjid", "Church", "Chapel", "Temple", "Gurdwara", "Synagogue"),
    *("Warehouse", "Depot", "Works", "Bakery", "Takeaway", "Restaurant"),
)

SETTINGS = (
    (
        "(?:pupils|parents|staff|workers|residents|patients|customers|tenants|members|students|guests) (?:of|at|from)"
        r" (?:the )?[\w'’]+"
    ),
    "care homes?",
    "factor(?:y|ies)",
    "hostels?",
    "(?:takeaway|warehouse|meat plant|food plant|packing plant)s?",
)

SETTING_TAILS = (
    *("primary school", "infant school", "junior school", "high school", "grammar school", "nursery school", "school"),
    *("academy", "college", "care home", "nursing home", "residential home", "limited", "ltd", "plc"),
)
"""Ends of a setting's name that people leave out. What is left is looked for when it has two words or more."""

_WHO = "(?:people|famil(?:y|ies)|residents?|homes?|households?|neighbours?|men|women|children|workers)"

PEOPLES = (
    *("communit(?:y|ies)", "ethnic", "ethnicit(?:y|ies)", "faiths?", "mosques?", "synagogues?", "churchgoers?"),
    *("temples?", "gurdwaras?", "worshippers?", "congregations?", "muslims?", "islamic", "jewish", "jews?", "hindus?"),
    *("sikhs?", "buddhists?", "christians?", "catholics?", "evangelicals?", "pentecostals?", "jehovah['’]?s witnesses"),
    *("travellers?", "gyps(?:y|ies)", "romas?", "romany", "romani", "africans?", "caribbeans?", "asians?", "arabic"),
    *("(?:ultra[- ])?orthodox", "c?hass?id(?:s|im|ic)?", "c?haredi(?:m|s)?", "sunnis?", "shi[ae]s?", "shi['’]?ites?"),
    *("ahmadi(?:s|yya)?", "ismailis?", "sufis?", "salafis?", "barelvis?", "barelwis?", "deobandis?", "bohras?"),
    *("mormons?", "amish", "quakers?", "methodists?", "baptists?", "anglicans?", "protestants?", "parsis?"),
    *("zoroastrians?", "jains?", "baha['’]?is?", "yazidis?", "alevis?", "rastafarians?", "yorubas?", "igbos?"),
    *("hausas?", "tigrayans?", "oromos?", "gujaratis?", "sylhetis?", "mirpuris?", "kashmiris?", "latin americans?"),
    *("west indians?", "cantonese"),
    f"(?:black|white|brown) {_WHO}",
    *("eastern? europeans?", "foreigners?", "immigrants?"),
    *("migrants?", "refugees?", "asylum seekers?", "homeless(?: people)?", "rough sleepers?", "sex workers?"),
    *("drug users?", "gay", "lesbians?", "trans people", "newcomers", "(?:were|was) born (?:abroad|overseas)"),
)

PRACTICES = (
    "(?:friday|evening|morning|congregational|communal|group) prayers?",
    (
        "(?:after|before|during|at|from) (?:prayers?|church|chapel|mosque|temple|synagogue|gurdwara|worship)"
        "(?! (?:hall|street|road|lane|car park|rooms?|centre|house))"
    ),
    (
        "(?:go|goes|going|went|been|come|came|attend|attends|attending|attended) (?:to |from )?(?:the |a |your )?"
        "(?:church|chapel|mosque|temple|synagogue|gurdwara|prayers?|worship)(?! (?:hall|street|road|lane|car park|rooms?))"
    ),
    "(?:at|after|before|to|attend|attended|attending) mass(?! (?:testing|vaccination|event|gathering))",
    "sunday (?:mass|services?|school|worship)",
    "(?:places?|houses?) of worship",
    "prayer (?:meeting|group|room|hall)s?",
    "religious (?:gathering|service|festival|celebration|event|group)s?",
    *(
        "bible (?:study|class)(?:es)?",
        "jumu?['’]?ah",
        "ramadan",
        "ramzan",
        "iftars?",
        "eid(?: al[- ]\\w+)?",
        "taraweeh",
    ),
    *("madrass?as?", "hajj", "umrah", "pilgrim(?:s|ages?)?", "diwali", "holi", "navratri", "vaisakhi", "langar"),
    *("passover", "shabbat", "sabbath", "purim", "hanukkah", "yom kippur", "rosh hashanah", "kosher", "halal"),
)
"""What people of a faith do: it points at them as surely as their name."""

NATIONALITIES = (
    *("afghans?", "albanians?", "algerians?", "americans?", "angolans?", "arabs?", "argentinians?", "armenians?"),
    *("australians?", "austrians?", "azerbaijanis?", "bangladeshis?", "barbadians?", "belarusians?", "belgians?"),
    *("bengalis?", "bolivians?", "bosnians?", "brazilians?", "bulgarians?", "burmese", "burundians?", "cambodians?"),
    *("cameroonians?", "chileans?", "chinese", "colombians?", "congolese", "croatians?", "cubans?", "cypriots?"),
    *("czechs?", "danish", "dutch", "ecuadorians?", "egyptians?", "eritreans?", "estonians?", "ethiopians?"),
    *("filipinos?", "finnish", "french", "gambians?", "georgians", "germans?", "ghanaians?", "greeks?", "guyanese"),
    *("hazaras?", "hong kongers?", "hungarians?", "indians?", "indonesians?", "iranians?", "iraqis?", "irish"),
    *("israelis?", "italians?", "ivorians?", "jamaicans?", "japanese", "jordanians?", "kazakhs?", "kenyans?"),
    *("koreans?", "kosovans?", "kurdish", "kurds?", "kuwaitis?", "latvians?", "lebanese", "liberians?", "libyans?"),
    *("lithuanians?", "macedonians?", "malawians?", "malaysians?", "maltese", "mauritians?", "mexicans?"),
    *("moldovans?", "mongolians?", "moroccans?", "mozambicans?", "nepalese", "nepalis?", "nigerians?", "norwegians?"),
    *("pakistanis?", "palestinians?", "pashtuns?", "persians?", "peruvians?", "portuguese", "punjabis?", "rohingyas?"),
    *("romanians?", "russians?", "rwandans?", "saudis?", "senegalese", "serbians?", "sierra leoneans?", "slovaks?"),
    *("slovakians?", "slovenians?", "somalis?", "somalians?", "south africans?", "spanish", "sri lankans?"),
    *("sudanese", "swedish", "syrians?", "taiwanese", "tamils?", "thais?", "tibetans?", "timorese", "trinidadians?"),
    *("tunisians?", "turkish", "turks?", "ugandans?", "ukrainians?", "uzbeks?", "venezuelans?", "vietnamese"),
    *("yemenis?", "zambians?", "zimbabweans?"),
)

NO_PEOPLE = (
    "Public",
    "Domestic",
    "English",
    "British",
    "Victorian",
    "Civilian",
    "Parish",
    "Specialist",
    "Finish",
    "Music",
)
"""Words with a capital and such an end that name nobody, before a word for people or homes."""

NAMED_PEOPLE = (
    rf"\b(?!(?:{'|'.join(NO_PEOPLE)})\b)[A-Z][\w'’-]+(?:ic|ish|ese|ian|ite|ist|idi|edi|adi|ali|ani)(?= {_WHO}\b)"
)
"""A word that ends as the names of peoples and faiths do, before a word for who or where they are."""

CAPITAL_NATIONALITIES = ("Polish", "POLISH", "Poles", "POLES", f"polish (?:{_WHO}|shops?)")
"""Nationalities that are also other words, when written small."""

COUNTRIES = (
    *("Afghanistan", "Albania", "Algeria", "Angola", "Armenia", "Bangladesh", "Belarus", "Bosnia", "Brazil"),
    *("Bulgaria", "Burma", "Cameroon", "Colombia", "(?:the )?Congo", "Croatia", "Cyprus", "Czechia", "Egypt"),
    *("Eritrea", "Estonia", "Ethiopia", "(?:the )?Gambia", "Ghana", "Greece", "Hong Kong", "Hungary", "India", "Iran"),
    *("Iraq", "Ireland", "Israel", "Italy", "Ivory Coast", "Jamaica", "Kashmir", "Kenya", "Kosovo", "Kurdistan"),
    *("Latvia", "Lebanon", "Liberia", "Libya", "Lithuania", "Malawi", "Malaysia", "Moldova", "Morocco", "Myanmar"),
    *("Nepal", "Nigeria", "Pakistan", "Palestine", "(?:the )?Philippines", "Poland", "Portugal", "Punjab"),
    *("Romania", "Russia", "Rwanda", "Saudi Arabia", "Senegal", "Serbia", "Sierra Leone", "Slovakia", "Slovenia"),
    *("Somalia", "Somaliland", "South Africa", "Spain", "Sri Lanka", "Sudan", "Syria", "Thailand", "Tunisia"),
    *("Uganda", "Ukraine", "Venezuela", "Vietnam", "Yemen", "Zambia", "Zimbabwe"),
    *("(?:East|West|North|Eastern|Western|Northern) Africa", "Eastern Europe", "(?:South|East) Asia"),
    *("(?:the )?Middle East", "(?:the )?Caribbean", "Africa"),
)
"""Countries and parts of the world that people here come from, named after “from”, “in” or “to”."""

CAPITAL_COUNTRIES = ("China", "Georgia", "Jordan", "Turkey", "Chad", "Guinea", "Mali", "Niger", "Chile", "Cuba", "Peru")
"""Countries whose names are other words, or parts of them, when written small."""

NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty"),
    *("sixty", "seventy", "eighty", "ninety"),
)

ILLNESS = (
    *(
        "cases?",
        "infections?",
        "illness(?:es)?",
        "ill",
        "sick",
        "outbreaks?",
        "clusters?",
        "rates?",
        "spread(?:s|ing)?",
    ),
    *("virus(?:es)?", "covid(?:-19)?", "measles", "flu", "tuberculosis", "tb", "positive"),
)
"""Words that say of a place after them that illness is there."""

PEOPLE_THERE = ("area", "areas", "homes", "households", "residents", "people", "families", "postcodes?", "addresses")
"""Who or what a postcode points at, when it stands before them."""

INNOCENT = (
    # Services and things that bear the name of a people, and none of them is meant.
    (
        "community (?:centres?|halls?|hubs?|pharmac(?:y|ies)|nurses?|nursing|hospitals?|health|transport|librar(?:y|ies)"
        "|testing|test sites?|clinics?|fridges?|larders?|cafes?|support officers?|police)"
    ),
    "(?:our|the whole|the wider) community",
    "french (?:fries|doors?|windows?|stick|bread|toast)",
    "(?:german measles|spanish flu|japanese encephalitis|dutch ovens?|danish pastr(?:y|ies)|turkish baths?)",
    "(?:brussels|swedish) (?:sprouts|massage)",
    "homeless(?:ness)? (?:team|service|advice)",
    "patients at (?:high(?:er)? |greater )?risk",
    "(?:residents|tenants) (?:of|at|from) (?:your|this|our|the) (?:area|borough|district|town|council|city|county)",
    "staff (?:of|at|from) (?:your|our|the|nhs) (?:site|test|centre|clinic|council|nhs|library|team|surgery|doctor)",
    "(?:great|new|open|safe|both|one|two|other) house",
    "covered market",
    "(?:main|bus|car|play|town) (?:square|green|parade)",
)
"""Passed over: what would only be a false alarm."""

LANGUAGE_SAID = ("in", "into", "speak", "speaks", "read", "reads")
"""Before the name of a language at the end of a phrase: the words are then about a language and nobody's origin."""

INSULTS = (
    "cvx(?:rlf?|vrf) tlcc?bf? tvcc?bf? cnxvf? jbtf? avtt(?:ref?|nf?) fnaqavttref? xvxrf? lvqf? "
    "tbbxf? qnexvrf? enturnqf? gbjryurnqf? tbyyvjbtf? cbynpxf? fcvpf? qntbf? xenhgf? cbbsgref? "
    "genaavrf ergneqf? fcnmm?(?:rf)? punif? unys-pnfgrf? puvaxl zhmmvrf"
)
"""Words that insult a people or a group and have no other use in a message, in rot13: nobody who reads here must see them.

They are refused, unlike all others here. A translation is not looked at: the same letters can be a plain word there.
"""
