"""Files in a bucket of an S3-compatible provider: the same promises as a folder's, kept by the protocol.

An object is there once its upload is acknowledged, and whole: the provider checks the hash that each upload
is signed with. Its name is the hash of what it holds, so that to put it again changes nothing but its age.
The bucket is private: nobody gets an address into it, and every byte goes through the application.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import obstore
import structlog
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store as Bucket

from app.files.store import PIECE, FileAway, LocalStore, StoreAway, is_key
from app.settings import Settings

log = structlog.get_logger()
Found = TypeVar("Found")
CONNECT, ANSWER, RETRIES = "3s", "15s", 2
"""How long a request may wait for the provider, and how often it is made again."""


class S3Store:
    """A bucket; uploads are received and cleaned in a folder of this machine, as with a local store."""

    def __init__(self, settings: Settings) -> None:
        self._here = LocalStore(settings.files_folder)
        endpoint = settings.s3_endpoint.rstrip("/") or None
        self._bucket = Bucket(
            settings.s3_bucket,
            region=settings.s3_region,
            endpoint=endpoint,
            access_key_id=settings.s3_key,
            secret_access_key=settings.s3_secret.get_secret_value(),
            client_options={
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
                "connect_timeout": CONNECT,
                "timeout": ANSWER,
            },
            retry_config={"max_retries": RETRIES},
        )

    def put(self, source: Path) -> str:
        """Uploaded whole or not at all. One that is there is put again: its age begins anew, so that a sweep
        leaves it to whoever is about to name it."""
        with source.open("rb") as read:
            key = hashlib.file_digest(read, "sha256").hexdigest()
        try:
            _asked(lambda: obstore.put(self._bucket, _place(key), source, mode="create"))
        except AlreadyExistsError:
            _asked(lambda: obstore.put(self._bucket, _place(key), source, use_multipart=False))
        return key

    def open(self, key: str) -> BinaryIO:
        """Read as it arrives, in one request from where reading begins."""
        place = _place(key)
        size = _asked(lambda: obstore.head(self._bucket, place))["size"]
        return cast("BinaryIO", _Object(self._bucket, place, size))

    def older_than(self, moment: float) -> Iterator[str]:
        listed = obstore.list(self._bucket)
        while found := _asked(lambda: next(listed, [])):
            for each in found:
                key = each["path"].rpartition("/")[2]
                if is_key(key) and each["last_modified"].timestamp() < moment:
                    yield key

    def remove(self, key: str, *, unless_after: float) -> bool:
        place = _place(key)
        try:
            found = _asked(lambda: obstore.head(self._bucket, place))
        except FileAway:
            return False
        if found["last_modified"].timestamp() >= unless_after:
            return False
        _asked(lambda: obstore.delete(self._bucket, place))
        return True

    def workplace(self) -> AbstractContextManager[Path]:
        return self._here.workplace()

    def clear_workplaces(self, before: float) -> int:
        return self._here.clear_workplaces(before)


class _Object(io.RawIOBase):
    """An object as an opened file: asked for once it is read, and never more than a piece of it kept."""

    def __init__(self, bucket: Bucket, place: str, size: int) -> None:
        super().__init__()
        self._bucket, self._at, self._size, self._place = bucket, 0, size, place
        self._stream: Iterator[Any] | None = None
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        self._stream, self._left = None, memoryview(b"")
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        if not self._left:
            self._left = memoryview(bytes(_asked(self._next)))
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        self._at += count
        return count

    def _next(self) -> Any:
        if self._stream is None:
            options: Any = {"range": {"offset": self._at}} if self._at else None
            found = obstore.get(self._bucket, self._place, options=options)
            self._stream = iter(found.stream(min_chunk_size=PIECE))
        return next(self._stream, b"")

    def close(self) -> None:
        self._stream, self._left = None, memoryview(b"")
        super().close()


def _place(key: str) -> str:
    """Only what looks like a hash becomes a name; spread by its beginning as in a folder."""
    if not is_key(key):
        raise FileAway
    return f"{key[:2]}/{key}"


def _asked(ask: Callable[[], Found]) -> Found:
    """What the provider says. What went wrong there is for the log alone: people hear that files are away."""
    try:
        return ask()
    except FileNotFoundError:
        raise FileAway from None
    except AlreadyExistsError:
        raise
    except (BaseError, OSError, ValueError) as error:
        log.error("the store of files did not answer", error=str(error).partition("\n")[0][:500])
        raise StoreAway from None
