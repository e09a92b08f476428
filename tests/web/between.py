"""What stands between a browser and the server, as a process of its own: it gathers, and it packs.

It does as common proxies do. An answer is held back until so many bytes are there, unless its header says
`X-Accel-Buffering: no`; and words are packed, which gathers too, unless `Cache-Control` says `no-transform`.
A `stubborn` one heeds neither.
"""

import subprocess
import sys
from typing import Self

PROXY = '''
import socket, sys, threading, zlib
upstream, stubborn = int(sys.argv[1]), sys.argv[2] == "stubborn"
GATHERED = 1 << 16

def passed(browser):
    server = socket.create_connection(("127.0.0.1", upstream))
    asked = b""
    while b"\\r\\n\\r\\n" not in asked:
        given = browser.recv(4096)
        if not given:
            return
        asked += given
    # One answer a connection: what is gathered is let go at its end.
    server.sendall(asked.replace(b"\\r\\n", b"\\r\\nConnection: close\\r\\n", 1))
    said = b""
    while b"\\r\\n\\r\\n" not in said:
        given = server.recv(4096)
        if not given:
            break
        said += given
    head, _, body = said.partition(b"\\r\\n\\r\\n")
    low = head.lower()
    gathers = stubborn or b"x-accel-buffering: no" not in low
    packs = b"no-transform" not in low and b"content-encoding" not in low and b"content-type: text/" in low
    packs = (packs or stubborn) and b"accept-encoding: gzip" in asked.lower() and b"chunked" in low
    press = zlib.compressobj(wbits=31) if packs else None
    if packs:
        lines = head.split(b"\\r\\n")
        head = b"\\r\\n".join(each for each in lines if not each.lower().startswith(b"transfer-"))
        head += b"\\r\\nContent-Encoding: gzip\\r\\nConnection: close"
    held, rest = head + b"\\r\\n\\r\\n", body
    if not stubborn:
        browser.sendall(held)
        held = b""
    while True:
        if press is not None:
            rest = press.compress(plain(rest))
        held += rest
        if held and (not gathers or len(held) >= GATHERED):
            browser.sendall(held)
            held = b""
        rest = server.recv(4096)
        if not rest:
            break
    if press is not None:
        held += press.flush()
    browser.sendall(held)
    browser.close()

def plain(chunked):
    """The words of whole chunks."""
    words = b""
    while b"\\r\\n" in chunked:
        size, _, chunked = chunked.partition(b"\\r\\n")
        long = int(size or b"0", 16)
        words, chunked = words + chunked[:long], chunked[long + 2 :]
    return words

def quiet(browser):
    try:
        passed(browser)
    except OSError:
        pass

listening = socket.create_server(("127.0.0.1", 0), backlog=64)
print(listening.getsockname()[1], flush=True)
while True:
    browser, _ = listening.accept()
    threading.Thread(target=quiet, args=(browser,), daemon=True).start()
'''


class Between:
    """One proxy before a server; `port` is where browsers go."""

    def __init__(self, server: int, *, stubborn: bool = False) -> None:
        kind = "stubborn" if stubborn else "heeding"
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", PROXY, str(server), kind], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    @property
    def address(self) -> str:
        """Where a browser goes."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()
