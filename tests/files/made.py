"""Files as people send them, made here: with every mark that a program leaves, and with every fault."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, PngImagePlugin

XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/'
    'elements/1.1/"><dc:creator>{}</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def mark(place: str, who: str = "") -> str:
    """A word of letters and digits that no encoding changes."""
    return f"zqmark{place}{who}"


def points(size: tuple[int, int] = (64, 40), mode: str = "RGB") -> Image.Image:
    """A picture in which every corner has a colour of its own, so that turning it is seen."""
    picture = Image.new("RGB", size, (240, 230, 210))
    half = (size[0] // 2, size[1] // 2)
    picture.paste((200, 30, 30), (0, 0, *half))
    picture.paste((30, 30, 200), (half[0], half[1], *size))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


JPEG_MARKS = ("exif", "gps", "xmp", "comment", "profile", "thumbnail", "trailer")


def marked_jpeg(who: str = "", size: tuple[int, int] = (64, 40), orientation: int = 6) -> bytes:
    """A photograph that says in seven places whose it is, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = mark("exif", who)
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (43.0, 14.0, 15.0)
    gps[27] = mark("gps", who)
    profile = bytearray(_srgb())
    profile += mark("profile", who).encode().ljust(64)
    profile[:4] = struct.pack(">I", len(profile))
    whole = saved(
        points(size), "JPEG", exif=exif, xmp=XMP.format(mark("xmp", who)).encode(),
        comment=mark("comment", who).encode(), icc_profile=bytes(profile), quality=90,
    )  # fmt: skip
    thumbnail = saved(points((16, 10)), "JPEG", comment=mark("thumbnail", who).encode())
    segment = b"\xff\xed" + struct.pack(">H", len(thumbnail) + 16) + b"Photoshop 3.0\0" + thumbnail
    return whole[:2] + segment + whole[2:] + mark("trailer", who).encode()


def _srgb() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def marked_png(who: str = "") -> bytes:
    """A sketch with a text chunk, half of it transparent."""
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", mark("png", who))
    about.add_itxt("XML:com.adobe.xmp", XMP.format(mark("pngxmp", who)))
    return saved(points(mode="RGBA"), "PNG", pnginfo=about)


def marked_webp(who: str = "") -> bytes:
    exif = Image.Exif()
    exif[0x013B] = mark("webp", who)
    return saved(points(), "WEBP", exif=exif, xmp=XMP.format(mark("webpxmp", who)).encode())


def marked_heic(who: str = "") -> bytes:
    import pillow_heif

    exif = Image.Exif()
    exif[0x013B] = mark("heic", who)
    out = io.BytesIO()
    pillow_heif.from_pillow(points((64, 64))).save(out, exif=exif.tobytes(), quality=80)
    return out.getvalue()


# ---------------------------------------------------------------- PDF

PDF_MARKS = (
    "info", "xmp", "annotation", "exif", "attachment", "attached", "form", "link", "imagexmp", "pieceinfo",
    "script", "label",
)  # fmt: skip
"""The twelve kinds of mark by which a PDF names its maker."""
MORE_MARKS = (
    "pagexmp", "outline", "named", "comment", "actual", "property", "hidden", "string", "rest", "function",
    "cmap", "thumb", "deep", "shared",
)  # fmt: skip
"""Places that a list of kinds forgets."""
VISIBLE = "orchard words on the page"


def marked_pdf(who: str = "", *, said: str = VISIBLE, photo: bytes | None = None) -> bytes:
    """A PDF with a mark in every place, two pages and a text that people read."""
    pdf = Pdf.new()
    for _ in range(2):
        pdf.add_blank_page(page_size=(300, 200))
    page = pdf.pages[0]
    pdf.docinfo[Name.Author] = String(mark("info", who))
    pdf.Root.Metadata = _xmp(pdf, "xmp", who)
    page.obj.Metadata = _xmp(pdf, "pagexmp", who)
    page.obj.PieceInfo = Dictionary(App=Dictionary(Private=String(mark("pieceinfo", who))))
    page.obj.Thumb = _raw_image(pdf, mark("thumb", who).encode().ljust(192))
    page.obj.Annots = pdf.make_indirect(Array(_annotations(pdf, who)))
    pdf.attachments[f"{mark('attachment', who)}.txt"] = mark("attached", who).encode()
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{mark('script', who)}')"))
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(mark("label", who)))]))
    pdf.Root.Names.Dests = Dictionary(Names=Array([String(mark("named", who)), Array([page.obj, Name.Fit])]))
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(mark("outline", who), 0))
    page.Resources = _resources(pdf, who, photo or marked_jpeg(who, orientation=1))
    drawn = (
        f"% {mark('comment', who)}\n/Span << /ActualText ({mark('actual', who)}) >> BDC\n"
        f"/Of /P0 BDC q 60 0 0 40 200 20 cm /Im0 Do Q EMC q 40 0 0 40 100 20 cm /Im1 Do Q /Fm0 Do\n"
        f"BT /F1 12 Tf 20 150 Td ({said}) Tj ET EMC\n"
    )
    page.Contents = Stream(pdf, drawn.encode())
    first = io.BytesIO()
    pdf.save(first, static_id=True, compress_streams=False)
    return _saved_again(first.getvalue(), who)


def _saved_again(whole: bytes, who: str) -> bytes:
    """An incremental save: what was there before remains in the file, and a comment stands behind its end."""
    start = whole.rindex(b"startxref")
    end = f"% {mark('rest', who)}\n".encode() + whole[start:]
    return whole + end


def _xmp(pdf: Pdf, place: str, who: str) -> Stream:
    stream = Stream(pdf, XMP.format(mark(place, who)).encode())
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    return stream


def _raw_image(pdf: Pdf, data: bytes) -> Stream:
    stream = Stream(pdf, data)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = 8, 8, 8
    stream.ColorSpace = Name.DeviceRGB
    return stream


def _annotations(pdf: Pdf, who: str) -> list[Any]:
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([1, 1, 9, 9]), T=String(mark("annotation", who))
    )  # fmt: skip
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([1, 1, 9, 9]),
        A=Dictionary(S=Name.URI, URI=String(f"https://example.org/{mark('link', who)}")),
    )  # fmt: skip
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Rect=Array([1, 1, 9, 9]),
            T=String("name"), V=String(mark("form", who)),
        )
    )  # fmt: skip
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    return [pdf.make_indirect(note), pdf.make_indirect(link), field]


def _resources(pdf: Pdf, who: str, photo: bytes) -> Dictionary:
    picture = Stream(pdf, photo)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 64, 40, 8
    profile = Stream(pdf, _srgb() + mark("hidden", who).encode())
    profile.N = 3
    picture.ColorSpace = Array([Name.ICCBased, profile])
    picture.Filter = Name.DCTDecode
    picture.Metadata = _xmp(pdf, "imagexmp", who)
    raw = _raw_image(pdf, bytes(192) + mark("hidden", who).encode())
    form = Stream(pdf, f"% {mark('deep', who)}\n0 0 5 5 re f\n".encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    shared = pdf.make_indirect(Dictionary(Author=String(mark("shared", who))))
    form.Resources = Dictionary(ExtGState=shared)
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Creator=String(mark("string", who))
    )  # fmt: skip
    font.ToUnicode = Stream(pdf, f"%%Title: {mark('cmap', who)}\nbegincmap\nendcmap\n".encode())
    function = Stream(pdf, f"{{ % {mark('function', who)}\n }}".encode())
    function.FunctionType, function.Domain, function.Range = 4, Array([0, 1]), Array([0, 1])
    tint = Array([Name.Separation, Name("/Spot"), Name.DeviceGray, function])
    return Dictionary(
        XObject=Dictionary(Im0=picture, Im1=raw, Fm0=form),
        Font=Dictionary(F1=pdf.make_indirect(font)),
        ColorSpace=Dictionary(CS0=tint),
        ExtGState=Dictionary(G0=shared),
        Properties=Dictionary(P0=Dictionary(Type=Name.OCG, Name=String(mark("property", who)))),
    )


def plain_pdf(pages: int = 1, **saving: Any) -> bytes:
    pdf = Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 200))
    out = io.BytesIO()
    pdf.save(out, static_id=True, **saving)
    return out.getvalue()


def locked_pdf() -> bytes:
    pdf = Pdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner="secret", user="secret"))
    return out.getvalue()


def everything_in(data: bytes) -> Iterator[bytes]:
    """The raw bytes of a PDF or a picture, and each stream of a PDF as it is stored and unpacked."""
    yield data
    if not data.startswith(b"%PDF"):
        return
    with Pdf.open(io.BytesIO(data)) as pdf:
        yield repr(pdf.docinfo).encode()
        for each in pdf.objects:
            if isinstance(each, Stream):
                yield bytes(each.read_raw_bytes())
                try:
                    yield bytes(each.read_bytes())
                except pikepdf.PdfError:
                    continue
            elif isinstance(each, Dictionary | Array | String):
                yield each.unparse(resolved=True)


def marks_in(data: bytes) -> set[str]:
    """Every mark that is still there, in whatever way a text can be written."""
    found = set()
    for part in everything_in(data):
        low = part.lower()
        for place in (*PDF_MARKS, *MORE_MARKS, *JPEG_MARKS, "png", "pngxmp", "webp", "webpxmp", "heic"):
            word = mark(place)
            ways = (
                word.encode(),
                word.encode("utf-16-be"),
                word.encode("utf-16-le"),
                word.encode().hex().encode(),
            )
            if any(way in low for way in ways):
                found.add(place)
    return found


# ---------------------------------------------------------------- bombs


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few kilobytes that claim to be a picture of 2.5 billion points."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = zlib.compress(bytes(width // 8 + 1) * 200, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def pdf_bomb(megabytes: int = 3000) -> bytes:
    """A page that is some kilobytes packed and gigabytes unpacked."""
    pdf = Pdf.new()
    pdf.add_blank_page()
    packer = zlib.compressobj(9)
    piece = b"0 0 m\n" * 170_000
    data = b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()
    stream = Stream(pdf, zlib.compress(data, 9))
    stream.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    pdf.pages[0].Contents = stream
    out = io.BytesIO()
    pdf.save(out, static_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()
