"""An S3 server of its own on loopback, in a process of its own: what a store says to it is said for real."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from pydantic import SecretStr

from app.settings import Settings

BUCKET = "baige-files"


@contextmanager
def s3_server() -> Iterator[str]:
    """Its address; it has one bucket and takes any key."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    address = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _make_bucket(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while True:
        try:
            asked = HTTPConnection(address.removeprefix("http://"), timeout=10)
            asked.request("PUT", f"/{BUCKET}")
            asked.getresponse().read()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def bucket_settings(address: str, folder: Path, bucket: str = BUCKET) -> Settings:
    """Settings that name its bucket."""
    return Settings(
        _env_file=None,
        files=str(folder),
        s3_bucket=bucket,
        s3_endpoint=address,
        s3_region="us-east-1",
        s3_key="a-key",
        s3_secret=SecretStr("a-secret"),
    )
