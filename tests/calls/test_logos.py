"""Logos of partner organisations: versions, sizes, the sweep, and a copy of a call."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine

from app.calls.creating import clone_call
from app.calls.inputs import CloneInput
from app.calls.logos import (
    DeskPartner,
    NewLogo,
    Partner,
    check_logo,
    desk_partners,
    partners_of,
    public_logo,
    put_logo,
    remove_logo,
)
from app.calls.public import call_moment
from app.database import session_on
from app.errors import Invalid, NotFound, Stale
from app.events.watching import marks
from app.files.cleaning import LOGO, Cleaned, check_kind, clean_file
from app.files.logo import HEIGHT, MOST_BYTES, WIDTH
from app.files.store import LocalStore
from app.files.sweep import sweep
from app.models.panel import Manager as ManagerRow
from tests.files import made
from tests.world import NOW, OPENS, World

WIDE = NewLogo("a" * 64, 900, 640, 120)
TALL = NewLogo("b" * 64, 800, 160, 160)


def logos(partners: list[Partner] | list[DeskPartner]) -> dict[str, tuple[int, int, int] | None]:
    return {
        each.code: (each.logo.version, each.logo.width, each.logo.height) if each.logo else None
        for each in partners
    }


def test_a_logo_is_put_replaced_and_removed_and_its_version_only_grows(engine: Engine, world: World) -> None:
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        assert logos(partners_of(session, "2026")) == dict.fromkeys(("BC", "AKIM", "ADC", "KBTU"))
        put_logo(session, cora, "AKIM", 0, WIDE, NOW)
        assert logos(partners_of(session, "2026"))["AKIM"] == (1, 640, 120)
        put_logo(session, cora, "AKIM", 1, TALL, NOW)
        assert public_logo(session, "2026", "AKIM").sha256 == TALL.sha256
        remove_logo(session, cora, "AKIM", 2, NOW)
        assert logos(partners_of(session, "2026"))["AKIM"] is None
        assert [each.version for each in desk_partners(session, cora)] == [0, 3, 0, 0]
        put_logo(session, cora, "AKIM", 3, WIDE, NOW)
        assert logos(partners_of(session, "2026"))["AKIM"] == (4, 640, 120)


def test_who_saw_another_version_is_refused(engine: Engine, world: World) -> None:
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        put_logo(session, cora, "BC", 0, WIDE, NOW)
        for seen in (0, 2):
            with pytest.raises(Stale):
                put_logo(session, cora, "BC", seen, TALL, NOW)
            with pytest.raises(Stale):
                check_logo(session, cora, "BC", seen)
        with pytest.raises(Stale):
            remove_logo(session, cora, "BC", 7, NOW)
        with pytest.raises(NotFound):
            put_logo(session, cora, "NONE", 0, TALL, NOW)
        with pytest.raises(NotFound):
            remove_logo(session, cora, "ADC", 0, NOW)
        assert public_logo(session, "2026", "BC").version == 1
        for call, organisation in (("2026", "ADC"), ("2026", "NONE"), ("1999", "BC")):
            with pytest.raises(NotFound):
                public_logo(session, call, organisation)


def test_pages_that_are_kept_and_the_curtain_depend_on_every_change(engine: Engine, world: World) -> None:
    cora, pot = world.coordinator(), world.round.code
    seen, numbers = [], []
    with session_on(engine) as session, session.begin():
        for change in (None, "put", "replace", "remove"):
            if change == "put":
                put_logo(session, cora, "KBTU", 0, WIDE, NOW)
            elif change == "replace":
                put_logo(session, cora, "KBTU", 1, TALL, NOW)
            elif change == "remove":
                remove_logo(session, cora, "KBTU", 2, NOW)
            seen.append(call_moment(session, "2026", NOW).logos)
            numbers.append(marks(session, [pot])[pot].number)
    assert seen == [0, 1, 2, 3]
    assert numbers == sorted(set(numbers)) and len(numbers) == 4


def test_a_copy_of_a_call_shows_the_same_logos(engine: Engine, world: World) -> None:
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        session.add(ManagerRow(person_id=cora.person_id, since=OPENS))
        put_logo(session, cora, "BC", 0, WIDE, NOW)
        put_logo(session, cora, "ADC", 0, TALL, NOW)
        remove_logo(session, cora, "ADC", 1, NOW)
        given = CloneInput(slug="2027", ref_prefix="WA27")
        copied = clone_call(session, cora, world.manager(), given, NOW)
        own = type(cora)(cora.person_id, copied)
        assert logos(desk_partners(session, own)) == {
            "BC": (1, 640, 120), "AKIM": None, "ADC": None, "KBTU": None,
        }  # fmt: skip
        assert partners_of(session, "2027") == [], "it is not public"


def test_the_sweep_leaves_what_is_shown(engine: Engine, world: World, tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "files")
    keys = []
    for word in ("shown", "replaced"):
        source = tmp_path / word
        source.write_text(word)
        keys.append(store.put(source))
    with session_on(engine) as session, session.begin():
        put_logo(session, world.coordinator(), "BC", 0, NewLogo(keys[0], 5, 10, 10), NOW)
    with session_on(engine, reading=True) as session:
        assert sweep(session, store, NOW.replace(year=2099)) == 1
    assert list(store.older_than(float("inf"))) == [keys[0]]


def cleaned(folder: Path, data: bytes) -> Cleaned:
    source = folder / "upload"
    source.write_bytes(data)
    check_kind(LOGO, source)
    return clean_file(LOGO, source, folder)


def refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        cleaned(folder, data)
    ((code, _),) = refused.value.fields.values()
    return code


def test_of_a_logo_only_what_is_drawn_stays(tmp_path: Path) -> None:
    """A photograph with every mark, and a sign in the middle of a large transparent paper."""
    data = made.marked_jpeg(size=(1600, 900), orientation=1)
    assert made.marks_in(data) >= set(made.JPEG_MARKS)
    found = cleaned(tmp_path, data)
    clean = found.clean.read_bytes()
    assert made.marks_in(clean) == set()
    assert (found.media_type, found.preview, found.text) == ("image/webp", None, "")
    assert found.width <= WIDTH and found.height == HEIGHT
    assert len(clean) == found.size <= MOST_BYTES
    paper = Image.new("RGBA", (1000, 1000), (0, 0, 0, 0))
    paper.paste((20, 60, 90, 255), (300, 450, 700, 550))
    found = cleaned(tmp_path, made.saved(paper))
    assert (found.width, found.height) == (400, 100)
    with Image.open(io.BytesIO(found.clean.read_bytes())) as seen:
        assert (seen.format, seen.size, seen.mode) == ("WEBP", (400, 100), "RGB")
        middle = seen.crop((200, 50, 201, 51)).tobytes()
        assert max(abs(a - b) for a, b in zip(middle, (20, 60, 90), strict=True)) < 8


def test_what_is_no_logo_is_refused_in_words(tmp_path: Path) -> None:
    white = Image.new("RGBA", (200, 80), (255, 255, 255, 255))
    reasons = {
        "file.only_white": made.saved(white),
        "file.is_drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "file.is_document": made.plain_pdf(),
        "file.is_other_picture": b"GIF89a" + bytes(40),
        "file.broken": made.marked_jpeg()[:200],
        "file.empty": b"",
    }
    found = {code: refusal(tmp_path, data) for code, data in reasons.items()}
    assert found == {code: code for code in reasons}
