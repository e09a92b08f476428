"""What a file is, by its first bytes. The list is short, and whatever is not on it is refused by name.

A name, an ending and a declared type say nothing: everybody can type them. The first bytes only choose the
parser; that the file really is what it begins like is for the parser to say (`picture.py`, `document.py`).
"""

from enum import StrEnum

MOST_BYTES = 10 * 1024 * 1024
"""How large one file may be; said to people as 10 MB."""
PREVIEW_WIDTH, PREVIEW_HEIGHT = 480, 680
"""How large a small picture is; a page on paper fits into it."""
HEAD = 512
"""How many bytes are enough to tell what a file is."""


class MediaType(StrEnum):
    """What is taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"


PICTURES = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.HEIC})
DOCUMENTS = frozenset({MediaType.PDF})

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

# What people try to send instead. Looked for after what is taken, to say what would help.
_INSTEAD: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "file.is_office"),
    (b"PK\x05\x06", "file.is_office"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.is_office"),
    (b"{\\rtf", "file.is_office"),
    (b"GIF8", "file.is_other_picture"),
    (b"BM", "file.is_other_picture"),
    (b"II*\x00", "file.is_other_picture"),
    (b"MM\x00*", "file.is_other_picture"),
)
_MARKUP = (b"<html", b"<!doctype", b"<script", b"<svg", b"<?xml", b"<body")


def media_type(head: bytes) -> MediaType | None:
    """What the file begins like, at its very first byte; None for anything that is not taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return MediaType.HEIC
    if head.startswith(b"%PDF-"):
        return MediaType.PDF
    return None


def reason_against(head: bytes, wanted: frozenset[MediaType]) -> str:
    """The code of why a file with this beginning is not one of `wanted`; empty where it is."""
    if not head:
        return "file.empty"
    found = media_type(head)
    if found in wanted:
        return ""
    if found is not None:
        return "file.is_document" if found is MediaType.PDF else "file.is_picture"
    for beginning, code in _INSTEAD:
        if head.startswith(beginning):
            return code
    low = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in low:
        return "file.is_drawing"
    if low.startswith(_MARKUP):
        return "file.is_page"
    return "file.no_picture" if wanted == PICTURES else "file.no_document"
