"""What a call lacks: each language of each text, each date, weights, rounds, organisations."""

from typing import Any

import pytest
from sqlmodel import Session

from app.calls.creating import default_criteria
from app.calls.inputs import ChoiceInput, CriterionInput, OrganisationsInput, RoundInput, RoundsInput
from app.calls.readiness import readiness
from app.calls.setup_view import CallSetup, setup_of
from app.calls.texts import LongTexts, ShortTexts
from app.messages import sentence
from app.models.calls import CallKind
from app.scoring.methods import Strata
from tests.calls.ready import DATES, make_new, make_ready
from tests.world import CLOSES, NOW, World

LANGUAGES = ("kk", "ru", "en")


@pytest.fixture
def ready(session: Session, world: World) -> CallSetup:
    """A setup that lacks nothing."""
    return setup_of(session, make_ready(session, world.manager()))


def lacking(setup: CallSetup, **parts: Any) -> list[tuple[str, str]]:
    """What the setup lacks when parts of it are these."""
    return [(each.name, each.code) for each in readiness(setup.model_copy(update=parts), NOW)]


def test_readiness_of_a_whole_setup_lacks_nothing(ready: CallSetup) -> None:
    assert readiness(ready, NOW) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["title", "purpose", "who_can_apply", "who_cannot", "need_at_hand", "other_ways"]
)
def test_readiness_names_the_missing_language_of_each_text(
    ready: CallSetup, name: str, language: str
) -> None:
    text = getattr(ready.texts, name).model_copy(update={language: ""})
    texts = ready.texts.model_copy(update={name: text})
    assert lacking(ready, texts=texts) == [(f"texts.{name}.{language}", f"readiness.{name}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_readiness_names_the_missing_language_of_a_criterion(ready: CallSetup, language: str) -> None:
    need, *others = ready.criteria.criteria
    anchors = {**need.anchors, "4": need.anchors["4"].model_copy(update={language: ""})}
    changed = need.model_copy(
        update={
            "title": need.title.model_copy(update={language: ""}),
            "asks": need.asks.model_copy(update={language: ""}),
            "anchors": anchors,
        }
    )
    criteria = ready.criteria.model_copy(update={"criteria": [changed, *others]})
    assert lacking(ready, criteria=criteria) == [
        (f"criteria.need.title.{language}", "readiness.criterion_title"),
        (f"criteria.need.asks.{language}", "readiness.criterion_asks"),
        (f"criteria.need.anchors.4.{language}", "readiness.anchor"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_readiness_names_the_missing_language_of_a_round_and_a_choice(
    ready: CallSetup, language: str
) -> None:
    (first,) = ready.rounds.rounds
    some = {each: "x" for each in LANGUAGES if each != language}
    round_ = first.model_copy(update={"name": ShortTexts(**some), "event": ShortTexts(**some)})
    choices = ready.choices.model_copy(update={"themes": [ChoiceInput(code="eco", name=ShortTexts(**some))]})
    assert lacking(ready, rounds=RoundsInput(rounds=[round_]), choices=choices) == [
        (f"choices.themes.0.name.{language}", "readiness.choice"),
        (f"rounds.{first.code}.name.{language}", "readiness.round_name"),
        (f"rounds.{first.code}.event.{language}", "readiness.round_event"),
    ]


@pytest.mark.parametrize("name", ["opens_at", "closes_at", "reviews_due_at", "results_expected_at"])
def test_readiness_names_the_missing_date(ready: CallSetup, name: str) -> None:
    dates = ready.dates.model_copy(update={name: None})
    assert lacking(ready, dates=dates) == [(f"dates.{name}", f"readiness.{name}")]


def test_readiness_of_a_call_whose_closing_is_past(ready: CallSetup) -> None:
    assert [each.code for each in readiness(ready, CLOSES)] == ["readiness.closes_in_the_past"]


@pytest.mark.parametrize(("weight", "total"), [(24, 99), (26, 101)])
def test_readiness_demands_weights_of_a_hundred(ready: CallSetup, weight: int, total: int) -> None:
    need, *others = ready.criteria.criteria
    criteria = ready.criteria.model_copy(
        update={"criteria": [need.model_copy(update={"weight": weight}), *others]}
    )
    setup = ready.model_copy(update={"criteria": criteria})
    (missing,) = readiness(setup, NOW)
    assert (missing.code, missing.params) == ("readiness.weights", {"total": total})


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        ("criteria", {"criteria": []}, [("criteria", "readiness.no_criterion")]),
        ("rounds", {"rounds": []}, [("rounds", "readiness.no_round")]),
        (
            "organisations",
            {"organisations": []},
            [("organisations.organisations", "readiness.no_organisation")],
        ),
        ("money", {"ceiling_minor": None}, [("money.ceiling_minor", "readiness.ceiling_minor")]),
        ("money", {"rate_minor": None}, [("money.rate_minor", "readiness.rate_minor")]),
        ("choices", {"themes": []}, [("choices.themes", "readiness.no_theme")]),
        (
            "scoring",
            {"reviews_per_application": 5},
            [("scoring.reviews_per_application", "readiness.more_reviews_than_organisations")],
        ),
        ("scoring", {"strata": Strata.LANGUAGE}, []),
    ],
)
def test_readiness_names_what_is_not_there(
    ready: CallSetup, part: str, value: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    changed = getattr(ready, part).model_copy(update=value)
    assert lacking(ready, **{part: changed}) == expected


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([], "readiness.no_section"),
        (["brief", "need", "work_plan", "budget", "sustainability"], "readiness.one_identity_section"),
        (["team", "candidate", "brief", "need", "work_plan", "budget", "sustainability"],
         "readiness.one_identity_section"),
        (["team", "brief", "need", "budget", "sustainability"], "readiness.budget_without_plan"),
        (["team", "need", "work_plan", "budget", "sustainability"], "readiness.no_title"),
    ],
)  # fmt: skip
def test_readiness_demands_sections_that_fit(ready: CallSetup, sections: list[str], expected: str) -> None:
    changed = ready.sections.model_copy(update={"sections": sections})
    assert expected in [code for _, code in lacking(ready, sections=changed)]


def test_readiness_demands_a_section_for_each_criterion(ready: CallSetup) -> None:
    changed = ready.sections.model_copy(update={"sections": ["team", "brief", "need", "sustainability"]})
    assert lacking(ready, sections=changed) == [
        ("criteria.work_plan.sections", "readiness.criterion_sections"),
        ("criteria.budget.sections", "readiness.criterion_sections"),
    ]


def test_readiness_of_a_selection_asks_for_no_money(session: Session, world: World) -> None:
    setup = setup_of(session, make_new(session, world.manager(), kind=CallKind.SELECTION))
    criterion = CriterionInput(
        code="motivation",
        title=ShortTexts(kk="М", ru="М", en="M"),
        asks=LongTexts(kk="М", ru="М", en="M"),
        weight=100,
        scale_max=2,
        anchors={str(score): LongTexts(kk="а", ru="а", en="a") for score in (1, 2)},
        sections=["motivation"],
    )
    whole = setup.model_copy(
        update={
            "texts": setup_of(session, make_ready(session, world.manager(), "2028")).texts,
            "dates": DATES,
            "criteria": setup.criteria.model_copy(update={"criteria": [criterion]}),
            "rounds": RoundsInput(rounds=[RoundInput(name=ShortTexts(kk="Т", ru="Т", en="R"), places=6)]),
            "organisations": OrganisationsInput(organisations=["BC"]),
        }
    )
    assert readiness(whole, NOW) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_readiness_has_a_sentence_for_everything(session: Session, world: World, language: str) -> None:
    setup = setup_of(session, make_new(session, world.manager()))
    found = readiness(setup, NOW)
    assert len(found) > 20
    for each in found:
        words = sentence(language, each.code, each.params)
        assert "{" not in words
        assert words.endswith(".")


def test_default_rubric_is_whole_in_three_languages() -> None:
    """Four criteria, five anchors each, every text present and different in each language."""
    criteria = default_criteria().criteria
    assert [(each.code, each.weight, each.tie_position) for each in criteria] == [
        ("need", 25, 1), ("work_plan", 25, 2), ("budget", 25, 3), ("sustainability", 25, 4),
    ]  # fmt: skip
    for each in criteria:
        assert set(each.anchors) == {"1", "2", "3", "4", "5"}
        for texts in (each.asks, *each.anchors.values()):
            assert len({texts.kk, texts.ru, texts.en}) == 3
            assert all((texts.kk, texts.ru, texts.en))
            assert set(texts.kk.lower()) & set("әғқңөұүһі"), texts.kk


def test_readiness_of_what_rests_on_an_answer(ready: CallSetup) -> None:
    """Groups by theme need two themes; a seat that is claimed needs a question and an answer of the form."""
    few = ready.choices.model_copy(update={"themes": ready.choices.themes[:1]})
    scoring = ready.scoring.model_copy(update={"strata": Strata.THEME})
    assert lacking(ready, choices=few, scoring=scoring) == [("scoring.strata", "readiness.strata_themes")]
    (first,) = ready.rounds.rounds
    group = ShortTexts(**dict.fromkeys(LANGUAGES, "x"))
    for said, sound in (
        ("need.permit=yes", True), ("need.permit=perhaps", False), ("team.contact_way=phone", False),
        ("candidate.access_kinds=helper", False), ("need.complete=yes", False), ("theme=none", False),
    ):  # fmt: skip
        update = {"reserved_places": 1, "reserved_for": group, "reserved_answer": said}
        rounds = RoundsInput(rounds=[first.model_copy(update=update)])
        missing = [] if sound else [(f"rounds.{first.code}.reserved_answer", "readiness.reserved_answer")]
        assert lacking(ready, rounds=rounds) == missing, said
