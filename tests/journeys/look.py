"""What every page must keep: for the eye, for the keyboard and for whoever listens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
ALL = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}

_RUN = """
async ([only, contrast]) => {
  const rules = {"target-size": {enabled: true}, "color-contrast": {enabled: contrast}};
  const found = await axe.run({runOnly: only, rules, resultTypes: ["violations"], preload: false});
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.target.join(" ")} ${node.failureSummary || ""}`.replace(/\\s+/g, " ").slice(0, 400)));
}
"""
_FAINT = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const read = new Map();
  const rgba = colour => {
    if (!read.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      read.set(colour, [...canvas.getImageData(0, 0, 1, 1).data].map((each, i) => i < 3 ? each : each / 255));
    }
    return read.get(colour);
  };
  const over = (top, under) => top[3] === 1 ? top
    : [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = each => {
    if (!each) return rgba("white");
    const own = rgba(getComputedStyle(each).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(each.parentElement));
  };
  const light = ([r, g, b]) => [r, g, b].map(each => each / 255)
    .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
  const said = each => each.matches("input:not([type=hidden]), textarea, select")
    || [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const out = new Set();
  for (const each of document.querySelectorAll("body *")) {
    if (!said(each) || each.disabled || each.closest("script, template, noscript, .vh, .skip")) continue;
    if (!each.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const style = getComputedStyle(each), under = behind(each);
    const ink = rgba(each instanceof SVGElement ? style.fill : style.color);
    const [one, two] = [light(over(ink, under)), light(under)];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5))
      out.add(`${ratio.toFixed(2)}: ${each.tagName.toLowerCase()}#${each.id}.${each.className}`);
  }
  return [...out];
}
"""
_BUILT = """
() => {
  const ids = [...document.querySelectorAll("[id]")].map(each => each.id);
  const root = document.documentElement;
  return {
    lang: root.lang, title: document.title, headings: document.querySelectorAll("h1").length,
    twice: ids.filter((id, index) => ids.indexOf(id) !== index),
    broken: [...document.querySelectorAll("a[href^='#']")].map(a => a.getAttribute("href"))
      .filter(href => href.length > 1 && !document.getElementById(decodeURIComponent(href.slice(1)))),
    links: [...document.querySelectorAll("a[href^='/']")].map(a => a.getAttribute("href")),
  };
}
"""
_GLANCE = """
async path => {
  const answer = await fetch(path);
  const said = {status: answer.status, url: answer.url};
  if (answer.status !== 200) return said;
  const other = new DOMParser().parseFromString(await answer.text(), "text/html");
  const sheets = place => [...place.querySelectorAll("link[rel=stylesheet]:not([media])")];
  const wanted = new Map(sheets(other).map(each => [each.getAttribute("href"), each]));
  for (const each of sheets(document)) if (!wanted.delete(each.getAttribute("href"))) each.remove();
  await Promise.all([...wanted.values()].map(each => new Promise((loaded, failed) => {
    const sheet = document.adoptNode(each);
    sheet.onload = loaded;
    sheet.onerror = failed;
    document.head.append(sheet);
  })));
  const [root, its] = [document.documentElement, other.documentElement];
  for (const each of root.getAttributeNames()) root.removeAttribute(each);
  for (const each of its.getAttributeNames()) root.setAttribute(each, its.getAttribute(each));
  document.title = other.title;
  document.body.replaceWith(document.adoptNode(other.body));
  return said;
}
"""
_WIDE = """
() => {
  const root = document.documentElement, out = [];
  if (root.scrollWidth <= root.clientWidth) return out;
  for (const each of document.querySelectorAll("body *"))
    if (each.getBoundingClientRect().right > root.clientWidth + 1 && !each.closest(".scroll,.vh"))
      out.push(`${each.tagName.toLowerCase()}#${each.id}.${each.className}`);
  return [`${root.scrollWidth} > ${root.clientWidth}`, ...out.slice(0, 5)];
}
"""
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }
"""
"""WCAG 1.4.12: a page must bear what readers set for themselves."""


def built(page: Page) -> Mapping[str, Any]:
    """What the document says of itself."""
    found: Mapping[str, Any] = page.evaluate(_BUILT)
    return found


def glance(page: Page, path: str) -> tuple[int, str]:
    """Put another page of the site into the window, as it is without a script; its status and its address.

    To lay out what came costs a fifth of going there.
    """
    said: Mapping[str, Any] = page.evaluate(_GLANCE, path)
    return said["status"], said["url"]


def violations(page: Page, *, contrast: bool = False) -> list[str]:
    """What axe finds. Its look at colours takes longer than all the rest: `faint` is quicker, but sees
    only plain backgrounds."""
    if not page.evaluate("() => !!window.axe"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(_RUN, [ALL, contrast])
    return found


def faint(page: Page) -> list[str]:
    """Words that stand out too little from what is behind them (WCAG 1.4.3), by light and in the dark."""
    found: list[str] = page.evaluate(_FAINT)
    page.emulate_media(color_scheme="dark")
    dark: list[str] = page.evaluate(_FAINT)
    page.emulate_media(color_scheme="light")
    return [f"faint {each}" for each in found] + [f"faint in the dark {each}" for each in dark]


def shorten(page: Page) -> None:
    """Leave of a reference that repeats one pattern hundreds of times its first few.

    axe compares every element with every other: the whole page would take it minutes.
    """
    page.evaluate(
        "() => document.querySelectorAll('article.card').forEach((a, i) => { if (i > 4) a.remove(); })"
    )


def resize(page: Page, width: int) -> None:
    """Make the window so wide, unless it is: each change lays the page out twice."""
    if page.viewport_size is None or page.viewport_size["width"] != width:
        page.set_viewport_size({"width": width, "height": 740})


def too_wide(page: Page, width: int) -> list[str]:
    """What sticks out at this width."""
    resize(page, width)
    found: list[str] = page.evaluate(_WIDE)
    return [f"at {width} px: {each}" for each in found]


def too_wide_when_spaced(page: Page) -> list[str]:
    """What sticks out at 320 px with the reader's own spacing of text.

    A constructed sheet is no inline style: the page's policy stays as it is.
    """
    put = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"
    page.evaluate(put, SPACED)
    found = too_wide(page, 320)
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    return [f"spaced {each}" for each in found]


def too_wide_when_large(page: Page) -> list[str]:
    """What sticks out of a phone's width with letters twice as large (WCAG 1.4.4)."""
    put = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"
    page.evaluate(put, "html { font-size: 200% }")
    found = too_wide(page, 320)
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    return [f"twice as large {each}" for each in found]


def findings(page: Page, language: str) -> list[str]:
    """Everything that is wrong with the page that is open, at 320 px."""
    return faults(built(page), language) + too_wide(page, 320) + violations(page) + faint(page)


def faults(said: Mapping[str, Any], language: str) -> list[str]:
    """What is wrong with what the document says of itself."""
    found = []
    if said["lang"] != language:
        found.append(f"lang is {said['lang']!r}")
    if said["headings"] != 1:
        found.append(f"{said['headings']} h1")
    found += [f"id twice: {each}" for each in said["twice"]]
    found += [f"leads nowhere: {each}" for each in said["broken"]]
    return found
