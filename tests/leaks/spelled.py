"""In how many ways one name is written: three alphabets, cases. It shares nothing with the finder."""


def _each(letters: str) -> list[str]:
    return letters.split()


KK_2021 = dict(
    zip(
        "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщыіэюя",
        _each("a ä b v g ğ d e e j z i i k q l m n ñ o ö p r s t u ū ü f h h ts ch ş şş y ı e iu ia"),
        strict=True,
    )
)
PASSPORT = dict(
    zip(
        "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщыіэюя",
        _each("a a b v g g d e e zh z i i k k l m n n o o p r s t u u u f kh kh ts ch sh shch y i e iu ia"),
        strict=True,
    )
)
INFORMAL = PASSPORT | {"й": "y", "х": "h", "я": "ya", "ю": "yu", "қ": "q", "щ": "sch", "ё": "yo"}
ON_A_PHONE = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
LOOK_ALIKE = str.maketrans("аеорсхАЕОРСХ", "aeopcxAEOPCX")


def in_latin(word: str, letters: dict[str, str]) -> str:
    """Letter by letter, the soft sign dropped."""
    written = "".join(letters.get(each, "") for each in word.casefold())
    return written[:1].upper() + written[1:]


def spellings(word: str) -> list[str]:
    """The word itself in every way."""
    return [
        word,
        word.translate(ON_A_PHONE),
        word.translate(LOOK_ALIKE),
        word.upper(),
        *(in_latin(word, letters) for letters in (KK_2021, PASSPORT, INFORMAL)),
    ]


def cases(word: str) -> list[str]:
    """The word within a sentence, by the rules of school: Russian cases and Kazakh ones."""
    if word.endswith("а"):
        russian = [
            word[:-1] + each
            for each in (("ой", "у", "ой") if word.endswith(("ова", "ева")) else ("ы", "е", "у", "ой"))
        ]
    elif word.endswith("я"):
        russian = [word[:-1] + each for each in ("и", "ю", "ей")]
    elif word.endswith("й"):
        russian = [word[:-1] + each for each in ("я", "ю", "ем", "е")]
    elif word.endswith("ь"):
        russian = [word[:-1] + each for each in ("и", "ью", "я", "ю", "ем")]
    else:
        russian = [word + each for each in ("а", "у", "ом", "е", "ым")]
    return [*russian, *kazakh_cases(word.rstrip("ь"))]


def kazakh_cases(word: str) -> list[str]:
    """Genitive, dative, accusative, locative, ablative, instrumental, by vowel harmony and the last sound."""
    soft = next((each in "әеөүіэ" for each in reversed(word.casefold()) if each in "аәеёиоөуұүыіэюя"), False)
    last = word[-1].casefold()
    if last in "аәеёиоөуұүыіэюя":
        found = ("нің", "ге", "ні", "де", "ден", "мен") if soft else ("ның", "ға", "ны", "да", "дан", "мен")
    elif last in "мнң":
        found = ("нің", "ге", "ді", "де", "нен", "мен") if soft else ("ның", "ға", "ды", "да", "нан", "мен")
    elif last in "лрйз":
        found = ("дің", "ге", "ді", "де", "ден", "мен") if soft else ("дың", "ға", "ды", "да", "дан", "мен")
    else:
        found = ("тің", "ке", "ті", "те", "тен", "пен") if soft else ("тың", "қа", "ты", "та", "тан", "пен")
    return [word + each for each in found]
