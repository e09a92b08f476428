"""A ZIP that is sent while it is made, so that no file in it is ever whole in memory."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.applications.readable import Readable
from app.files.store import Store, pieces_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of it: words, or what lies in the store."""

    name: str
    content: str | Readable


def zipped(store: Store, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The ZIP in pieces. FileAway, before the first of them, where the store has lost a file."""
    listed = list(entries)
    for each in listed:
        if isinstance(each.content, Readable):
            store.open(each.content.key).close()
    return _pieces(store, listed)


def _pieces(store: Store, entries: Iterable[Entry]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in entries:
            if isinstance(each.content, str):
                archive.writestr(each.name, each.content)
                yield sink.taken()
                continue
            # Pictures and PDFs are small already.
            with archive.open(zipfile.ZipInfo(each.name), "w") as entry:
                for piece in pieces_of(store.open(each.content.key)):
                    entry.write(piece)
                    yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the archive writes: what was not sent yet, and nothing to go back to."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        """What came since the last time."""
        piece = bytes(self._written)
        self._written.clear()
        return piece
