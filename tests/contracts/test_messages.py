"""Rules speak in codes: each code, word and question has its sentence, and none is left over."""

import ast
import importlib
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import app.main
import app.models
from app.asking import asked, row_model
from app.errors import DomainError
from app.messages.flashes import FLASHES
from app.messages.labels import CHOICES, ENUMS
from app.messages.questions import QUESTIONS
from app.messages.sentences import GENERAL, SENTENCES
from app.messages.words import PARTS
from app.pages import setup_parts
from app.sections.catalogue import CATALOGUE
from app.web.status import STATUS, status_of

APP = Path(app.__path__[0])
SOURCES = {path: path.read_text() for path in sorted(APP.rglob("*.py"))}

INTERNAL = {"FileState", "MailState", "MatterKind", "TallyKind"}
"""Words of the database that no person reads."""


def below(parent: type[Any]) -> Iterator[type[Any]]:
    """All subclasses that the application itself defines."""
    for each in parent.__subclasses__():
        if each.__module__.startswith("app."):
            yield each
        yield from below(each)


REFUSALS = sorted(set(below(DomainError)), key=lambda each: each.__name__)
ENUM_CLASSES = sorted(
    {each for each in below(StrEnum) if each.__module__.startswith("app.models")},
    key=lambda each: each.__name__,
)
FORMS = sorted(set(below(BaseModel)), key=lambda each: (each.__module__, each.__name__))


def test_every_refusal_has_a_sentence() -> None:
    assert len(REFUSALS) > 15
    assert {each.code for each in REFUSALS} - SENTENCES.keys() == set()


def test_every_refusal_has_a_status() -> None:
    kinds = set(STATUS)
    assert {each.__name__ for each in REFUSALS if not kinds & set(each.__mro__)} == set()
    answers = {status_of(DomainError.__new__(each)) for each in REFUSALS}
    assert answers <= {401, 403, 404, 409, 413, 422, 428, 429, 503}


def test_a_refusal_is_called_noun_fact() -> None:
    kinds = {each.code for each in STATUS}
    wrong = {each.code for each in REFUSALS if not re.fullmatch(r"[a-z_]+\.[a-z_]+", each.code)}
    assert wrong - kinds == set()


def test_no_two_refusals_share_a_code() -> None:
    codes = [each.code for each in REFUSALS if "code" in vars(each)]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def _mentioned(pattern: str) -> set[str]:
    return {code for text in SOURCES.values() for code in re.findall(pattern, text)}


def test_every_code_given_to_invalid_has_a_sentence() -> None:
    """`Invalid({"field": "noun.fact"})` and whatever else looks like a code beside a field."""
    codes = set()
    for tree in map(ast.parse, SOURCES.values()):
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Invalid":
                codes |= {
                    value.value
                    for value in ast.walk(call)
                    if isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                    and re.fullmatch(r"[a-z_]+\.[a-z_]+", value.value)
                }
    fields = {code.split(".", 1)[-1] for code in QUESTIONS}
    assert codes - SENTENCES.keys() - QUESTIONS.keys() - fields == set()


def test_no_sentence_is_left_over() -> None:
    """A code that no line of the source mentions is of a rule that is gone."""
    words = [path for path in SOURCES if "messages" in path.parts]
    rules = "".join(text for path, text in SOURCES.items() if path not in words)
    own = {code for part in PARTS for code in part.SENTENCES} - GENERAL.keys()
    dynamic = set(re.findall(r'f"([a-z_]+)\.\{', rules))  # a code put together from a prefix
    left = {code for code in own if f'"{code}"' not in rules and code.split(".")[0] not in dynamic}
    assert left == set()


@pytest.mark.parametrize("table", ["SENTENCES", "QUESTIONS", "CHOICES", "FLASHES"])
def test_no_two_parts_say_one_code(table: str) -> None:
    """The tables are joined, so that a code said twice would silently have the later words."""
    codes = [code for part in PARTS for code in getattr(part, table)]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_every_enum_of_the_database_has_words() -> None:
    assert len(ENUM_CLASSES) > 5
    assert {each.__name__ for each in ENUM_CLASSES} - {each.__name__ for each in ENUMS} == INTERNAL


@pytest.mark.parametrize("kind", list(ENUMS), ids=lambda kind: kind.__name__)
def test_every_member_of_an_enum_has_a_label(kind: type[StrEnum]) -> None:
    assert set(ENUMS[kind]) == set(kind)
    assert all(ENUMS[kind].values())


def test_every_flash_is_used() -> None:
    """A message after an act is named by `done="…"`; an unknown code would show nothing."""
    used = _mentioned(r'done="([a-z_]+)"')
    assert used - FLASHES.keys() == set()
    source = "".join(text for path, text in SOURCES.items() if "messages" not in path.parts)
    assert {code for code in FLASHES if f'"{code}"' not in source} == set()


@pytest.mark.parametrize("model", FORMS, ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_every_list_of_choices_has_words(model: type[BaseModel]) -> None:
    """A field names a list of `CHOICES`, or the page brings the answers of this very call itself."""
    named = {ask.choices for _, _, ask in asked(model) if ask.choices}
    pages = "".join(
        text for path, text in SOURCES.items() if path.parent.name in {"pages", "calls", "sections"}
    )
    assert {name for name in named if name not in CHOICES and f'"{name}"' not in pages} == set()


def test_every_choice_has_words() -> None:
    assert all(words and all(words.values()) for words in CHOICES.values())


BUTTONS = {
    "deck.kind", "demo.email", "demo.juror", "demo.place", "demo.pot", "version.version", "seal.number",
    "stage.version", "stage.scene", "stage.of", "stage.slot", "stage.armed", "stage.turn", "stage.frozen",
    "stage.was", "review.scores",
}  # fmt: skip
"""What a button or a scale sends: it has its own words, and no label as a question has."""
MAKERS = {"Form", "read_form", "form_of"}


def _forms() -> Iterator[tuple[str, type[BaseModel]]]:
    """Each form that a page makes, with the code that its words begin with."""
    for section in CATALOGUE.values():
        yield section.code, section.model
    for part, form in setup_parts.PARTS.items():
        yield str(part), form.model
    for path, text in SOURCES.items():
        if path.parent.name != "pages":
            continue
        module = importlib.import_module(f"app.pages.{path.stem}")
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MAKERS and len(call.args) > 1:
                model, code = call.args[:2]
                if isinstance(model, ast.Name) and isinstance(code, ast.Constant) and model.id[0].isupper():
                    yield str(code.value), getattr(module, model.id)


def _questions(code: str, model: type[BaseModel]) -> Iterator[str]:
    for name, field, ask in asked(model):
        if ask.control != "hidden":
            yield f"{code}.{name}"
        if (row := row_model(field)) is not None:
            yield from _questions(f"{code}.{name}", row)


def test_every_question_has_words() -> None:
    forms = dict.fromkeys(_forms())
    assert len(forms) > 15
    questions = {question for code, model in forms for question in _questions(code, model)}
    assert len(questions) > 80
    assert questions - QUESTIONS.keys() - BUTTONS == set()


def test_every_label_is_filled() -> None:
    assert {code for code, words in QUESTIONS.items() if not words.label} == set()
