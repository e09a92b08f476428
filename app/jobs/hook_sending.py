"""How a webhook's message leaves: to a public address that was looked up once, followed nowhere, in time."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from app.calls.reachable import is_public_address

SECONDS = 10
"""For each step of an exchange; twice as long for all of it, however slowly the answer drips in."""


class NotSent(Exception):
    """It could not be sent, or was not answered; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def post(url: str, headers: Mapping[str, str], body: bytes, *, private: bool) -> int:
    """The status of the answer; of the answer itself nothing is read. NotSent where there is none.

    The name is resolved once, every address it has must be public, and one of these is connected to: a name
    that answers otherwise a moment later changes nothing. A redirect is an answer, and is not followed.
    """
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    address = _resolved(host, port, private=private)
    try:
        with _in_time(socket.create_connection(address[:2], SECONDS)) as raw:
            link = _wrapped(raw, host) if secure else raw
            connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
            connection.sock = link
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, dict(headers))
            status = connection.getresponse().status
            link.close()
            return status
    except ssl.SSLError:
        raise NotSent("certificate") from None
    except TimeoutError:
        raise NotSent("too_slow") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise NotSent("no_answer") from None


def _resolved(host: str, port: int, *, private: bool) -> tuple[str, int]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("no_such_name") from None
    addresses = [str(each[4][0]) for each in found]
    if not addresses:
        raise NotSent("no_such_name")
    if not private and not all(is_public_address(each) for each in addresses):
        raise NotSent("private")
    return addresses[0], port


def _wrapped(raw: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(raw, server_hostname=host)


@contextmanager
def _in_time(raw: socket.socket) -> Iterator[socket.socket]:
    """The connection is cut once the time for all of it is over."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        try:
            raw.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    timer = threading.Timer(2 * SECONDS, cut)
    timer.start()
    try:
        yield raw
        if late.is_set():
            # What was cut off in the middle of its headers looks like an answer with fewer of them.
            raise TimeoutError
    except (OSError, http.client.HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
        raw.close()
