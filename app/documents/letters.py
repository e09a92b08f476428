"""What a PDF's fonts can show of people's text, and where a word that is too long may break.

The fonts are those that come with the typesetter, so that every machine makes the same bytes. A PDF that
promises to be read aloud may not hold a sign that its fonts lack; such a sign becomes a small square.
"""

import re
from dataclasses import dataclass
from typing import Any

MOST_CHARACTERS = 6000
"""Of one answer: twice the largest cap. Only a draft can hold more, and its copy as text has it all."""
LONG_WORD = 24
"""Characters without a space after which a line may break anywhere."""
SQUARE = "□"

# The letters of the regular and the bold fonts, measured in the typesetter's own files:
# Latin, Greek, Cyrillic (all of Kazakh), Armenian, Hebrew, Arabic, Georgian, signs, currencies, arrows.
_SHOWN = (
    " -~\u00a0-\u00ac\u00ae-\u034e\u0350-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff"
    "\u0510-\u0513\u051a-\u051d\u0531-\u058a\u058d-\u058f\u0591-\u05c7\u05d0-\u05ea\u05ef-\u05f5"
    "\u060c\u061b\u061f\u0621-\u063a\u0640-\u0655\u0660-\u066d\u067e-\u0680\u0686\u0698\u06a4\u06a9\u06af"
    "\u06be\u06cc\u06f0-\u06f9\u10d0-\u10ff\u1e00-\u1eff\u2000-\u200a\u2010-\u2027\u202f-\u2037\u2039-\u2040"
    "\u2044-\u204b\u2070\u2071\u2074-\u208e\u20a0-\u20c0\u2100-\u2103\u2105\u2106\u2109\u2113\u2115-\u2117"
    "\u2120\u2122\u2126\u212a\u212b\u212e\u2153-\u2184\u2190-\u2220\u2234-\u223d\u2241-\u226b\u2300-\u2306"
    "\u2460-\u262f\u2690-\u269c\u26a0-\u26a5\u2701-\u2704\u2706-\u2709\u270c-\u2727\u2729-\u274b\u274d"
    "\u2756\u2761-\u277f\u2794\u2798-\u27af\u27b1-\u27be\u2b12-\u2b1a\ufb00-\ufb06\ufffd"
)
# A whole run becomes one square: an emoji of a family is seven signs and joiners.
_NOT_SHOWN = re.compile(f"[^{_SHOWN}\n]+")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0f\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WORD = re.compile(rf"\S{{{LONG_WORD},}}")
_PIECE = re.compile(rf"(?:\S[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u0655]*){{1,{LONG_WORD // 3}}}")
BREAK = "\u200b"


@dataclass
class Shown:
    """Whether something of the text could not be shown."""

    squares: bool = False
    cut: bool = False

    def all_of(self, value: Any) -> Any:
        """The same data with every text in it as it can be shown."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.all_of(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.all_of(each) for each in value]
        return value

    def text(self, text: str) -> str:
        """One text: without unseen signs, and with places to break in words that no line can hold."""
        if len(text) > MOST_CHARACTERS:
            text, self.cut = text[:MOST_CHARACTERS] + "…", True
        text = unseen_removed(text)
        shown = _NOT_SHOWN.sub(SQUARE, text)
        self.squares = self.squares or shown != text
        return _WORD.sub(_with_breaks, shown)


def unseen_removed(text: str) -> str:
    """Without control characters, marks of direction and half letters, which no document can hold."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def _with_breaks(word: re.Match[str]) -> str:
    return BREAK.join(_PIECE.findall(word[0]))
