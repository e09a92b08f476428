"""How much a list leaves out, in words."""

from app.messages import formats, translations


def more_in_words(language: str, number: int) -> str:
    """How many more there are; nothing where all are shown."""
    if number <= 0:
        return ""
    words = translations(language).ungettext("and {n} more", "and {n} more", number)
    return words.format(n=formats.number(language, number))
