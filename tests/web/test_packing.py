"""What goes over the wire: packed where that is safe and wanted, and slim where it is ours."""

import re
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.web.packing import Packing
from app.web.slim import slim
from app.web.static import STATIC, TOGETHER, static_path
from tests.conftest import Client

GZIP = {"Accept-Encoding": "gzip, br"}


def wire(browser: object, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """How many bytes an answer's body is, as it is sent, and its headers."""
    with browser.stream("GET", path, headers={**GZIP, **headers}) as answer:  # type: ignore[attr-defined]
        raw = b"".join(answer.iter_raw())
        assert answer.status_code == 200, path
        return len(raw), dict(answer.headers)


def test_a_page_is_packed_for_who_takes_it(client: Client) -> None:
    browser = client()
    size, headers = wire(browser, "/en/calls/2026")
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == size
    assert {"Cookie", "Accept-Encoding"} <= {each.strip() for each in headers["vary"].split(",")}
    plain = browser.get("/en/calls/2026", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert len(plain.content) > 2 * size
    # One page in two forms: whoever holds either has it.
    assert headers["etag"] == f"W/{plain.headers['etag']}"
    for tag in (headers["etag"], plain.headers["etag"]):
        held = browser.get("/en/calls/2026", headers={**GZIP, "If-None-Match": tag})
        assert (held.status_code, held.content) == (304, b"")


def test_another_site_cannot_choose_words_of_a_packed_page(client: Client) -> None:
    """What it can choose is a query, and then the length says nothing."""
    browser = client("ada")
    chosen = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert "content-encoding" not in wire(browser, "/en/my?done=guess", **chosen)[1]
    assert "content-encoding" not in wire(browser, "/en/my?done=guess")[1]
    for site in ("same-origin", "none"):
        own = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
        assert wire(browser, "/en/my?done=guess", **own)[1]["content-encoding"] == "gzip"
    # A link in a letter chooses nothing.
    assert wire(browser, "/en/my", **chosen)[1]["content-encoding"] == "gzip"


def test_programs_and_streams_are_left_alone(client: Client) -> None:
    answer = client().get("/api/v1/calls", headers=GZIP)
    assert (answer.status_code, "content-encoding" in answer.headers) == (200, False)


@pytest.mark.anyio
async def test_what_comes_in_pieces_goes_in_pieces() -> None:
    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]}
        )
        await send({"type": "http.response.body", "body": b"a" * 2000, "more_body": True})
        await send({"type": "http.response.body", "body": b"b" * 2000, "more_body": False})

    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "query_string": b"", "headers": [(b"accept-encoding", b"gzip")]}
    await Packing(stream)(scope, nothing, keep)
    assert [each.get("body", b"")[:1] for each in sent] == [b"", b"a", b"b"]


def test_our_files_are_slim_and_packed_and_named_by_their_bytes(client: Client) -> None:
    browser = client()
    for name in ("site.css", "app.js"):
        address = static_path(name)
        size, headers = wire(browser, address)
        assert headers["content-encoding"] == "gzip"
        assert "immutable" in headers["cache-control"]
        plain = browser.get(address, headers={"Accept-Encoding": "identity"})
        parts = TOGETHER.get(name, (name,))
        assert plain.text == "".join(
            slim(each, (STATIC / each).read_text(encoding="utf-8")) for each in parts
        )
        assert size < len(plain.content) / 2
        assert plain.headers["etag"] != headers["etag"]
        again = browser.get(address, headers={**GZIP, "If-None-Match": headers["etag"]})
        assert again.status_code == 304


def test_slim_takes_comments_and_space_only() -> None:
    script = (
        '/* head\n of two lines */\n(function () {\n  var a = "/* in */ + b", b = 1 + +c; /* stays */\n'
        "  /* goes */\n\n  if (!/^( \\/a|[/ +]) = /.test(a)) return / + x/g;\n  go(a ? b : c - d);\n})();\n"
    )
    assert slim("a.js", script) == (
        '(function(){var a="/* in */ + b",b=1 + +c;/*stays*/\n'
        "if(!/^( \\/a|[/ +]) = /.test(a))return / + x/g;go(a?b:c - d);})();\n"
    )
    assert slim("a.css", "/* head\n more */\n.a{b:c}  .c,\n.d{e:f; g:h}\n") == ".a{b:c}.c,\n.d{e:f;g:h}\n"
    assert slim("a.svg", " <svg/> \n") == " <svg/> \n"
    for path in Path(STATIC).glob("*.js"):
        # Only what stands in double quotes is known to be a text.
        assert not re.search(r"['`]", slim(path.name, path.read_text(encoding="utf-8"))), path
    for path in Path(STATIC).glob("*.css"):
        # A comment's beginning inside of a string would take rules away with it.
        assert not re.search(r'"[^"\n]*/\*[^"\n]*"', path.read_text(encoding="utf-8")), path
