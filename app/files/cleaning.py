"""Having a file cleaned: in a process of its own, which is stopped when it takes too long."""

import json
import subprocess
import sys
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from app.errors import Invalid
from app.files.child import SECONDS
from app.files.kinds import (
    DOCUMENTS,
    HEAD,
    PICTURES,
    PREVIEW_HEIGHT,
    PREVIEW_WIDTH,
    MediaType,
    media_type,
    reason_against,
)

ROOT = Path(__file__).parents[2]
PICTURE, DOCUMENT, LOGO = "picture", "document", "logo"
WANTED = {PICTURE: PICTURES, DOCUMENT: DOCUMENTS, LOGO: PICTURES}
MAKES = {PICTURE: MediaType.JPEG, DOCUMENT: MediaType.PDF, LOGO: MediaType.WEBP}
CLEAN, PREVIEW, TEXT = "clean", "preview", "text"
"""What the process leaves in its folder."""
REASONS = frozenset(
    {
        "file.broken",
        "file.cannot_clean",
        "file.locked",
        "file.only_white",
        "file.too_heavy",
        "file.too_many_pages",
        "file.too_many_points",
    }
)
"""What the process may say instead."""
_MOST_SAID = 4096
_MOST_PREVIEW = 200 * 1024
_MOST_TEXT = 4 * 200_000
_GRACE = 5
"""Seconds of waiting above the processor's limit: a process that waits for a disk uses none."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The copy that reviewers may see, as files in the workplace, and what is known of it.

    A document is as wide and high as the picture of its first page, and 0 where there is none.
    """

    media_type: MediaType
    clean: Path
    preview: Path | None
    size: int
    sha256: str
    width: int
    height: int
    pages: int
    text: str


def check_kind(kind: str, source: Path) -> MediaType:
    """What the file is. Invalid, with the reason, for whatever this place does not take."""
    with source.open("rb") as file:
        head = file.read(HEAD)
    code = reason_against(head, WANTED[kind])
    if code:
        raise Invalid({"file": code})
    found = media_type(head)
    assert found is not None  # noqa: S101 - it is one of those that are wanted
    return found


def clean_file(kind: str, source: Path, folder: Path) -> Cleaned:
    """Clean a file into a folder. Invalid, with the reason in words, for one that cannot be."""
    said, painted = _said(kind, source, folder)
    if "refused" in said:
        code = said["refused"] if said["refused"] in REASONS else "file.broken"
        raise Invalid({"file": (code, dict(said.get("params", {})))})
    try:
        return _checked(kind, said, folder, painted)
    except (OSError, TypeError, ValueError):
        raise Invalid({"file": "file.broken"}) from None


def _said(kind: str, source: Path, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What it says of the copy and, for a document, of the picture of its first page.

    Once it has said that the copy is made, it may fall over the picture: that is then left out.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and paths that we made
            [sys.executable, "-E", "-s", "-m", "app.files.child", kind, source, folder],
            cwd=ROOT,
            env={"LC_ALL": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS + _GRACE,
            start_new_session=True,
            check=False,
        )
        ended, lines = done.returncode, _lines(done.stdout)
    except subprocess.TimeoutExpired as late:
        ended, lines = -1, _lines(late.stdout or b"")
    if lines and kind == DOCUMENT:
        return lines[0], lines[1] if len(lines) > 1 and ended == 0 else {}
    if ended < 0:
        # Ended by a signal: out of processor time, or a parser that fell.
        return {"refused": "file.too_heavy"}, {}
    return lines[0] if lines and ended == 0 else {"refused": "file.broken"}, {}


def _lines(said: bytes) -> list[dict[str, Any]]:
    """The whole lines of JSON, each an object; none at all where it says anything else."""
    if len(said) > _MOST_SAID:
        return []
    try:
        lines = [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n")]
    except ValueError:
        return []
    return lines if all(isinstance(line, dict) for line in lines) else []


def _checked(kind: str, said: dict[str, Any], folder: Path, painted: dict[str, Any] | None = None) -> Cleaned:
    """Nothing that the process says is believed without looking: it has read what a stranger made."""
    clean, preview, text = folder / CLEAN, folder / PREVIEW, folder / TEXT
    with clean.open("rb") as file:
        found = media_type(file.read(HEAD))
        file.seek(0)
        sha256 = file_digest(file, "sha256").hexdigest()
    if found is not MAKES[kind]:
        raise Invalid({"file": "file.broken"})
    size = said if kind != DOCUMENT else painted if painted and _is_preview(preview, painted) else {}
    width, height = int(size.get("width", 0)), int(size.get("height", 0))
    return Cleaned(
        media_type=found,
        clean=clean,
        preview=preview if kind != LOGO and (kind == PICTURE or width) else None,
        size=clean.stat().st_size,
        sha256=sha256,
        width=width,
        height=height,
        pages=int(said.get("pages", 0)),
        text=text.read_bytes()[:_MOST_TEXT].decode("utf-8", "ignore") if text.exists() else "",
    )


def _is_preview(preview: Path, painted: dict[str, Any]) -> bool:
    """Whether it is a small picture, as large as it says."""
    width, height = painted.get("width"), painted.get("height")
    if not (isinstance(width, int) and isinstance(height, int)):
        return False
    fits = 0 < width <= PREVIEW_WIDTH and 0 < height <= PREVIEW_HEIGHT
    if not fits or not 0 < preview.stat().st_size <= _MOST_PREVIEW:
        return False
    with preview.open("rb") as file:
        return media_type(file.read(HEAD)) is MediaType.WEBP
