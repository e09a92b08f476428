"""What goes over the wire to one browser, to the last byte: streams and headers too."""

import re
import socket
import threading
from contextlib import suppress
from itertools import pairwise
from typing import Self

PACKED = re.compile(rb"\r\nAccept-Encoding:[^\r]*", re.IGNORECASE)
STATUS = re.compile(rb"HTTP/1\.1 (\d{3})[^\r]*\r\n")
READ = 1 << 16


class Wire:
    """Passes on between one browser and the server, and keeps what the server said.

    Nothing is packed on it, so that words can be looked for. While the server is away it refuses, as the
    server's own port would.
    """

    def __init__(self, server: int) -> None:
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listening.getsockname()[1])
        self._said: list[bytearray] = []
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where the browser goes."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        for each in list(self._open):
            _shut(each)

    def said(self) -> bytes:
        """All that came to this browser so far."""
        return b"".join(bytes(each) for each in self._said)

    def answers(self) -> list[bytes]:
        """The same, answer by answer: its status, its headers and its body."""
        found: list[bytes] = []
        for each in [bytes(each) for each in self._said]:
            starts = [*(match.start() for match in STATUS.finditer(each)), len(each)]
            found += [each[start:end] for start, end in pairwise(starts)]
        return found

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listening.accept()
                threading.Thread(target=self._connect, args=(browser,), daemon=True).start()

    def _connect(self, browser: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._server))
        except OSError:
            browser.close()
            return
        self._open |= {browser, server}
        said = bytearray()
        self._said.append(said)
        threading.Thread(target=self._ask, args=(browser, server), daemon=True).start()
        with suppress(OSError):
            while given := server.recv(READ):
                said += given
                browser.sendall(given)
        _shut(browser)
        _shut(server)

    def _ask(self, browser: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while given := browser.recv(READ):
                server.sendall(PACKED.sub(b"", given))
        _shut(server)


def _shut(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
