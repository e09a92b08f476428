"""A file is whole or not there, is known by what it holds, and goes when nothing names it."""

import hashlib
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.files.opening import copy_files, open_store
from app.files.store import PIECE, FileAway, LocalStore, Store, StoreAway, pieces_of
from app.settings import Settings
from app.web.status import status_of
from tests.files.buckets import bucket_settings, s3_server


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Every place in which files can be kept: what is promised of one is promised of all."""
    if request.param == "folder":
        return open_store(Settings(_env_file=None, files=str(tmp_path / "files")))
    return open_store(bucket_settings(request.getfixturevalue("s3_address"), tmp_path / "files"))


def test_what_was_put_is_read_again_and_goes_when_it_is_old(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(secrets.token_bytes(1000) + b"an orchard" * 130_000)
    key = store.put(source)
    assert key == hashlib.sha256(source.read_bytes()).hexdigest()
    assert store.put(source) == key, "once"
    assert list(store.older_than(time.time() + 100)).count(key) == 1
    with store.open(key) as handle:
        assert handle.seek(0, 2) == source.stat().st_size
        handle.seek(0)
        pieces = list(pieces_of(handle))
    assert b"".join(pieces) == source.read_bytes()
    assert max(map(len, pieces)) <= PIECE, "never all of it at once"
    with store.open(key) as handle:
        handle.seek(990)
        assert handle.read(20) == source.read_bytes()[990:1010]
    assert key not in store.older_than(time.time() - 100)
    assert not store.remove(key, unless_after=time.time() - 100), "it is younger than that"
    assert store.remove(key, unless_after=time.time() + 100)
    assert not store.remove(key, unless_after=time.time() + 100)
    with pytest.raises(FileAway):
        store.open(key)
    with store.workplace() as place:
        assert place.is_dir()
    assert not place.exists()


def test_only_a_hash_becomes_a_path(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    for key in ("../secret", "/etc/passwd", "", "g" * 64, "a" * 63, "a" * 64):
        with pytest.raises(FileAway):
            store.open(key)


def test_a_bucket_that_does_not_answer_is_a_refusal_and_no_fault_of_the_site(
    s3_address: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    store = open_store(bucket_settings(nowhere, tmp_path))
    source = tmp_path / "source"
    source.write_bytes(b"x")
    for act in (
        lambda: store.put(source),
        lambda: store.open("a" * 64),
        lambda: list(store.older_than(0)),
        lambda: store.remove("a" * 64, unless_after=0),
    ):
        with pytest.raises(StoreAway) as away:
            act()
        assert status_of(away.value) == 503
    # A bucket that is not there, or a key that may not: the same for people, and the log knows more.
    refused = open_store(bucket_settings(s3_address, tmp_path, "another"))
    with pytest.raises((FileAway, StoreAway)):
        refused.put(source)


def test_the_files_of_a_folder_can_be_copied_into_a_bucket(s3_address: str, tmp_path: Path) -> None:
    settings = bucket_settings(s3_address, tmp_path / "files")
    here, source, keys = LocalStore(settings.files_folder), tmp_path / "source", []
    for words in (b"one", b"two"):
        source.write_bytes(words)
        keys.append(here.put(source))
    assert copy_files(settings) == copy_files(settings) == 2
    there = open_store(settings)
    assert [there.open(key).read() for key in keys] == [b"one", b"two"]


def test_a_workplace_is_gone_however_it_is_left(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    with suppress(OSError), store.workplace() as place:
        (place / "half").write_bytes(b"half a file")
        raise OSError("cut off")
    assert not place.exists()


def test_what_a_killed_process_left_is_cleared_and_what_was_put_again_stays(tmp_path: Path) -> None:
    store, source = LocalStore(tmp_path / "files"), tmp_path / "source"
    source.write_bytes(b"x")
    key = store.put(source)
    left = store.root / "tmp" / "killed"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"half")
    half = store.root / key[:2] / ".half"
    half.write_bytes(b"half")
    old = time.time() - 10_000
    for path in (left, half, store.root / key[:2] / key):
        os.utime(path, (old, old))
    before = time.time() - 5_000
    assert store.clear_workplaces(before) == 1
    assert list(store.older_than(before)) == [key]
    assert not half.exists()
    store.put(source)
    assert not store.remove(key, unless_after=before), "it was put again meanwhile"
    assert list(store.older_than(before)) == []
    assert store.remove(key, unless_after=time.time() + 10)
    assert not store.remove(key, unless_after=time.time() + 10)
