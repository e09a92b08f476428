"""A question of the call's own: written, published, answered, read blind; a reserved seat may rest on it."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.applications import actions
from app.calls.form import CallForm
from app.calls.inputs import ChoiceInput, ChoicesInput
from app.calls.readiness import readiness
from app.calls.setup_view import setup_of
from app.calls.texts import ShortTexts
from app.database import session_on
from app.decisions.seats import SeatInput, mark_seat, seats
from app.errors import Invalid
from app.messages.answers import blind_answers
from app.models.calls import AwardRound, Call
from tests.applications.steps import begin, begin_write_send
from tests.applications.typed import GRANT
from tests.calls.ready import make_ready
from tests.conftest import Client
from tests.pages.test_setup import LANGUAGES, call_of
from tests.world import NOW, World

ASKS = {
    "kk": "Сіз шеберханада болдыңыз ба?",
    "ru": "Вы были на мастерской?",
    "en": "Were you at the workshop?",
}
WHERE = ("kk", "ru", "en")
SETUP = "/en/desk/2027/setup"


@pytest.fixture
def max_(client: Client, engine: Engine, world: World) -> TestClient:
    """Max sets up a call that lacks nothing, at version 6."""
    with session_on(engine) as session, session.begin():
        make_ready(session, world.manager())
    return client("max")


def asked(**answers: dict[str, str]) -> dict[str, str]:
    """The page of the choices as it is sent, with this question and no theme changed."""
    typed = {f"own_question.{language}": text for language, text in ASKS.items()}
    for number, (code, names) in enumerate(answers.items()):
        typed |= {f"own_answers.{number}.code": code}
        typed |= {f"own_answers.{number}.name.{language}": name for language, name in names.items()}
    return typed


def test_it_is_written_on_a_page_published_with_the_form_and_offered_to_a_seat(
    max_: TestClient, client: Client, engine: Engine
) -> None:
    page = max_.get(f"{SETUP}/choices").text
    assert 'name="own_question.kk"' in page and "answered by Yes or No" in page
    themes = dict(re.findall(r'name="(themes\.\d+\.[a-z.]+)"[^>]*value="([^"]*)"', page))
    themes |= dict(re.findall(r'name="(priorities\.\d+\.[a-z.]+)"[^>]*value="([^"]*)"', page))
    sent = max_.post(f"{SETUP}/choices", data=themes | asked() | {"version": "6"})
    assert sent.status_code == 303
    assert call_of(engine).own_question == {"text": ASKS, "answers": []}
    assert ASKS["ru"] in max_.get(f"{SETUP}/choices").text
    assert "its section is not chosen" in max_.get(SETUP).text
    sections = [each["code"] for each in call_of(engine).sections]
    chosen = {"sections": [*sections, "own"], "version": "7"}
    assert max_.post(f"{SETUP}/sections", data=chosen).status_code == 303
    (code,) = re.findall(rf'href="{SETUP}/rounds/([A-Z2-9]+)"', max_.get(f"{SETUP}/rounds").text)
    offered = max_.get(f"{SETUP}/rounds/{code}").text
    assert re.search(r'value="own.answer=yes">Were you at the workshop\? – Yes \(to be confirmed', offered)
    with session_on(engine) as session, session.begin():
        pot = session.get(AwardRound, 2) or session.query(AwardRound).filter_by(code=code).one()
        pot.reserved_places, pot.reserved_for = 1, dict.fromkeys(LANGUAGES, "members of the workshop")
        pot.reserved_answer = "own.answer=yes"
        session.add(pot)
    opened = max_.post(f"{SETUP}/open", data={"version": "8"})
    assert opened.headers["location"] == f"{SETUP}?done=call_opened"
    form = CallForm.model_validate(call_of(engine).frozen_form)
    (section,) = [each for each in form.sections if each.code == "own"]
    (question,) = section.questions
    assert (question.label, [each.code for each in question.choices]) == (ASKS, ["yes", "no"])
    for language in LANGUAGES:
        assert ASKS[language] in client().get(f"/{language}/calls/2027/questions").text


def test_what_is_half_written_keeps_the_call_from_opening(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        setup = setup_of(session, make_ready(session, world.manager()))

    def lacks(*, section: bool, **given: object) -> set[str]:
        choices = ChoicesInput(themes=setup.choices.themes, priorities=setup.choices.priorities, **given)  # type: ignore[arg-type]
        sections = setup.sections.model_copy(
            update={"sections": [*setup.sections.sections, *(["own"] if section else [])]}
        )
        return {
            each.code
            for each in readiness(setup.model_copy(update={"choices": choices, "sections": sections}), NOW)
        }

    words = ShortTexts(**ASKS)
    one = [ChoiceInput(code="a", name=ShortTexts(**dict.fromkeys(WHERE, "A")))]
    assert lacks(section=False) == set()
    assert lacks(section=True) == {"readiness.no_own_question"}
    assert lacks(section=False, own_question=words) == {"readiness.own_not_asked"}
    assert lacks(section=True, own_question=ShortTexts(en="Why?")) == {"readiness.own_question"}
    assert lacks(section=True, own_question=words, own_answers=one) == {"readiness.one_own_answer"}
    assert lacks(section=True, own_question=words) == set()


def asks(session: Session, world: World, answers: list[dict[str, object]]) -> None:
    """The world's call has a question of its own."""
    call = session.get(Call, world.call.id)
    assert call
    call.own_question = {"text": ASKS, "answers": answers}
    call.sections = [*call.sections, {"code": "own"}]
    call.version += 1
    session.add(call)
    session.flush()


def test_an_applicant_answers_it_in_the_calls_words_and_nothing_else(
    client: Client, engine: Engine, world: World
) -> None:
    answers: list[dict[str, object]] = [
        {"code": code, "name": {language: f"{code} {language}" for language in LANGUAGES}}
        for code in ("came", "stayed")
    ]
    with session_on(engine) as session, session.begin():
        asks(session, world, answers)
        ref = begin(session, world.applicant())
        with pytest.raises(Invalid):
            actions.save_section(session, world.applicant(), ref, "own", {"nothing": "x"}, version=1, now=NOW)
    ada = client("ada")
    for language in LANGUAGES:
        page = ada.get(f"/{language}/apply/{ref}/own").text
        assert ASKS[language] in page and f"stayed {language}" in page
    wrong = ada.post(f"/en/apply/{ref}/own", data={"answer": "left", "version": "1", "_action": "continue"})
    assert (wrong.status_code, ASKS["en"] in wrong.text) == (422, True)


def test_a_seat_may_rest_on_its_answer_once_a_coordinator_has_confirmed_it(
    session: Session, world: World
) -> None:
    asks(session, world, [])
    pot = session.get(AwardRound, world.round.id)
    assert pot
    pot.reserved_places, pot.reserved_for, pot.reserved_answer = 1, ASKS, "own.answer=yes"
    session.add(pot)
    session.flush()
    begin_write_send(session, world.applicant(), {**GRANT, "own": {"answer": "yes"}})
    begin_write_send(session, world.applicant("zoe"), {**GRANT, "own": {"answer": "no"}})
    call = session.get(Call, world.call.id)
    assert call
    for language, yes in (("kk", "Иә"), ("ru", "Да"), ("en", "Yes")):
        read = blind_answers(language, [], [], call.own_question, {"own": {"answer": "yes"}})
        assert [(each.label, each.text) for each in read["own"]] == [(ASKS[language], yes)]
    cora = world.coordinator()
    (claim,) = seats(session, cora, pot.code)
    assert (claim.by_answer, claim.waits, claim.belongs) == (True, True, False)
    given = SeatInput(belongs=True, reason="The list of the workshop has them.")
    mark_seat(session, cora, pot.code, claim.application, given, NOW)
    (claim,) = seats(session, cora, pot.code)
    assert (claim.waits, claim.belongs) == (False, True)
