"""That a page speaks one language: its own, but for names, and for what says of itself that it is another."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from playwright.sync_api import Page

from app.messages import LANGUAGES, translations

_SAID = """
() => {
  const root = document.documentElement, out = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, around = node.parentElement;
    if (around.closest("script, style")) continue;
    if (around.closest("[lang]").lang === root.lang && node.data.trim()) out.push(node.data);
  }
  for (const each of document.querySelectorAll("[aria-label], [alt], [placeholder]"))
    if (each.closest("[lang]").lang === root.lang)
      out.push(...["aria-label", "alt", "placeholder"].map(name => each.getAttribute(name) || ""));
  for (const each of document.querySelectorAll("template"))
    out.push(...Object.values(each.dataset).filter(said => said.includes(" ")), each.content.textContent);
  return [root.lang, ...out];
}
"""
NAMES = re.compile(
    r"WeAlmaty|\bWA26-[A-Z0-9]{6}(?:/\d+)?|PDF|DOCX|JPEG|PNG|WebP|HEIC|UTC|SHA-256|[\w.+-]+@[\w.-]+|https?://\S+"
    r"|[\w./-]+\.(?:txt|pdf|jpg)\b|\{time\}|\b[0-9a-f]{64}\b|Қазақша|Русский|English"
)
"""What has one spelling in every language."""
OF_THE_CALL = re.compile(r"[\w ,.+-]+ \((?:қаз|рус)\)")
"""The texts of the test's call, each marked with its language."""


def foreign(page: Page, language: str) -> list[str]:
    """What on the page that is open is of another language than the page should be of."""
    found: list[str] = page.evaluate(_SAID)
    lang, *said = found
    wrong = [] if lang == language else [f"the page is {lang!r}"]
    text = NAMES.sub(" ", OF_THE_CALL.sub(" ", "\n".join(said)))
    wrong += [f"Latin: {each}" for each in re.findall(r"[A-Za-z]{3,}", text)]
    if language == "ru":
        wrong += [f"Kazakh: {each}" for each in re.findall(r"\w*[әғқңөұүһі]\w*", text, re.IGNORECASE)]
    lines = {" ".join(line.split()) for each in said for line in each.split("\n")}
    return wrong + [f"{other}: {each}" for other in LANGUAGES for each in lines & _only(other, language)]


@cache
def _only(other: str, language: str) -> frozenset[str]:
    """Every sentence of another language that this one does not have too."""
    return frozenset(_sentences(other) - _sentences(language)) if other != language else frozenset()


def _sentences(language: str) -> set[str]:
    catalogue: Mapping[Any, Any] = translations(language)._catalog
    return {" ".join(said.split()) for said in catalogue.values() if isinstance(said, str) and " " in said}
