"""Cleaning a PDF: it is built anew from what its pages need to be drawn. Runs in `child.py` alone.

Nothing is searched for and removed. The pages are copied into an empty document, where every dictionary
keeps the keys on the list below and loses all others: so neither the document's properties, its attachments,
scripts, forms, links, notes and page labels, nor what a program hid in a key of its own, are ever copied.
Pictures are decoded and encoded again; what pages draw is parsed and written again, without comments and
without the marks that programs put around it.
"""

import re
import warnings
from enum import Enum, auto
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from app.files.refused import Refused

MOST_PAGES = 60
MOST_POINTS = 50_000_000
MOST_DRAWN = 80 * 1024 * 1024
"""How many bytes of drawing all pages may hold, once they are unpacked."""
MOST_OBJECTS = 200_000
MOST_TEXT = 200_000
DEEPEST = 60
_TAIL = 2048
_QUALITY = 88

_PAGE = "Type Parent MediaBox CropBox Rotate UserUnit Resources Contents Group"
_RESOURCES = "Font XObject ExtGState ColorSpace Pattern Shading ProcSet"
_STREAM = (
    "Length Filter DecodeParms Predictor Colors Columns EarlyChange K EndOfLine EncodedByteAlign Rows "
    "EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform JBIG2Globals Length1 Length2 Length3"
)
_DRAWN = "Type Subtype FormType BBox Matrix Resources Group S CS I K"
_IMAGE = "Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask Matte"
_FONT = (
    "BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode DescendantFonts CIDSystemInfo DW W "
    "DW2 W2 CIDToGIDMap Differences BaseEncoding FontBBox FontMatrix CharProcs FontName Flags ItalicAngle "
    "Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth FontFile FontFile2 "
    "FontFile3 CIDSet Registry Ordering Supplement CMapName WMode UseCMap"
)
_STATE = (
    "LW LC LJ ML D RI OP op OPM Font FL SM SA BM SMask CA ca AIS TK G BC TR FunctionType Domain Range Size "
    "BitsPerSample Order Encode C0 C1 N Functions Bounds"
)
_PATTERN = (
    "PatternType PaintType TilingType XStep YStep Shading ExtGState ShadingType Background AntiAlias "
    "Function Extend Coords BitsPerCoordinate BitsPerFlag VerticesPerRow WhitePoint BlackPoint Gamma"
)
KEPT = frozenset(
    f"/{key}"
    for part in (_PAGE, _RESOURCES, _STREAM, _DRAWN, _IMAGE, _FONT, _STATE, _PATTERN)
    for key in part.split()
)
"""Every key that drawing a page can need. A dictionary in the clean copy has no other."""
NAMED = frozenset({"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading"})
"""Of a page's resources, the dictionaries whose keys are names that the page itself chose."""
TABLE = "a palette"
WORDS = frozenset({"/Registry", "/Ordering"})
"""The only texts that a font needs; any other text within the things to draw with is dropped."""
_DEVICES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_OPERATORS = (
    "b B b* B* BT BX c cm CS cs d d0 d1 Do ET EX f F f* G g gs h i j J K k l m M n q Q re RG rg ri s S SC sc "
    "SCN scn sh T* Tc Td TD Tf TL Tm Tr Ts Tw Tz v w W W* y"
)
DRAWING = frozenset(_OPERATORS.split())
WRITING = frozenset({"Tj", "TJ", "'", '"'})
"""What a page is drawn with. Texts belong to writing alone."""
DATA = frozenset({"/FontFile", "/FontFile2", "/FontFile3", "/CIDToGIDMap", "/CIDSet", "/JBIG2Globals", TABLE})
"""Where streams stand whose bytes are a font's or a picture's own."""
LETTERS = frozenset(
    b"begincmap endcmap begincodespacerange endcodespacerange beginbfchar endbfchar beginbfrange endbfrange "
    b"begincidrange endcidrange begincidchar endcidchar beginnotdefrange endnotdefrange beginnotdefchar "
    b"endnotdefchar usecmap def dict dup begin end findresource defineresource pop currentdict (Adobe) "
    b"(Identity) (UCS) (Japan1) (GB1) (CNS1) (Korea1) [ ] << >>".split()
)
"""The words of a table of letters (a CMap)."""
REASONING = frozenset(
    b"add sub mul div idiv mod neg abs ceiling floor round truncate sqrt sin cos atan exp ln log cvi cvr eq "
    b"ne gt ge lt le and or xor not bitshift true false if ifelse pop exch dup copy index roll { }".split()
)
"""The words of a computed colour (a function of type 4)."""
_TOKEN = re.compile(
    rb"%[^\r\n]*|\([^()]*\)|<<|>>|<[0-9A-Fa-f\s]*>|/[^\s()<>\[\]{}/%]*|[\[\]{}]|[^\s()<>\[\]{}/%]+"
)
_PLAIN = re.compile(rb"[+-]?[0-9.]+|<[0-9A-Fa-f\s]*>|/[^\s]*")
_COMMENT_SEGMENT = 62
TEXTS = (String, Dictionary)


def clean_document(source: Path, folder: Path) -> dict[str, Any]:
    """Write `clean` and `text` into the folder. Refused for what is locked, damaged, empty or too much."""
    if b"%%EOF" not in _tail(source):
        raise Refused("file.broken")
    try:
        # What a library only warns of is no reason to refuse; this runs in a process of its own.
        with warnings.catch_warnings(action="ignore"), Pdf.open(source) as given:
            if given.is_encrypted:
                raise Refused("file.locked")
            pages = len(given.pages)
            _check_pages(pages)
            _rebuild(given, folder / "clean")
        (folder / "text").write_text(_read(folder / "clean", pages), encoding="utf-8")
    except pikepdf.PasswordError:
        raise Refused("file.locked") from None
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, KeyError, OSError, RuntimeError):
        raise Refused("file.broken") from None
    except RecursionError:
        raise Refused("file.too_heavy") from None
    return {"pages": pages}


def _tail(source: Path) -> bytes:
    with source.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _TAIL))
        return file.read()


def _check_pages(pages: int) -> None:
    if not pages:
        raise Refused("file.broken")
    if pages > MOST_PAGES:
        raise Refused("file.too_many_pages", most=MOST_PAGES, found=pages)


def _rebuild(given: Pdf, target: Path) -> None:
    clean = Pdf.new()
    for page in given.pages:
        # What a page inherits is written into it before it leaves its document.
        clean.pages.append(page)
    cleaner = Cleaner(clean)
    for copied in clean.pages:
        cleaner.page(copied)
    clean.remove_unreferenced_resources()
    clean.save(
        target,
        deterministic_id=True,
        compress_streams=True,
        recompress_flate=True,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )


class Place(Enum):
    """What the keys of a dictionary mean."""

    PLAIN = auto()
    """Words of the format: those on the list stay."""
    RESOURCES = auto()
    """The same, and some of them lead to names."""
    NAMES = auto()
    """Names that the page chose, for things to draw with."""
    GLYPHS = auto()
    """Names of letters, each of which is drawn."""


class Cleaner:
    """Walks through everything that a page reaches, once, and keeps what is on the list."""

    def __init__(self, clean: Pdf) -> None:
        self.clean = clean
        self.seen: set[tuple[int, int]] = set()
        self.count = 0
        self.drawn = 0

    def page(self, page: pikepdf.Page) -> None:
        """One page, in place."""
        page.contents_coalesce()
        contents = page.obj.get(Name.Contents)
        if isinstance(contents, Stream):
            page.obj.Contents = self.clean.make_stream(self._redrawn(contents, page))
        elif contents is not None:
            del page.obj.Contents
        self._dictionary(page.obj, 0, Place.PLAIN)

    def _value(self, key: str, value: Any, depth: int, place: Place) -> None:
        """What stands under a key; `place` is what the keys of a dictionary there mean."""
        if depth > DEEPEST:
            raise Refused("file.too_heavy")
        if isinstance(value, Stream):
            if not self._met(value):
                self._stream(key, value, depth, draws=place is Place.GLYPHS)
        elif isinstance(value, Dictionary):
            if not self._met(value):
                self._dictionary(value, depth, place)
        elif isinstance(value, Array) and not self._met(value):
            self._array(value, depth)

    def _met(self, value: Any) -> bool:
        """Whether it was looked at before; what is written in its place is met once anyway."""
        self.count += 1
        if self.count > MOST_OBJECTS:
            raise Refused("file.too_heavy")
        if not value.is_indirect:
            return False
        known = value.objgen in self.seen
        self.seen.add(value.objgen)
        return known

    def _dictionary(self, value: Any, depth: int, place: Place) -> None:
        names = place in {Place.NAMES, Place.GLYPHS}
        for key in list(value.keys()):
            inner = value[key]
            if (not names and key not in KEPT) or (isinstance(inner, String) and key not in WORDS):
                del value[key]
            elif key not in {"/Parent", "/Contents"}:
                plain = _device(inner)
                if plain is not None:
                    value[key] = plain
                else:
                    self._value(key, inner, depth + 1, _place_below(key, place))

    def _array(self, value: Any, depth: int) -> None:
        table = len(value) > 0 and value[0] == Name.Indexed
        for index in range(len(value)):
            inner = value[index]
            plain = _device(inner)
            if plain is not None:
                value[index] = plain
            elif isinstance(inner, String):
                # The colours of a palette are written as a text; nothing else in an array is.
                if not table:
                    value[index] = String("")
            else:
                self._value(TABLE if table else "", inner, depth + 1, Place.PLAIN)

    def _stream(self, key: str, value: Any, depth: int, *, draws: bool) -> None:
        subtype = value.get(Name.Subtype)
        if subtype == Name.Image:
            self._dictionary(value, depth, Place.PLAIN)
            _picture(value)
            return
        if draws or subtype == Name.Form or value.get(Name.PatternType) is not None:
            value.write(self._redrawn(value, value))
        elif key in {"/ToUnicode", "/Encoding", "/UseCMap"}:
            value.write(_only(LETTERS, value.read_bytes()))
        elif value.get(Name.FunctionType) == 4:
            value.write(_only(REASONING, value.read_bytes()))
        elif key not in DATA and value.get(Name.FunctionType) != 0 and value.get(Name.ShadingType) is None:
            # Nobody here knows what it is for.
            raise Refused("file.cannot_clean")
        self._dictionary(value, depth, Place.PLAIN)

    def _redrawn(self, stream: Any, owner: Any) -> bytes:
        """What is drawn, parsed and written again: no comment survives that, nor the tags, alternative texts
        and properties that programs put around parts of a page."""
        self.drawn += len(stream.read_bytes())
        if self.drawn > MOST_DRAWN:
            raise Refused("file.too_heavy")
        kept = [each for each in pikepdf.parse_content_stream(owner) if _is_drawn(each)]
        return pikepdf.unparse_content_stream(kept)


def _place_below(key: str, place: Place) -> Place:
    if place is Place.RESOURCES and key in NAMED:
        return Place.NAMES
    if key == "/Resources":
        return Place.RESOURCES
    if key == "/CharProcs" or place is Place.GLYPHS:
        return Place.GLYPHS
    return Place.PLAIN


def _device(value: Any) -> Any:
    """A colour profile names a device, and often its owner: plain colours stand in its place."""
    if isinstance(value, Array) and len(value) == 2 and value[0] == Name.ICCBased:
        profile = value[1]
        parts = int(profile.get(Name.N, 3)) if isinstance(profile, Stream) else 3
        return _DEVICES.get(parts, Name.DeviceRGB)
    return None


def _is_drawn(instruction: Any) -> bool:
    """Whether this puts something on the page."""
    if isinstance(instruction, pikepdf.ContentStreamInlineImage):
        if any("DCT" in each for each in map(str, instruction.iimage.filters)):
            # A photograph within the drawing itself: rare, and nothing here takes its hidden data away.
            raise Refused("file.cannot_clean")
        return True
    operator = str(instruction.operator)
    if operator in WRITING:
        return True
    return operator in DRAWING and not any(isinstance(each, TEXTS) for each in instruction.operands)


def _only(words: frozenset[bytes], program: bytes) -> bytes:
    """A small program without whatever is no word of its language, no number and no name."""
    tokens = (match.group() for match in _TOKEN.finditer(program))
    return b"\n".join(each for each in tokens if each in words or _PLAIN.fullmatch(each))


# ---------------------------------------------------------------- pictures on a page


def _picture(value: Any) -> None:
    """The points alone, in an encoding that has no place for words."""
    width, height = int(value.get(Name.Width, 0)), int(value.get(Name.Height, 0))
    if width < 1 or height < 1 or width * height > MOST_POINTS:
        raise Refused("file.too_many_points", most=MOST_POINTS // 1_000_000)
    filters = _filters(value)
    last = filters[-1] if filters else ""
    if last in {"/DCTDecode", "/JPXDecode"}:
        _encode_again(value, _unwrapped(value, filters), is_jpx=last == "/JPXDecode")
    elif last == "/JBIG2Decode":
        if _says_something(_unwrapped(value, filters)):
            raise Refused("file.cannot_clean")
    elif last != "/CCITTFaxDecode":
        _cut_to_size(value, width, height)


def _filters(value: Any) -> list[str]:
    given = value.get(Name.Filter)
    if isinstance(given, Array):
        return [str(each) for each in given]
    return [] if given is None else [str(given)]


def _unwrapped(value: Any, filters: list[str]) -> bytes:
    """The picture's own bytes: what was packed around them is taken off."""
    raw = bytes(value.read_raw_bytes())
    if len(filters) == 1:
        return raw
    if any(each not in {"/FlateDecode", "/ASCII85Decode", "/ASCIIHexDecode"} for each in filters[:-1]):
        raise Refused("file.cannot_clean")
    wrapped = Stream(Pdf.new(), raw)
    wrapped.Filter = Array([Name(each) for each in filters[:-1]])
    return bytes(wrapped.read_bytes())


def _encode_again(value: Any, raw: bytes, *, is_jpx: bool) -> None:
    """A photograph, decoded and encoded: no EXIF, XMP, comment or thumbnail comes along."""
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    with Image.open(BytesIO(raw), formats=("JPEG", "MPO", "JPEG2000")) as opened:
        opened.load()
        if opened.mode == "CMYK" and not is_jpx:
            # Printers' colours do not survive being encoded here; their file is emptied of all but them.
            value.write(without_segments(raw), filter=Name.DCTDecode)
            return
        mode = "L" if opened.mode in {"L", "1", "I;16"} else "RGB"
        painted = Image.new(mode, opened.size)
        painted.paste(opened.convert(mode))
    out = BytesIO()
    painted.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    value.write(out.getvalue(), filter=Name.DCTDecode)
    if is_jpx:
        value.ColorSpace = Name.DeviceGray if mode == "L" else Name.DeviceRGB
        value.BitsPerComponent = 8
        if Name.Decode in value:
            del value.Decode


def without_segments(raw: bytes) -> bytes:
    """A JPEG without any segment that a decoder does not need, and without what follows its end."""
    out, at = bytearray(raw[:2]), 2
    while at + 4 <= len(raw) and raw[at] == 0xFF:
        marker = raw[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        end = at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        if marker == 0xEE and raw[at + 4 : at + 9] == b"Adobe":
            # This one says how the colours are meant; other APPn and comments say who, where and when.
            out += b"\xff\xee\x00\x0e" + raw[at + 4 : at + 16]
        elif not 0xE0 <= marker <= 0xEF and marker != 0xFE:
            out += raw[at:end]
        at = end
        if marker == 0xDA:
            scan = _end_of_scan(raw, at)
            out += raw[at:scan]
            at = scan
            if raw[at : at + 2] == b"\xff\xd9":
                return bytes(out + b"\xff\xd9")
    raise Refused("file.broken")


def _end_of_scan(raw: bytes, at: int) -> int:
    """Where the points of one scan end: at the next marker that is no restart and no escaped 0xFF."""
    while True:
        at = raw.find(b"\xff", at)
        if at < 0 or at + 1 >= len(raw):
            raise Refused("file.broken")
        if raw[at + 1] != 0 and not 0xD0 <= raw[at + 1] <= 0xD7:
            return at
        at += 2


def _says_something(data: bytes) -> bool:
    """Whether a scan of black and white dots (JBIG2) holds a comment, or cannot be told not to."""
    at = 0
    while at + 11 <= len(data):
        number, flags, referred = int.from_bytes(data[at : at + 4], "big"), data[at + 4], data[at + 5] >> 5
        at += 6
        if referred == 7:
            referred = int.from_bytes(data[at - 1 : at + 3], "big") & 0x1FFFFFFF
            at += 3 + (referred + 8) // 8
        at += referred * (1 if number <= 256 else 2 if number <= 65536 else 4)
        at += 4 if flags & 0x40 else 1
        length = int.from_bytes(data[at : at + 4], "big")
        if flags & 0x3F == _COMMENT_SEGMENT or length == 0xFFFFFFFF:
            return True
        at += 4 + length
    return at != len(data)


def _cut_to_size(value: Any, width: int, height: int) -> None:
    """Points that are written as they are: exactly as many as the picture has, and nothing behind them."""
    parts = _parts(value.get(Name.ColorSpace))
    bits = 1 if value.get(Name.ImageMask) else int(value.get(Name.BitsPerComponent, 8))
    if parts is None or bits not in {1, 2, 4, 8, 16}:
        raise Refused("file.cannot_clean")
    size = (width * parts * bits + 7) // 8 * height
    value.write(bytes(value.read_bytes()[:size]))


def _parts(space: Any) -> int | None:
    """How many numbers one point has; None for a way of colouring that is not known."""
    if space is None:
        return 1  # a mask
    family = space[0] if isinstance(space, Array) else space
    if family == Name.DeviceN and len(space) > 1:
        return len(space[1])
    return {
        "/DeviceGray": 1, "/CalGray": 1, "/Indexed": 1, "/Separation": 1, "/DeviceRGB": 3, "/CalRGB": 3,
        "/Lab": 3, "/DeviceCMYK": 4,
    }.get(str(family))  # fmt: skip


# ---------------------------------------------------------------- its text


def _read(clean: Path, pages: int) -> str:
    """The words of the clean copy, as a second and independent reader finds them."""
    document = pypdfium2.PdfDocument(clean)
    if len(document) != pages:
        raise Refused("file.broken")
    said, left = [], MOST_TEXT
    for page in document:
        words = page.get_textpage().get_text_bounded()[:left]
        said.append(words)
        left -= len(words)
        if left <= 0:
            break
    return "\n".join(said).replace("\x00", "").encode("utf-8", "ignore").decode()
