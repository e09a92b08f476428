"""A keyboard's way through a page."""

from typing import Any

from playwright.sync_api import Page

_WANTED = """
() => {
  document.querySelectorAll("details").forEach(each => { each.open = true; });
  const shown = each => each.checkVisibility({visibilityProperty: true});
  const first = each => {
    if (each.type !== "radio") return true;
    const radios = [...each.form.querySelectorAll("input[type=radio]")];
    const group = radios.filter(other => other.name === each.name);
    return each === (group.find(other => other.checked) || group[0]);
  };
  const all = [...document.querySelectorAll("a[href],button,input,select,textarea,summary,[tabindex='0']")];
  const wanted = all.filter(each => shown(each) && each.tabIndex >= 0 && !each.disabled && first(each));
  wanted.forEach((each, index) => { each.dataset.stop = index; });
  document.activeElement.blur();
  return wanted.map(each => each.outerHTML.slice(0, 120));
}
"""
_HERE = """
() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const marked = [getComputedStyle(each), getComputedStyle(each, "::after")].some(style =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2));
  const box = each.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1);
  const on_top = document.elementFromPoint(x, y);
  const covered = !on_top || !(each.contains(on_top) || on_top.contains(each)
    || (on_top.closest("label") && on_top.closest("label").htmlFor === each.id));
  const parted = ["date", "time"].includes(each.type);
  return {stop: each.dataset.stop, parted, marked, covered, words: each.outerHTML.slice(0, 120)};
}
"""


def stumbles(page: Page) -> list[str]:
    """What Tab never reaches, and where the focus cannot be seen."""
    wanted: list[str] = page.evaluate(_WANTED)
    reached, found, last = set(), [], None
    for _ in range(2 * len(wanted) + 5):
        page.keyboard.press("Tab")
        here: dict[str, Any] | None = page.evaluate(_HERE)
        if here is not None and here["stop"] == last and here["parted"]:
            continue
        if here is None or here["stop"] in reached:
            break
        last = here["stop"]
        reached.add(here["stop"])
        if not here["marked"]:
            found.append(f"no visible focus: {here['words']}")
        if here["covered"]:
            found.append(f"focus is covered: {here['words']}")
    return found + [
        f"never reached: {words}" for index, words in enumerate(wanted) if str(index) not in reached
    ]
