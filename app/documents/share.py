"""The picture by which the page of a winner is shared elsewhere: a PNG of 1200 by 630 points."""

from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from app.documents.press import pressed_png
from app.documents.sender import Sender, common_words

WIDTH, HEIGHT = 1200, 630
POINTS_AN_INCH = 144


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What stands on it, in words; `said_in` and `sentences_in` are their languages, `picture` the version of
    the one beside them, 0 for none."""

    lang: str
    caption: str
    title: str
    said_in: str
    about: str
    sentences: str
    sentences_in: str
    amount: str
    picture: int = 0

    @property
    def version(self) -> str:
        """Another one for other words, and for another look."""
        return sha256(_look() + repr(asdict(self)).encode()).hexdigest()[:10]


@cache
def _look() -> bytes:
    return b"".join((Path(__file__).parent / f"{name}.typ").read_bytes() for name in ("look", "share"))


def share_png(shared: Shared, sender: Sender, picture: bytes = b"") -> bytes:
    """Equal words make equal bytes. `picture` is a JPEG that was cleaned; without one the words have all the
    room."""
    data = {**sender.data(), **asdict(shared), "words": common_words(shared.lang), "picture": [*picture]}
    return pressed_png("share", data, POINTS_AN_INCH)
