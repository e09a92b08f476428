"""Feeds as RFC 4287 has them. Whatever somebody wrote is text in them, never markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

NAMESPACE = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One piece of news; `lang` is the language of its words."""

    id: str
    title: str
    summary: str
    href: str
    lang: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What is said around the entries; `own` is the feed's address, `page` that of the page it follows."""

    id: str
    title: str
    author: str
    own: str
    page: str
    lang: str
    rights: str = ""


def atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed; equal entries make equal bytes."""
    root = ElementTree.Element("feed", {"xmlns": NAMESPACE, f"{{{XML}}}lang": feed.lang})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _instant(max((each.updated for each in entries), default=NEVER)))
    _add(ElementTree.SubElement(root, "author"), "name", feed.author)
    ElementTree.SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.own)
    ElementTree.SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    if feed.rights:
        _add(root, "rights", feed.rights)
    for each in entries:
        entry = ElementTree.SubElement(root, "entry", {f"{{{XML}}}lang": each.lang})
        _add(entry, "id", each.id)
        _add(entry, "title", each.title)
        _add(entry, "published", _instant(each.published))
        _add(entry, "updated", _instant(each.updated))
        ElementTree.SubElement(entry, "link", rel="alternate", type="text/html", href=each.href)
        _add(entry, "summary", each.summary)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _add(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, name).text = _UNSEEN.sub("", words)


def _instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
