"""What is left of a file once it has been cleaned: what it shows, and not a word of whose it is."""

import io
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.errors import Invalid
from app.files.child import MEMORY, first_page
from app.files.cleaning import DOCUMENT, PICTURE, Cleaned, _checked, _lines, check_kind, clean_file
from app.files.document import clean_document, without_segments
from app.files.kinds import DOCUMENTS, PICTURES, media_type, reason_against
from app.files.refused import Refused
from tests.files import made


def cleaned(folder: Path, kind: str, data: bytes) -> Cleaned:
    """As an upload is: told by its beginning, then cleaned in a process of its own."""
    source = folder / "upload"
    source.write_bytes(data)
    check_kind(kind, source)
    return clean_file(kind, source, folder)


def refusal(folder: Path, kind: str, data: bytes) -> str:
    """The code of the reason for which these bytes are refused."""
    with pytest.raises(Invalid) as refused:
        cleaned(folder, kind, data)
    ((code, _),) = refused.value.fields.values()
    return code


def seen(data: bytes, page: int = 0) -> Image.Image:
    """A page as a reader sees it."""
    document = pypdfium2.PdfDocument(data)
    picture: Image.Image = document[page].render(scale=2).to_pil().convert("RGB")
    return picture


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much two pictures differ, from 0 to 255, point by point."""
    pairs = zip(one.tobytes(), other.tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / len(one.tobytes())


# ---------------------------------------------------------------- whose it is


def test_a_pdf_with_every_mark_shows_the_same_and_says_nothing_of_its_maker(tmp_path: Path) -> None:
    """The twelve kinds, and the places that a list of kinds forgets: raw, and in every stream unpacked."""
    data = made.marked_pdf()
    assert made.marks_in(data) >= {*made.PDF_MARKS, *made.MORE_MARKS}
    found = cleaned(tmp_path, DOCUMENT, data)
    clean = found.clean.read_bytes()
    assert made.marks_in(clean) == set()
    assert found.pages == 2
    assert made.VISIBLE in found.text
    assert difference(seen(data), seen(clean)) < 2
    assert found.preview is not None
    painted = found.preview.read_bytes()
    assert made.marks_in(painted) == set(), "the first page is painted from the copy"
    assert len(painted) < 40_000
    with Image.open(io.BytesIO(painted)) as page:
        assert (page.format, page.size) == ("WEBP", (found.width, found.height))
        assert set(page.info) <= {"loop", "background"}, "what every WebP says"
        assert 0 < page.width <= 480 and 0 < page.height <= 680
        assert len(set(page.convert("L").tobytes())) > 20, "something stands on it"
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert len(pdf.docinfo) == 0
        assert clean.count(b"%%EOF") == 1


def test_a_photograph_says_nothing_of_its_maker_and_stands_upright(tmp_path: Path) -> None:
    data = made.marked_jpeg()
    assert made.marks_in(data) >= set(made.JPEG_MARKS)
    found = cleaned(tmp_path, PICTURE, data)
    assert (found.width, found.height) == (40, 64)
    assert found.preview is not None
    for path in (found.clean, found.preview):
        clean = path.read_bytes()
        assert made.marks_in(clean) == set()
        with Image.open(io.BytesIO(clean)) as picture:
            assert picture.format == "JPEG"
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            red, green, blue = picture.convert("RGB").getpixel((35, 5))  # type: ignore[misc]
            assert red > 150 > green + blue - 60, "the red corner has turned with it"


@pytest.mark.parametrize("make", [made.marked_png, made.marked_webp, made.marked_heic])
def test_every_kind_of_picture_becomes_a_plain_jpeg(tmp_path: Path, make: object) -> None:
    data = make()  # type: ignore[operator]
    assert made.marks_in(data) != set()
    found = cleaned(tmp_path, PICTURE, data)
    assert made.marks_in(found.clean.read_bytes()) == set()
    assert found.media_type == "image/jpeg"


def test_the_same_file_is_cleaned_into_the_same_bytes(tmp_path: Path) -> None:
    for kind, data in ((DOCUMENT, made.marked_pdf()), (PICTURE, made.marked_jpeg())):
        assert cleaned(tmp_path, kind, data).sha256 == cleaned(tmp_path, kind, data).sha256


def test_a_photograph_of_printers_colours_loses_its_segments_alone() -> None:
    data = made.saved(made.points().convert("CMYK"), "JPEG", comment=made.mark("comment").encode())
    bare = without_segments(data + made.mark("trailer").encode())
    assert made.marks_in(data) == {"comment"}
    assert made.marks_in(bare) == set()
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(bare)) as after:
        assert before.tobytes() == after.tobytes()


# ---------------------------------------------------------------- what is refused, and why


def test_what_is_not_taken_is_refused_with_what_would_help(tmp_path: Path) -> None:
    pdf, jpeg = made.plain_pdf(), made.marked_jpeg(size=(640, 400))
    reasons = {
        ("file.empty", DOCUMENT): [b""],
        ("file.is_page", DOCUMENT): [b"<!DOCTYPE html><p>x", b"<script>alert(1)</script>\n" + pdf],
        ("file.is_drawing", PICTURE): [b"<svg xmlns='x'><script/></svg>", b"<?xml version='1.0'?><svg/>"],
        ("file.is_office", DOCUMENT): [b"PK\x03\x04word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
        ("file.is_other_picture", PICTURE): [b"GIF89a" + bytes(20), b"BM" + bytes(20)],
        ("file.is_document", PICTURE): [pdf],
        ("file.is_picture", DOCUMENT): [jpeg],
        ("file.no_document", DOCUMENT): [b"MZ\x90" + bytes(99), b" " + pdf],
        ("file.no_picture", PICTURE): [bytes(600), b"RIFF\x00\x00\x00\x00WAVE"],
        ("file.locked", DOCUMENT): [made.locked_pdf()],
        ("file.broken", DOCUMENT): [pdf[: len(pdf) // 2], b"%PDF-1.7\n" + bytes(500) + b"\n%%EOF"],
        ("file.broken", PICTURE): [jpeg[:3000], b"\xff\xd8\xff" + bytes(500)],
        ("file.too_many_pages", DOCUMENT): [made.plain_pdf(61)],
    }
    for (code, kind), files in reasons.items():
        for data in files:
            assert refusal(tmp_path, kind, data) == code, data[:40]


@given(st.binary(max_size=300), st.sampled_from([PICTURES, DOCUMENTS]))
def test_only_the_first_byte_on_says_what_a_file_is(data: bytes, wanted: frozenset[object]) -> None:
    code = reason_against(data, wanted)  # type: ignore[arg-type]
    assert (code == "") == (media_type(data) in wanted)
    assert code == "" or code.startswith("file.")


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 20_000), bits=st.integers(1, 255))
def test_a_damaged_pdf_is_cleaned_or_refused_and_never_breaks(
    tmp_path_factory: pytest.TempPathFactory, place: int, bits: int
) -> None:
    data = bytearray(made.marked_pdf())
    data[place % len(data)] ^= bits
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "upload").write_bytes(data)
    with suppress(Refused):
        clean_document(folder / "upload", folder)
        assert made.marks_in((folder / "clean").read_bytes()) == set()


# ---------------------------------------------------------------- what is too much


def _bombs(folder: Path) -> tuple[list[str], int]:
    """How two bombs are refused, and the most memory a child took, in bytes."""
    refused = [
        refusal(folder, PICTURE, made.png_bomb()),
        refusal(folder, DOCUMENT, made.pdf_bomb(1200)),
    ]
    return refused, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def test_bombs_are_refused_in_little_time_and_memory(tmp_path: Path) -> None:
    """50,000 by 50,000 points, and gigabytes of drawing in some kilobytes: the child bears it, or ends."""
    began = time.monotonic()
    # A process of its own: a child counts what its parent held when it was made.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        refused, most = fresh.submit(_bombs, tmp_path).result()
    assert refused == ["file.too_many_points", "file.too_heavy"]
    assert most < MEMORY
    assert time.monotonic() - began < 60


def test_the_child_has_no_network_starts_no_program_and_writes_little(tmp_path: Path) -> None:
    """Tried in a process that was limited as the cleaning one is."""
    import subprocess
    import sys

    tries = """
import socket, subprocess, sys
from app.files.child import limit_myself
limit_myself()
def fails(act):
    try:
        act()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "it worked"
print(fails(lambda: socket.create_connection(("127.0.0.1", 9))))
print(fails(lambda: socket.socket()))
print(fails(lambda: subprocess.run(["true"])))
print(fails(lambda: bytearray(2 * 1024**3)))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
print(fails(lambda: open(sys.argv[1], "wb").write(bytes(65 * 1024**2))))
"""
    done = subprocess.run(
        [sys.executable, "-c", tries, str(tmp_path / "large")], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["PermissionError"] * 3 + ["MemoryError", "OSError"]


TYPST = """
#set document(title: "zqmarktitle", author: "zqmarkinfo")
#set page(width: 400pt, height: 300pt, fill: gradient.linear(rgb("#fff"), rgb("#fd8")))
= Ә Ғ Қ Ң Ө Ұ Ү Һ І
Аулаға қырық алма ағаш: 2 310 000 ₸ #link("https://example.org/zqmarklink")[сілтеме]
#table(columns: 2, [бірінші], [екінші])
#circle(fill: rgb("#0a0a") )
#image(bytes(sys.inputs.picture.split(",").map(int)), width: 60pt)
"""


def test_a_document_as_programs_make_them_looks_and_reads_the_same(tmp_path: Path) -> None:
    """Kazakh letters of embedded fonts, a gradient, something half transparent, a picture with an alpha."""
    import typst

    png = made.marked_png()
    data = typst.compile(TYPST.encode(), sys_inputs={"picture": ",".join(map(str, png))})
    found = cleaned(tmp_path, DOCUMENT, data)
    clean = found.clean.read_bytes()
    assert difference(seen(data), seen(clean)) < 1
    assert "Ә Ғ Қ Ң Ө Ұ Ү Һ І" in found.text
    assert "2 310 000 ₸" in found.text.replace("\xa0", " ")
    for part in made.everything_in(clean):
        assert b"zqmark" not in part.lower()
        assert "zqmark".encode("utf-16-be") not in part


def test_what_the_process_says_is_looked_at_before_it_is_believed(tmp_path: Path) -> None:
    """As if a parser had been taken over by the file that it read."""
    (tmp_path / "clean").write_bytes(b"<script>alert(1)</script>")
    (tmp_path / "preview").write_bytes(b"")
    for kind in (PICTURE, DOCUMENT):
        with pytest.raises(Invalid):
            _checked(kind, {}, tmp_path)


def test_a_copy_outlives_the_picture_of_its_first_page(tmp_path: Path) -> None:
    """The picture is a help: a page that cannot be painted, or a lie about it, costs nothing else."""
    data = made.marked_pdf()
    cleaned(tmp_path, DOCUMENT, data)
    for lie in ({}, {"width": 9000, "height": 9}, {"width": "1", "height": 1}, {"width": 5}):
        found = _checked(DOCUMENT, {"pages": 2}, tmp_path, lie)
        assert (found.preview, found.width, found.height, found.pages) == (None, 0, 0, 2)
    (tmp_path / "preview").write_bytes(b"<svg>")
    assert _checked(DOCUMENT, {"pages": 2}, tmp_path, {"width": 9, "height": 9}).preview is None
    (tmp_path / "clean").write_bytes(b"%PDF-1.7 nothing at all")
    assert first_page(tmp_path) == {}
    for said, lines in ((b'{"pages": 2}\n{"wid', 1), (b'{"pages": 2}\n7\n', 0), (b"a\n", 0), (b"", 0)):
        assert len(_lines(said)) == lines
