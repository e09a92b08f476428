"""Receiving a file: who sends it is known before a byte is read, and never more than the limit is.

A route that takes a file asks for `AsUploader` or `AsDeskUploader`, looks (in a short session of its own)
whether there is room, and then reads the stream itself, into a private folder that is gone when the request
is. What waits for the database meanwhile is nobody: no session is open while people send, or files are
cleaned.
"""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import anyio
from anyio import to_thread
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.accounts.actors import Applicant
from app.applications.actions.filing import Clean, Uploaded, add_file
from app.calls.logos import NewLogo
from app.database import session_on
from app.errors import Invalid, TooLarge
from app.files.cleaning import LOGO, check_kind, clean_file
from app.files.kinds import MOST_BYTES
from app.files.store import Store
from app.models.files import FileKind

Result = TypeVar("Result")

AROUND = 32 * 1024
"""What a form may hold beside the file: titles, boundaries, headers."""
MOST_FIELD = 8 * 1024
MOST_PARTS = 12
IDLE_SECONDS = 60
"""How long a sender may be silent."""


@dataclass
class Incoming:
    """What has come: a file in the workplace, and the fields that were sent with it."""

    folder: Path
    path: Path
    name: str = ""
    size: int = 0
    sha256: str = ""
    fields: dict[str, str] = field(default_factory=dict)


async def reading(request: Request, ask: Callable[[Session], Result]) -> Result:
    """Ask the database something in a short reading unit."""

    def asked() -> Result:
        with session_on(request.state.engine, reading=True) as session:
            return ask(session)

    async with request.state.turns:
        return await run_in_threadpool(asked)


async def writing(request: Request, act: Callable[[Session], Result]) -> Result:
    """Change something in a short unit that is committed before this returns."""

    def acted() -> Result:
        with session_on(request.state.engine) as session, session.begin():
            return act(session)

    async with request.state.turns:
        return await run_in_threadpool(acted)


@asynccontextmanager
async def incoming(request: Request) -> AsyncIterator[Incoming]:
    """The file of a form (`multipart/form-data`) or, of any other type, the body itself.

    TooLarge as soon as there are too many bytes, whatever length was declared; Invalid for a form that
    cannot be read. Nothing is left behind, however it ends.
    """
    check_length(request)
    store: Store = request.state.store
    with store.workplace() as folder:
        got = Incoming(folder, folder / "upload")
        with got.path.open("xb") as file:
            await _receive(request, got, file)
        yield got


def check_length(request: Request) -> None:
    """TooLarge for a body that says beforehand that it is."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > MOST_BYTES + AROUND:
        raise TooLarge


async def _receive(request: Request, got: Incoming, file: BinaryIO) -> None:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    taker = _Plain(got, file)
    if kind == b"multipart/form-data":
        boundary = options.get(b"boundary", b"")
        if not 1 <= len(boundary) <= 200:
            raise Invalid({"file": "file.unreadable"})
        taker = _Form(got, file, boundary)
    received = 0
    async for piece in _pieces(request):
        received += len(piece)
        if received > MOST_BYTES + AROUND:
            raise TooLarge
        taker.take(piece)
    taker.end()


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. One that ends too early, or never, is nobody's failure."""
    stream = request.stream()
    while True:
        try:
            with anyio.fail_after(IDLE_SECONDS):
                piece = await anext(stream)
        except StopAsyncIteration:
            return
        except (ClientDisconnect, TimeoutError):
            raise HTTPException(400) from None
        yield piece


class _Plain:
    """The body is the file."""

    def __init__(self, got: Incoming, file: BinaryIO) -> None:
        self.got = got
        self.file = file
        self.hash = hashlib.sha256()

    def take(self, piece: bytes) -> None:
        self.keep(piece)

    def keep(self, data: bytes) -> None:
        """Some bytes of the file. They are few at a time, and the disk buffers them."""
        self.got.size += len(data)
        if self.got.size > MOST_BYTES:
            raise TooLarge
        self.hash.update(data)
        self.file.write(data)

    def end(self) -> None:
        self.got.sha256 = self.hash.hexdigest()


class _Form(_Plain):
    """A browser's form, read as it comes: its one file goes to the disk, its few fields stay in memory."""

    def __init__(self, got: Incoming, file: BinaryIO, boundary: bytes) -> None:
        super().__init__(got, file)
        self.parts = 0
        self.files = 0
        self.name = ""
        self.is_file = False
        self.value = bytearray()
        self.header = [bytearray(), bytearray()]
        self.disposition = b""
        self.ended = False
        callbacks: Any = {
            "on_part_begin": self._begin_part,
            "on_header_field": partial(self._header, 0),
            "on_header_value": partial(self._header, 1),
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin_data,
            "on_part_data": self._data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }
        self.parser = MultipartParser(boundary, callbacks)

    def take(self, piece: bytes) -> None:
        try:
            self.parser.write(piece)
        except FormParserError:
            raise Invalid({"file": "file.unreadable"}) from None

    def end(self) -> None:
        if not self.ended:
            raise Invalid({"file": "file.unreadable"})
        super().end()

    def _end(self) -> None:
        self.ended = True

    def _begin_part(self) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise Invalid({"file": "file.unreadable"})
        self.name, self.is_file, self.value, self.disposition = "", False, bytearray(), b""
        self.header = [bytearray(), bytearray()]

    def _header(self, which: int, data: bytes, start: int, end: int) -> None:
        self.header[which] += data[start:end]
        if len(self.header[which]) > MOST_FIELD:
            raise Invalid({"file": "file.unreadable"})

    def _end_header(self) -> None:
        if bytes(self.header[0]).lower() == b"content-disposition":
            self.disposition = bytes(self.header[1])
        self.header = [bytearray(), bytearray()]

    def _begin_data(self) -> None:
        _, options = parse_options_header(self.disposition)
        self.name = options.get(b"name", b"").decode("utf-8", "replace")
        self.is_file = b"filename" in options
        if self.is_file:
            self.files += 1
            if self.files > 1 or self.name != "file":
                raise Invalid({"file": "file.unreadable"})
            self.got.name = options[b"filename"].decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.is_file:
            self.keep(data[start:end])
            return
        self.value += data[start:end]
        if len(self.value) > MOST_FIELD:
            raise Invalid({"file": "file.unreadable"})

    def _end_part(self) -> None:
        if not self.is_file:
            # No browser types a NUL, and PostgreSQL has no text with one.
            self.got.fields[self.name] = self.value.decode("utf-8", "replace").replace("\x00", "")


async def keep_file(
    request: Request,
    applicant: Applicant,
    ref: str,
    kind: FileKind,
    title: str,
    got: Incoming,
    now: Any,
    *,
    replaces: str = "",
) -> str:
    """Have what came cleaned in a process of its own, put it into the store, and add it; gives its code."""
    uploaded, made = await to_thread.run_sync(
        partial(cleaned_file, request.state.store, kind, got), limiter=request.state.cleaning
    )
    return await writing(
        request,
        lambda session: add_file(
            session, applicant, ref, kind, title, uploaded, made, now, replaces=replaces
        ),
    )


async def received_logo(request: Request, got: Incoming) -> NewLogo:
    """Have a logo cleaned in a process of its own, and put what came of it into the store: that alone."""

    def clean() -> NewLogo:
        check_kind(LOGO, got.path)
        cleaned = clean_file(LOGO, got.path, got.folder)
        request.state.store.put(cleaned.clean)
        return NewLogo(cleaned.sha256, cleaned.size, cleaned.width, cleaned.height)

    return await to_thread.run_sync(clean, limiter=request.state.cleaning)


def cleaned_file(store: Store, kind: FileKind, got: Incoming) -> tuple[Uploaded, Clean]:
    """The bytes are on the disk for good before any row names them."""
    found = check_kind(kind, got.path)
    cleaned = clean_file(kind, got.path, got.folder)
    store.put(got.path)
    store.put(cleaned.clean)
    preview = store.put(cleaned.preview) if cleaned.preview else None
    return Uploaded(got.name, found, got.sha256, got.size), Clean(cleaned, preview)
