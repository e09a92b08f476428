"""The code or reference that somebody meant: typed small, with a space for its hyphen, or in other letters.

Both are read aloud and typed on phones. Wherever one is typed it is understood here, once for all. Pure.
"""

import re
import unicodedata
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field

from app.applications.codes import NAMES
from app.leaks.letters import skeletons
from app.random_codes import ALPHABET
from app.sections.text import LINE

_SPOKEN = re.compile(r"([^\W\d_]+)[\W_]*(\d{3,4})")
_RANDOM = 6
"""So many letters and digits end a reference, after its hyphen."""
_REFERENCE = re.compile(rf"([A-Z][A-Z0-9]{{0,7}})([{ALPHABET}]{{{_RANDOM}}})")
_LATIN = str.maketrans("АВЕКМНОРСТУХІЅЈԚԜ", "ABEKMHOPCTYXISJQW")


def meant(typed: str) -> str:
    """The code ("Апорт-117") or reference ("WA26-7FQ2MD") as it is kept; what is neither, as it was typed.

    Nothing is guessed that could be two: the names of codes sound different from each other.
    """
    plain = " ".join(unicodedata.normalize("NFKC", typed).split())
    spoken = _SPOKEN.fullmatch(plain)
    if spoken:
        known = {_names()[each] for each in skeletons(spoken[1].lower()) if each in _names()}
        if len(known) == 1:
            return f"{known.pop()}-{spoken[2]}"
    reference = _REFERENCE.fullmatch(letters_meant(plain))
    return f"{reference[1]}-{reference[2]}" if reference else plain


def letters_meant(typed: str) -> str:
    """A random code as it is kept: Latin capitals and digits, without what stands between them."""
    return "".join(each for each in typed.upper().translate(_LATIN) if each.isalnum())


@cache
def _names() -> dict[str, str]:
    return {skeletons(name.lower())[0]: name for name in NAMES}


TypedCode = Annotated[str, Field(min_length=1, max_length=40), LINE, AfterValidator(meant)]
"""An application by its code or reference, as people type it."""
