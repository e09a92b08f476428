"""What stands before every request: cross-site refusal, and the headers of every answer."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from app.web.steady import steady_now

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PLAIN = b"text/plain; charset=utf-8", b"Cross-site request refused.\n"
PROBLEM = (
    b"application/problem+json",
    b'{"type":"cross_site","title":"Cross-site request refused.","status":403}',
)
"""A program is told in the shape in which it is told everything (RFC 9457)."""


def content_security_policy(settings: Settings) -> str:
    """Only our own bytes and the one pinned htmx address; nothing inline."""
    htmx = settings.htmx_url if "//" in settings.htmx_url else ""
    return (
        f"default-src 'none'; script-src 'self' {htmx}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; object-src 'none'; manifest-src 'self'"
    ).replace(" ;", ";")


class Guard:
    """Pure ASGI, so that nothing is buffered and a stream is left alone."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        origin = urlsplit(settings.base_url)
        self.origin = f"{origin.scheme}://{origin.netloc}"
        self.headers = {
            "content-security-policy": content_security_policy(settings),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }
        if settings.secure:
            self.headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["received_at"] = steady_now()

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                # Whatever does not say otherwise is private.
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if self._is_cross_site(scope):
            # One answer for every cross-site request, so that it says nothing about what is here.
            kind, body = PROBLEM if scope["path"].startswith("/api/") else PLAIN
            await with_headers(
                {"type": "http.response.start", "status": 403, "headers": [(b"content-type", kind)]}
            )
            await send({"type": "http.response.body", "body": body})
            return
        await self.app(scope, receive, with_headers)

    def _is_cross_site(self, scope: Scope) -> bool:
        """The browser says where a request comes from; without that word, `Origin` must be ours.

        A token's request carries neither and is no browser's: the API has no cookies to abuse.
        """
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        if scope["method"] in SAFE:
            navigates = headers.get("sec-fetch-mode", "navigate") == "navigate"
            return site in {"cross-site", "same-site"} and not navigates
        if site is not None:
            return site not in {"same-origin", "none"}
        origin = headers.get("origin")
        return origin is not None and origin != self.origin and urlsplit(origin).netloc != headers.get("host")
