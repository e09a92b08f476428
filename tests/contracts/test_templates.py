"""Templates show; they do not decide. And they show words that can be translated."""

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta, nodes

import app.main  # noqa: F401 - imports every page
from app.pages.page import PATHS, TEMPLATES, Page, environment
from app.web.mail_text import _environment as mail_environment

FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*"))
HTML = [name for name in FILES if name.endswith(".html")]

PROVIDED = {"shell", "_", "gettext", "ngettext", "url", "static"}
"""What every page's template may use beside the page's own fields."""
CALLABLE = {"_", "gettext", "ngettext", "url", "static", "caller", "super"}
FILTERS = {"default", "e", "length", "label", "text", "date", "datetime", "time", "money", "tenge", "number"}
TESTS = {"defined", "none"}
LOGIC = (
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Pow,
    nodes.ExprStmt,
    nodes.Assign,
    nodes.AssignBlock,
    nodes.NSRef,
    nodes.FilterBlock,
    nodes.MarkSafe,
    nodes.ScopedEvalContextModifier,
)

WORDLESS = {"Baige", "№", "PDF", "CSV", "API"}
"""What may stand in a template as it is, in every language."""
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title"}


@cache
def tree(name: str) -> nodes.Template:
    """A template's syntax tree, from the environment that renders it."""
    env = mail_environment("en") if name.startswith("mail/") else environment("en")
    return env.parse((TEMPLATES / name).read_text())


def referenced(name: str) -> list[str]:
    """The templates that a template extends, includes or imports."""
    return [each for each in meta.find_referenced_templates(tree(name)) if each]


def pages(page: type[Page] = Page) -> Iterator[type[Page]]:
    """Every page of the site that names a template, but not those of tests."""
    for each in page.__subclasses__():
        if each.__module__.startswith("app.") and hasattr(each, "template"):
            yield each
        yield from pages(each)


PAGES = sorted(set(pages()), key=lambda page: (page.__module__, page.__name__))


def named(page: type[Page]) -> str:
    return page.__name__


def test_there_are_templates_and_pages() -> None:
    assert len(HTML) > 40
    assert len(PAGES) > 20


# ---------------------------------------------------------------- no logic


@pytest.mark.parametrize("name", FILES)
def test_template_computes_nothing(name: str) -> None:
    wrong = [f"{name}:{node.lineno} {type(node).__name__}" for node in tree(name).find_all(LOGIC)]
    assert not wrong


@pytest.mark.parametrize("name", FILES)
def test_template_calls_macros_and_four_functions_only(name: str) -> None:
    template = tree(name)
    macros = {macro.name for macro in template.find_all(nodes.Macro)}
    modules = {each.target for each in template.find_all(nodes.Import)}
    for each in template.find_all(nodes.FromImport):
        macros |= {alias if isinstance(alias, str) else alias[1] for alias in each.names}
    wrong = []
    for call in template.find_all(nodes.Call):
        target = call.node
        by_name = isinstance(target, nodes.Name) and target.name in CALLABLE | macros
        by_module = (
            isinstance(target, nodes.Getattr)
            and isinstance(target.node, nodes.Name)
            and target.node.name in modules
        )
        if not (by_name or by_module):
            wrong.append(f"{name}:{call.lineno} calls {target}")
    assert not wrong


@pytest.mark.parametrize("name", FILES)
def test_template_uses_listed_filters_and_tests_only(name: str) -> None:
    template = tree(name)
    filters = {(each.lineno, each.name) for each in template.find_all(nodes.Filter)}
    tests = {(each.lineno, each.name) for each in template.find_all(nodes.Test)}
    assert {each for each in filters if each[1] not in FILTERS} == set()
    assert {each for each in tests if each[1] not in TESTS} == set()


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_marked_safe(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert not re.search(r"\|\s*safe\b|\bMarkup\b|autoescape", source)


def test_no_python_marks_markup_safe() -> None:
    """What people typed is escaped by the templates, so nobody may vouch for a piece of HTML."""
    wrong = [
        f"{file}"
        for file in (TEMPLATES.parent).rglob("*.py")
        if re.search(r"\bMarkup\(|\bmark_safe\(|import Markup|format_html", file.read_text())
    ]
    assert not wrong


def needed(name: str) -> set[str]:
    """A template and all it extends, includes or imports."""
    found = {name}
    for each in referenced(name):
        found |= needed(each)
    return found


BY_ITSELF = {"applications/_deadline.html"}
"""What `live.js` asks for again on pages that have no htmx."""


def test_a_template_that_asks_with_htmx_has_it_and_no_other_does() -> None:
    """Without it the page would work all the same, as plain HTML, but not as its author meant; where nothing
    asks, half of the page's weight would be for nothing."""
    wrong = []
    for name in HTML:
        if not any(each in {"layout/base.html", "layout/wide.html"} for each in referenced(name)):
            continue
        parts = {each: (TEMPLATES / each).read_text() for each in needed(name) - BY_ITSELF}
        # A table of rows asks where it is told an address to post to.
        rows = "ui/rows.html" in parts and re.search(r"rows\.rows\([^)]*,", parts[name])
        asks = rows or any(
            re.search(r"\shx-(?:get|post|put|patch|delete)=", source)
            for each, source in parts.items()
            if each != "ui/rows.html"
        )
        if bool(asks) != ("layout/_htmx.html" in parts):
            wrong.append(name)
    assert wrong == []


# ---------------------------------------------------------------- pages and their templates


def visible(name: str, within: frozenset[str] = frozenset()) -> set[str]:
    """What a template needs from outside, with what it extends and includes."""
    template = tree(name)
    used = meta.find_undeclared_variables(template)
    targets = [loop.target for loop in template.find_all(nodes.For)]
    looped = {one.name for target in targets for one in target.find_all(nodes.Name)}
    looped |= {target.name for target in targets if isinstance(target, nodes.Name)}
    each: Any
    for each in template.find_all((nodes.Extends, nodes.Include)):
        assert isinstance(each.template, nodes.Const), f"{name}:{each.lineno} names no template"
        if each.template.value not in within:
            inherited = visible(each.template.value, within | {name})
            used |= inherited - looped if isinstance(each, nodes.Include) else inherited
    return used - PROVIDED


@pytest.mark.parametrize("kind", PAGES, ids=named)
def test_template_uses_exactly_what_its_page_gives(kind: type[Page]) -> None:
    given = {field.name for field in fields(kind)}
    used = visible(kind.template)
    assert (used - given, given - used) == (set(), set()), "(used but not given, given but not used)"


@pytest.mark.parametrize("kind", PAGES, ids=named)
def test_page_is_frozen(kind: type[Page]) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind.fragment], ids=named)
def test_fragment_is_a_block_with_that_id(kind: type[Page]) -> None:
    """htmx gets the block and looks for the id in it: the same name, written once each."""
    blocks = tree(kind.template).find_all(nodes.Block)
    block = next((each for each in blocks if each.name == kind.fragment), None)
    assert block is not None, f"{kind.template} has no block {kind.fragment}"
    written = "".join(data.data for data in block.find_all(nodes.TemplateData))
    assert f'id="{kind.fragment}"' in written


def test_every_template_belongs_to_a_page() -> None:
    """A template that nothing renders, extends, includes or imports is left over."""
    used = {page.template for page in PAGES}
    for file in TEMPLATES.parent.rglob("*.py"):
        # Markup that is laid out by itself and kept is of macros which Python asks for.
        used |= set(re.findall(r'get_template\("([^"]+)"\)', file.read_text()))
    queue = list(used)
    while queue:
        for name in referenced(queue.pop()):
            if name not in used:
                used.add(name)
                queue.append(name)
    assert set(HTML) - used == set()


def test_mail_templates_are_all_rendered() -> None:
    """`enqueue` and `letter` name a mail's template by a constant; `_x.txt` is part of others."""
    sources = "".join(path.read_text() for path in TEMPLATES.parent.rglob("*.py"))
    letters = {Path(name).stem for name in FILES if name.startswith("mail/") and "/_" not in name}
    assert {name for name in letters if f'"{name}"' not in sources} == set()


# ---------------------------------------------------------------- addresses


def _addresses(name: str) -> Iterator[tuple[int, str, set[str]]]:
    """Each `url("route.name", …)` of a template: where, which route, which parameters."""
    for call in tree(name).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "url":
            route = call.args[0]
            if isinstance(route, nodes.Const):  # one that a page computed is seen when it is rendered
                yield call.lineno, route.value, {each.key for each in call.kwargs}


@pytest.mark.parametrize("name", HTML)
def test_addresses_exist(name: str, app_routes: dict[str, set[str]]) -> None:
    """Every address a template builds is one that a route answers, with all that its path needs."""
    wrong = [
        f"{name}:{line} {route}({', '.join(sorted(params))})"
        for line, route, params in _addresses(name)
        if app_routes.get(route) != params
    ]
    assert not wrong


FORM = re.compile(r"<form\b[^>]*>", re.DOTALL)
ACTION = re.compile(r"""action="\{\{\s*url\((["'])(?P<route>[\w.]+)\1""")


@pytest.mark.parametrize("name", HTML)
def test_forms_post_to_a_route_that_takes_posts(name: str, posted_routes: set[str]) -> None:
    source = (TEMPLATES / name).read_text()
    wrong = []
    for form in FORM.findall(source):
        if 'method="post"' in form and (found := ACTION.search(form)) and found["route"] not in posted_routes:
            wrong.append(found["route"])
    assert not wrong


@pytest.mark.parametrize("name", HTML)
def test_a_form_says_where_it_goes(name: str) -> None:
    """Without `action` a form goes wherever the browser happens to be, which a refused form moves."""
    source = (TEMPLATES / name).read_text()
    assert not [form for form in FORM.findall(source) if "action=" not in form]


# ---------------------------------------------------------------- one policy: nothing inline


INLINE = re.compile(
    r"""<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:|hx-on|hx-vals=["']js:|srcdoc=""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", HTML)
def test_no_inline_script_or_style(name: str) -> None:
    source = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(), flags=re.DOTALL)
    assert not INLINE.findall(source)


@pytest.mark.parametrize("name", HTML)
def test_htmx_attributes_inherit_nothing(name: str) -> None:
    """Every element that asks names its own target and swap: nothing depends on what stands around it."""
    source = (TEMPLATES / name).read_text()
    wrong = [
        tag
        for tag in re.findall(r"<[a-z][^<>]*\bhx-(?:post|get|put|delete)=[^<>]*>", source)
        if "hx-target=" not in tag or "hx-swap=" not in tag
    ]
    assert not wrong


# ---------------------------------------------------------------- no untranslated word


class _Words(HTMLParser):
    """Collects the words that a reader would see or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value or "" for name, value in attrs if name in SPOKEN_ATTRIBUTES]


@pytest.mark.parametrize("name", FILES)
def test_template_has_no_untranslated_word(name: str) -> None:
    written = (
        "".join(data.data for data in tree(name).find_all(nodes.TemplateData))
        if name.startswith("mail/")
        else _seen(name)
    )
    wrong = [word for word in LETTERS.findall(written) if word not in WORDLESS]
    assert not wrong


def _seen(name: str) -> str:
    """The text of a template between its tags; what is computed stands as a blank."""
    source = (TEMPLATES / name).read_text()
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"\{% block width %\}.*?\{% endblock %\}", " ", source)  # a class
    source = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", source, flags=re.DOTALL)
    parser = _Words()
    parser.feed(source)
    parser.close()
    # A macro may write attributes alone, which look like text where there is no tag around them.
    return re.sub(r'[\w-]+="[^"]*"|\bdata-[\w-]+', " ", " ".join(parser.words))


@pytest.fixture(scope="module")
def app_routes(site: object) -> dict[str, set[str]]:
    """Route name -> the parameters its address needs."""
    return {name: set(re.findall(r"\{(\w+)\}", path)) - {"l"} for name, path in PATHS.items()}


@pytest.fixture(scope="module")
def posted_routes(site_routes: list[object]) -> set[str]:
    """The names of all routes that take a POST."""
    return {route.name for route in site_routes if "POST" in route.methods}  # type: ignore[attr-defined]
