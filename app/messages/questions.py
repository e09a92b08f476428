"""The words of every question: label, hint, why we ask, and what to say when it is empty."""

from functools import cache

from app.messages.catalogue import translations
from app.messages.question_words import Words
from app.messages.words import PARTS

QUESTIONS: dict[str, Words] = {code: words for part in PARTS for code, words in part.QUESTIONS.items()}


@cache
def words_of(language: str, code: str) -> Words:
    """The words of the question `<form>.<field>` in a language; an unknown code raises KeyError."""
    gettext = translations(language).ugettext
    words = QUESTIONS[code]
    return Words(
        *(
            gettext(text) if text else ""
            for text in (words.label, words.hint, words.why, words.empty, words.add)
        )
    )
