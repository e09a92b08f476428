"""The picture by which the page of a winner is shared elsewhere: a PNG of 1200 by 630 points."""

from dataclasses import asdict, dataclass
from hashlib import sha256

from app.documents.press import pressed_png
from app.documents.sender import Sender, common_words

WIDTH, HEIGHT = 1200, 630
POINTS_AN_INCH = 144


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What stands on it, in words; `said_in` and `sentences_in` are their languages."""

    lang: str
    caption: str
    title: str
    said_in: str
    about: str
    sentences: str
    sentences_in: str
    amount: str

    @property
    def version(self) -> str:
        """Another one for other words."""
        return sha256(repr(asdict(self)).encode()).hexdigest()[:10]


def share_png(shared: Shared, sender: Sender) -> bytes:
    """Equal words make equal bytes."""
    data = {**sender.data(), **asdict(shared), "words": common_words(shared.lang)}
    return pressed_png("share", data, POINTS_AN_INCH)
