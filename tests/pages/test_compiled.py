"""Templates are compiled so that they ask less, and say the same."""

from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from app.pages.compiled import Compiled, escaped

TEMPLATES = {
    "page": """{% extends "frame" %}{% block main %}{% import "parts" as parts %}
<p title="{{ _("Say & go") }}">{{ _("Say & go") }}{{ static("a.css") }}{{ words }}{{ number }}{{ made }}</p>
{% for each in many %}{{ parts.item(each, _("Half %% & whole"), note=words) }}{{ _(each) }}{% endfor %}
{% call parts.box(words) %}<i>{{ words }}</i>{% endcall %}{{ parts.more(many, sep=words) }}
{{ [words, _("Say & go")] | join(", ") }}{{ _("Say & go") ~ words }}{% endblock %}""",
    "frame": "<main>{% block main %}{% endblock %}{{ shown | e }}</main>",
    "parts": """{% macro item(each, said, note="") %}<li>{{ each }} {{ said }} {{ note }}</li>{% endmacro %}
{% macro box(title) %}<b>{{ title }}</b>{{ caller() }}{% endmacro %}
{% macro more(all, sep="") %}{% for one in all %}{{ item(one, sep) }}{% endfor %}{% endmacro %}""",
}
HOSTILE = "<b onclick=\"x('&amp;')\">&"


class Shown:
    """Has markup of its own."""

    def __html__(self) -> str:
        return "<hr>"


def _with(kind: type[Environment], functions: dict[str, Callable[[str], str]]) -> Any:
    env = kind(loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    env.globals |= functions
    return env


def test_what_is_compiled_says_the_same_and_asks_once() -> None:
    asked: list[str] = []

    def said(words: str) -> Markup:
        asked.append(words)
        return Markup(f"{words}!") % {}  # noqa: S704

    functions = {"_": said, "static": lambda file: f"/static/{file}?v=1&w=2"}
    plain, compiled = _with(Environment, functions), _with(Compiled, functions)
    values = {"words": HOSTILE, "number": 7, "made": Markup("<br>"), "many": ["a&b", "c"], "shown": Shown()}
    expected = plain.get_template("page").render(values)
    template = compiled.get_template("page")
    asked.clear()
    assert template.render(values) == expected
    assert "&lt;b onclick" in expected and "<b onclick" not in expected
    # What stands in the template was asked before; a word that a reader brings is asked for.
    assert asked == ["a&b", "c"]
    with pytest.raises(UndefinedError):
        template.render({name: value for name, value in values.items() if name != "number"})


@pytest.mark.parametrize("shown", [HOSTILE, "", "plain", 7, -1.5, True, None, Markup("<br>"), Shown()])
def test_every_kind_is_escaped_as_ever(shown: object) -> None:
    assert escaped(shown) == escape(shown)


def test_a_kind_of_text_is_escaped_whatever_it_says_of_itself() -> None:
    class Loud(str):
        __slots__ = ()

    assert escaped(Loud(HOSTILE)) == escape(HOSTILE)
