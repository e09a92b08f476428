"""Forms: what was typed, what was wrong with it, and the fields as a template shows them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from app.asking import Ask, asked, row_model
from app.errors import Invalid, Problem
from app.messages import sentence, words_of
from app.messages.labels import choices
from app.messages.lengths import length_in_words
from app.messages.question_words import Words
from app.messages.sentences import GENERAL, known_code
from app.sections.text import count_characters
from app.web.language import language_of

Model = TypeVar("Model", bound=BaseModel)
NEAR = 0.75
"""From this part of its limit on a text says what is left; writing.js says it from the same on."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field, ready to be shown. `notice` is worth a look there; None where there never is one."""

    id: str
    name: str
    control: str
    label: str
    hint: str = ""
    why: str = ""
    optional: bool = False
    value: str = ""
    values: Sequence[str] = ()
    options: Sequence[Option] = ()
    error: str = ""
    guide: str = ""
    notice: str | None = None
    cap: int | None = None
    inputmode: str = ""
    autocomplete: str = ""
    spellcheck: bool = True
    capitals: bool = True
    suffix: str = ""
    rows: int = 6
    lang: str = ""
    width: str = "full"
    readonly: bool = False
    focus: bool = False

    @property
    def described(self) -> str:
        """The ids of what is said of the field beside its label, in the order in which it stands there."""
        told = (
            ("hint", self.hint),
            ("guide", self.guide),
            ("notice", self.notice is not None),
            ("error", self.error),
            ("count", self.cap),
        )
        return " ".join([f"{self.id}-{name}" for name, is_there in told if is_there])

    @property
    def room(self) -> int | None:
        """How many characters are left, below zero too; None until three quarters are used."""
        if self.cap is None or len(self.value) < self.cap * NEAR:
            return None
        used = count_characters(self.value, line=self.control != "textarea")
        return self.cap - used if used >= self.cap * NEAR else None


@dataclass(frozen=True, slots=True)
class RowView:
    """One repeatable row of a table in a form; a `closed` one shows its fields when it is opened."""

    id: str
    number: int
    legend: str
    fields: Sequence[FieldView]
    errors: bool = False
    summary: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsView:
    """A table of rows in a form."""

    id: str
    name: str
    label: str
    control: str = "rows"
    hint: str = ""
    why: str = ""
    rows: Sequence[RowView] = ()
    add_label: str = ""
    can_add: bool = True
    min: int = 0
    max: int = 0
    error: str = ""
    empty: str = ""
    sums: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line of the error summary: a link to the field and the same words as beside it."""

    href: str
    text: str


@dataclass(frozen=True)
class Form(Generic[Model]):
    """A form of `model`. Field names are dotted, so that pydantic's place of an error is the name.

    `code` prefixes the codes of its questions in `messages`; `given` is what was typed, by name. `place`
    keeps its ids apart where another form of the page asks for something of the same name.
    """

    model: type[Model]
    code: str
    language: str
    given: Mapping[str, str | list[str]] = field(default_factory=dict)
    valid: Model | None = None
    problems: Mapping[str, Problem] = field(default_factory=dict)
    offered: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    place: str = ""

    def value(self) -> Model:
        """The input, or the same refusal that a rule would raise."""
        if self.valid is None:
            raise Invalid(self.problems)
        return self.valid

    def refused(self, error: Invalid) -> "Form[Model]":
        """The same form with a rule's refusal beside what was typed."""
        return replace(self, problems=error.fields)

    def offering(self, **offered: Sequence[Option]) -> "Form[Model]":
        """The same form with answers that only the page knows."""
        return replace(self, offered={**self.offered, **offered})

    def placed(self, place: str) -> "Form[Model]":
        """The same form with ids of its own."""
        return replace(self, place=place)

    @cached_property
    def fields(self) -> Mapping[str, FieldView]:
        """Every field that is not a table, by its name in the model."""
        return {
            name: self._view(name, self.code + "." + name, ask)
            for name, _, ask in asked(self.model)
            if ask.control != "rows"
        }

    @cached_property
    def summary(self) -> Sequence[Mistake]:
        """All that is wrong, in the order of the form. What could be said of any field names its own."""
        order = {name: position for position, name in enumerate(self.model.model_fields)}
        names = sorted(self.problems, key=lambda name: order.get(name.split(".")[0], len(order)))
        return [Mistake("#" + element_id(self.place + name), self._named(name)) for name in names]

    def _named(self, name: str) -> str:
        words, view = self.error(name), self.fields.get(name)
        code, params = self.problems[name]
        if view is None or code not in GENERAL or words != sentence(self.language, code, params):
            return words
        return f"{view.label.rstrip(':?')}: {words}"

    def error(self, name: str) -> str:
        """The sentence for what is wrong with a field, or nothing."""
        problem = self.problems.get(name)
        if problem is None:
            return ""
        code, params = problem
        if code in {"missing", "string_too_short", "too_short"}:
            empty = self._empty(name)
            if empty:
                return empty
        return sentence(self.language, code, params)

    def _empty(self, name: str) -> str:
        path = [part for part in name.split(".") if part in self.model.model_fields] or [name]
        try:
            return words_of(self.language, f"{self.code}.{path[0]}").empty
        except KeyError:
            return ""

    def _view(self, name: str, code: str, ask: Ask) -> FieldView:
        words = Words("") if ask.control == "hidden" else words_of(self.language, code)
        given = self.given.get(name, "")
        values = given if isinstance(given, list) else [given] if given else []
        return FieldView(
            id=element_id(self.place + name),
            name=name,
            control=ask.control,
            label=words.label,
            hint=words.hint,
            why=words.why,
            optional=ask.optional,
            value=values[0] if values else "",
            values=values,
            options=self._options(name, ask, values),
            error=self.error(name),
            guide=guide_in_words(self.language, ask),
            cap=ask.cap,
            inputmode=ask.inputmode,
            autocomplete=ask.autocomplete,
            spellcheck=ask.spellcheck,
            suffix=ask.suffix,
            capitals=ask.capitals,
            width=ask.width,
        )

    def _options(self, name: str, ask: Ask, values: Sequence[str]) -> Sequence[Option]:
        if name in self.offered:
            offered = self.offered[name]
        elif ask.choices:
            offered = [Option(code, words) for code, words in choices(self.language, ask.choices).items()]
        else:
            return ()
        return [Option(option.value, option.label, option.hint, option.value in values) for option in offered]


def element_id(name: str) -> str:
    """The DOM id of a field."""
    return "f-" + name.replace(".", "-")


def guide_in_words(language: str, ask: Ask) -> str:
    """How much is enough: "150 to 200 words, about half a page"."""
    return length_in_words(language, ask.guide) if ask.guide else ""


def nested(flat: Mapping[str, str | list[str]]) -> dict[str, Any]:
    """`scores.need=4` becomes `{"scores": {"need": "4"}}`; an error's place maps back the same way."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *path, leaf = name.split(".")
        node = tree
        for key in path:
            inner = node.setdefault(key, {})
            node = inner if isinstance(inner, dict) else node
        node[leaf] = value
    return tree


async def typed(request: Request) -> dict[str, str | list[str]]:
    """What was typed, by field name; a name that came several times is a list. Files are not read here."""
    form = await request.form()
    given: dict[str, str | list[str]] = {}
    for name in form:
        # No browser types a NUL, and PostgreSQL has no text with one.
        values = [value.replace("\x00", "") for value in form.getlist(name) if isinstance(value, str)]
        given[name.replace("\x00", "")] = values if len(values) > 1 else values[0] if values else ""
    return given


Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


def one(form: Mapping[str, str | list[str]], name: str) -> str:
    """What was typed under a name, once: the last, as a browser sends it twice."""
    value = form.get(name, "")
    return value[-1] if isinstance(value, list) else value


def number(form: Mapping[str, str | list[str]], name: str) -> int:
    """A version or another count that a page sends back; whatever else came is none."""
    value = one(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def read_form(
    model: type[Model], code: str, language: str, given: Mapping[str, str | list[str]]
) -> Form[Model]:
    """The form of what was typed, valid or not.

    A page reads what its form asks and leaves the rest: browsers' extensions add fields, and nothing of
    them is kept. The API, where a misspelt field would be lost in silence, refuses them.
    """
    try:
        value = model.model_validate(nested(_listed(model, given)), extra="ignore")
        return Form(model, code, language, given, value)
    except ValidationError as error:
        return Form(model, code, language, given, None, problems_of(error))


def _listed(model: type[BaseModel], given: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    """A list of choices that came with one tick is still a list, and a lone field never is."""
    many = {
        name for name, info, ask in asked(model) if ask.control == "checkboxes" and row_model(info) is None
    }
    single = {name for name, info, _ in asked(model) if info.annotation is bool}
    out: dict[str, str | list[str]] = {}
    for name, value in given.items():
        if name in many - single:
            out[name] = value if isinstance(value, list) else [value] if value else []
        else:
            out[name] = value[-1] if isinstance(value, list) else value
    return out


def problems_of(error: ValidationError) -> dict[str, Problem]:
    """Pydantic's errors by dotted field name: the first of each field."""
    problems: dict[str, Problem] = {}
    for each in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in each["loc"])
        problems.setdefault(name, (known_code(each["type"]), dict(each.get("ctx", {}))))
    return problems


def form_of(model: type[Model], code: str) -> Callable[[Request], Awaitable[Form[Model]]]:
    """A dependency that reads a form of `model`, valid or not."""

    async def parse(request: Request) -> Form[Model]:
        return read_form(model, code, language_of(request), await typed(request))

    return parse
