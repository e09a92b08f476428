"""Which language a request is in: the address says, or else the browser's wish."""

from fastapi import Request
from starlette.convertors import StringConvertor, register_url_convertor

from app.messages import LANGUAGES


class LanguageConvertor(StringConvertor):
    """`{l:lang}` in a path matches one of the site's languages and nothing else."""

    regex = "|".join(LANGUAGES)


register_url_convertor("lang", LanguageConvertor())


def language_of(request: Request) -> str:
    """The language in the address; without one, the browser's first wish that we have; else Kazakh."""
    first = request.scope["path"].split("/", 2)[1]
    return first if first in LANGUAGES else wished_language(request.headers.get("accept-language", ""))


def wished_language(header: str) -> str:
    """The best of an Accept-Language header's wishes that the site has."""
    wishes: list[tuple[float, str]] = []
    for part in header[:200].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        wishes.append((weight, tag.split("-")[0].lower()))
    for weight, tag in sorted(wishes, key=lambda wish: -wish[0]):
        if weight > 0 and tag in LANGUAGES:
            return tag
    return LANGUAGES[0]
