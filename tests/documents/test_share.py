"""The picture by which a winner's page is shared: no line of it is cut through, however long a name is."""

from io import BytesIO

import pytest
from PIL import Image

from app.documents.sender import Sender
from app.documents.share import HEIGHT, WIDTH, Shared, share_png

SENDER = Sender(brand="WeAlmaty", funder="Funded by the European Union", eu=True, help="", disclaimer="")
TITLES = {
    "kk": "Арық, жолбарыс және көрші: ауланың суы",
    "en": "Turning the old tram depot into a workshop for neighbours",
}
TEAMS = {
    "one": "The Nine Spoons · Medeu",
    "two": "«Арық және жолбарыс» көршілер қауымдастығының бастамашыл тобы · Алатау, Жетісу, Түрксіб",
    "many": "The initiative group of the residents of Shanyrak and of the public association Ditch and "
    "Tiger, and of the parents' committee of school No. 169 in the same street · Alatau, Zhetysu",
}
SENTENCES = "Neighbours of nine mother tongues cook together once a week, and write it down. " * 4


def drawn(lang: str, about: str, *, pictured: bool = False, sentences: str = "") -> Image.Image:
    picture = BytesIO()
    Image.new("RGB", (400, 470), (120, 150, 90)).save(picture, "JPEG")
    shared = Shared(
        lang=lang, caption="Winner · Grants of the city", title=TITLES[lang], said_in=lang, about=about,
        sentences=sentences, sentences_in="en", amount="EUR 5,000", picture=int(pictured),
    )  # fmt: skip
    made = share_png(shared, SENDER, picture.getvalue() if pictured else b"")
    return Image.open(BytesIO(made)).convert("L")


def lines(image: Image.Image, darkest: range) -> list[int]:
    """The heights of the lines whose darkest point is such a grey, above the foot and left of a picture."""
    part = image.crop((60, 30, 755, HEIGHT - 140))
    dark = [min(part.crop((0, row, part.width, row + 1)).tobytes()) for row in range(part.height)]
    found: list[list[int]] = [[]]
    for each in dark:
        if each < 250:
            found[-1].append(each)
        elif found[-1]:
            found.append([])
    return [len(each) for each in found if each and min(each) in darkest]


GREY, BLACK = range(72, 100), range(20, 45)


@pytest.mark.parametrize("pictured", [False, True])
@pytest.mark.parametrize("lang", ["kk", "en"])
def test_a_long_team_has_two_whole_lines(lang: str, pictured: bool) -> None:
    assert drawn(lang, TEAMS["one"]).size == (WIDTH, HEIGHT)
    assert len(lines(drawn(lang, TEAMS["one"], pictured=pictured), GREY)) == 1
    for team in ("two", "many"):
        first, second = lines(drawn(lang, TEAMS[team], pictured=pictured), GREY)
        assert min(first, second) > 15, (team, first, second)


def test_sentences_keep_to_their_room_and_do_not_vanish() -> None:
    """Four of them are cut at a word, rather than left out or written over the amount."""
    without, told = (drawn("kk", TEAMS["two"], sentences=each) for each in ("", SENTENCES))
    assert len(lines(told, BLACK)) >= len(lines(without, BLACK)) + 2
    assert without.crop((60, 420, 400, 480)).tobytes() == told.crop((60, 420, 400, 480)).tobytes()
