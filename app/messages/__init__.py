"""The only Python with words for people: English here, Kazakh and Russian in `locale/`.

Rules speak in codes; this package turns a code and a language into words.
"""

from app.messages.catalogue import LANGUAGES, translations
from app.messages.labels import label
from app.messages.question_words import Words
from app.messages.questions import words_of
from app.messages.sentences import sentence

__all__ = ["LANGUAGES", "Words", "label", "sentence", "translations", "words_of"]
