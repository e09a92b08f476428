"""Every section has its words, its pages and one limit for each answer."""

import re

import pytest
from annotated_types import MaxLen

from app.asking import ask_of, asked, row_model
from app.messages import LANGUAGES
from app.messages.labels import CHOICES
from app.messages.questions import QUESTIONS
from app.messages.sentences import SENTENCES
from app.sections.catalogue import CATALOGUE, Section

SUPPLIED = {
    "themes",
    "priorities",
    "own_answers",
    "organisations",
    "months",
    "activities",
    "activities_or_whole",
}
"""Choices that the call or the application knows."""


@pytest.mark.parametrize("section", CATALOGUE.values(), ids=lambda section: section.code)
def test_each_question_stands_on_one_page_and_has_words(section: Section) -> None:
    names = [name for part in section.parts for name in part.names]
    assert sorted(names) == sorted(section.model.model_fields)
    assert section.code in CHOICES["sections"]
    if len(section.parts) > 1:
        assert all(f"{section.code}.{part.code}" in CHOICES["pages"] for part in section.parts)
    for name, info, ask in asked(section.model):
        assert f"{section.code}.{name}" in QUESTIONS
        assert ask.choices is None or ask.choices in CHOICES or ask.choices in SUPPLIED
        row = row_model(info)
        if row is not None:
            assert f"{section.code}.{name}" in CHOICES["rows"]
            assert QUESTIONS[f"{section.code}.{name}"].add
            for field in row.model_fields:
                assert field == "id" or f"{section.code}.{name}.{field}" in QUESTIONS


@pytest.mark.parametrize("section", CATALOGUE.values(), ids=lambda section: section.code)
def test_the_counter_and_the_check_have_the_same_limit(section: Section) -> None:
    models = [section.model, *(row for _, info, _ in asked(section.model) if (row := row_model(info)))]
    for model in models:
        for name, info in model.model_fields.items():
            ask, limits = ask_of(info), [each for each in info.metadata if isinstance(each, MaxLen)]
            if ask.cap is not None:
                assert [limit.max_length for limit in limits] == [ask.cap], name
            if ask.control == "rows":
                assert [limit.max_length for limit in limits] == [ask.rows[1]], name
            words = QUESTIONS.get(f"{section.code}.{name}")
            if words and info.is_required() and ask.control != "rows":
                assert words.empty, name


ASIDE = {"access_needs", "partner_links_note", "priority_why", "other_money", "month_costs", "members"}
"""Long questions that only go on from the one before, which says why."""


@pytest.mark.parametrize("section", CATALOGUE.values(), ids=lambda section: section.code)
def test_a_question_that_takes_time_says_how_much_is_enough_and_why_it_is_asked(section: Section) -> None:
    for name, _, ask in asked(section.model):
        words = QUESTIONS[f"{section.code}.{name}"]
        if ask.control in {"textarea", "rows"}:
            assert words.why or name in ASIDE, name
        if ask.control == "textarea" and (ask.cap or 0) >= 600:
            assert ask.guide or name in ASIDE, name
        # A hint is a word on the way, not a paragraph, and leads nowhere.
        assert len(words.hint) < 110, name
        assert "http" not in words.hint, name


def test_every_code_that_a_section_raises_has_a_sentence() -> None:
    from pathlib import Path

    import app.sections

    codes = {
        code
        for path in Path(app.sections.__file__).parent.glob("*.py")
        for code in re.findall(r'[("]((?:[a-z_]+)\.[a-z_]+)", (?:\{|"|\w)', path.read_text(encoding="utf-8"))
    }
    assert len(codes) > 15
    assert codes <= set(SENTENCES)
    assert len(LANGUAGES) == 3
