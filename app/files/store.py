"""Where files are kept: by the hash of what they hold, so that nothing is ever overwritten or half there.

A file becomes visible by a rename, after its bytes are on the disk, and before the row that names it is
committed. What no row names (an upload that was cut off, a deleted draft) is swept by the job worker.
"""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from app.errors import Conflict, Unavailable

PIECE = 256 * 1024
_KEY = re.compile(r"[0-9a-f]{64}")
_TEMPORARY = "tmp"


class FileAway(Conflict):
    """The row is there and its bytes are not: a disk that is not mounted, a backup without its files."""

    code = "file.away"


class StoreAway(Unavailable):
    """The place where files are kept does not answer, or refuses: nothing was kept or read."""

    code = "file.store_away"


def is_key(name: str) -> bool:
    """Whether it can be the name of a file that was put."""
    return _KEY.fullmatch(name) is not None


class Store(Protocol):
    """A place for files. A key is the SHA-256 of the bytes. StoreAway where the place does not answer."""

    def put(self, source: Path) -> str:
        """Keep a copy of a file for good; on return it would outlive a power cut. Gives its key."""

    def open(self, key: str) -> BinaryIO:
        """Its bytes. FileAway where they are gone."""

    def older_than(self, moment: float) -> Iterator[str]:
        """The keys of what was last put before a moment (seconds since 1970)."""

    def remove(self, key: str, *, unless_after: float) -> bool:
        """Forget it, unless it was put again after a moment; whether it was forgotten."""

    def workplace(self) -> AbstractContextManager[Path]:
        """A private folder for one upload, gone with all that is in it when it is left."""

    def clear_workplaces(self, before: float) -> int:
        """Remove the workplaces that a killed process left before a moment; how many."""


class LocalStore:
    """A folder on a local disk, outside of everything that is served."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, source: Path) -> str:
        """Copied under another name, synced, renamed: `key` either is not there or is whole."""
        with source.open("rb") as read:
            key = hashlib.file_digest(read, "sha256").hexdigest()
        target = self.path(key)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = target.with_name(f".{secrets.token_hex(8)}")
        try:
            with source.open("rb") as read, half.open("xb") as written:
                shutil.copyfileobj(read, written, PIECE)
                written.flush()
                os.fsync(written.fileno())
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
        _sync_folder(target.parent)
        _sync_folder(self.root)
        return key

    def open(self, key: str) -> BinaryIO:
        try:
            return self.path(key).open("rb")
        except OSError:
            raise FileAway from None

    def older_than(self, moment: float) -> Iterator[str]:
        for path in self.root.glob("[0-9a-f][0-9a-f]/*"):
            if path.stat().st_mtime < moment:
                if is_key(path.name):
                    yield path.name
                else:
                    path.unlink(missing_ok=True)

    def remove(self, key: str, *, unless_after: float) -> bool:
        path = self.path(key)
        try:
            if path.stat().st_mtime >= unless_after:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        place = self.root / _TEMPORARY / secrets.token_hex(8)
        place.mkdir(mode=0o700, parents=True)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def clear_workplaces(self, before: float) -> int:
        left = [place for place in (self.root / _TEMPORARY).glob("*") if place.stat().st_mtime < before]
        for place in left:
            shutil.rmtree(place, ignore_errors=True)
        return len(left)

    def path(self, key: str) -> Path:
        """Where a file is or would be: only what looks like a hash becomes a path."""
        if not is_key(key):
            raise FileAway
        return self.root / key[:2] / key


def _sync_folder(folder: Path) -> None:
    """A rename is only for good once its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def pieces_of(handle: BinaryIO) -> Iterator[bytes]:
    """The bytes of an opened file, piece by piece; it is closed at the end."""
    with handle:
        while piece := handle.read(PIECE):
            yield piece
