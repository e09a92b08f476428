"""A reviewer's read models: what they hold, and that nothing that names somebody can get into them."""

import ast
import json
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from app.applications import blind
from app.applications.blind import READABLE, BlindApplication, BlindCard
from app.errors import NotFound
from app.models.applications import Application, Packet
from app.models.reviews import Assignment, Tie
from app.reviews.queries import InHand, Situation, in_hand, own_queue
from tests.factories import OWN_WORD, REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import World


@pytest.fixture
def application(session: Session, world: World) -> Application:
    application = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    make_assignment(session, world, application, "rita")
    return application


def read(session: Session, world: World, application: Application) -> InHand:
    return in_hand(session, world.reviewer(), application.code, REVIEWING)


def test_the_text_is_the_packet_and_names_nobody(
    session: Session, world: World, application: Application
) -> None:
    text = read(session, world, application).own.text
    assert text is not None
    assert text.code == application.code
    assert text.title == "Apples in the yard"
    assert list(text.sections) == ["brief", "need", "work_plan", "budget", "sustainability"]
    everything = text.model_dump_json().lower()
    assert OWN_WORD in everything
    for word in ("canary", application.ref.lower(), "2026-03-10"):
        assert word not in everything


def test_an_identity_that_slipped_into_the_packet_is_left_out(
    session: Session, world: World, application: Application
) -> None:
    """Even a defect of sending does not show: sections that name people, answers for coordinators."""
    packet = session.exec(select(Packet)).one()
    packet.data = {
        **packet.data,
        "team": {"family_name": "Canaryname"},
        "unheard_of": {"name": "Canaryname"},
        "budget": {**packet.data["budget"], "unsure": "Ask Canaryname"},
        "need": {
            **packet.data["need"],
            "stakeholders": [{**row, "name": "Canary office"} for row in packet.data["need"]["stakeholders"]],
        },
    }
    session.flush()
    text = read(session, world, application).own.text
    assert text is not None
    assert "canary" not in text.model_dump_json().lower()
    assert list(text.sections) == ["brief", "need", "work_plan", "budget", "sustainability"]


def test_the_card_holds_no_text_before_the_question(
    session: Session, world: World, application: Application
) -> None:
    session.exec(select(Assignment)).one().tie = None
    session.flush()
    own = read(session, world, application).own
    assert (own.situation, own.text) == (Situation.ASKED, None)
    assert own.card == BlindCard(
        code=application.code,
        title="Apples in the yard",
        summary=f"An {OWN_WORD} for everybody.",
        theme="ecology",
        districts=["medeu", "bostandyk"],
        language="en",
        stakeholder_kinds=["akimat", "residents"],
    )


def test_a_tie_takes_the_text_away(session: Session, world: World, application: Application) -> None:
    session.exec(select(Assignment)).one().tie = Tie.TIE
    session.flush()
    own = read(session, world, application).own
    assert (own.situation, own.text, own.card) == (Situation.TIED, None, None)
    session.exec(select(Assignment)).one().withdrawn_at = REVIEWING
    session.flush()
    own = read(session, world, application).own
    assert (own.situation, own.text, own.card) == (Situation.WITHDRAWN, None, None)


@pytest.mark.parametrize("name", ["rolf", "anna", "karl"])
def test_nobody_else_finds_it(session: Session, world: World, application: Application, name: str) -> None:
    with pytest.raises(NotFound):
        in_hand(session, world.reviewer(name), application.code, REVIEWING)
    assert own_queue(session, world.reviewer(name), REVIEWING).lines == []


def test_orders_differ_between_reviewers_and_from_submission(session: Session, world: World) -> None:
    applications = [make_sent_application(session, world, title=f"Project {n}") for n in range(20)]
    open_reviewing_rows(session, world)
    for application in applications:
        for name in ("rita", "rolf"):
            make_assignment(session, world, application, name)
    orders = [
        [line.code for line in own_queue(session, world.reviewer(name), REVIEWING).lines]
        for name in ("rita", "rolf")
    ]
    submitted = [application.code for application in applications]
    assert sorted(orders[0]) == sorted(orders[1]) == sorted(submitted)
    assert orders[0] != orders[1]
    assert submitted not in orders
    assert sorted(submitted) not in orders


def test_read_models_refuse_any_other_field() -> None:
    for model in (BlindCard, BlindApplication):
        fields = json.loads(json.dumps(dict.fromkeys(model.model_fields, "x")))
        with pytest.raises(ValidationError, match="extra_forbidden"):
            model.model_validate(fields | {"name": "Somebody"})


def test_readable_leaves_out_what_is_not_for_reviewers() -> None:
    assert set(READABLE) == {"brief", "need", "work_plan", "budget", "sustainability", "motivation", "own"}
    assert "unsure" not in READABLE["budget"]


def test_blind_never_imports_people() -> None:
    tree = ast.parse(Path(str(blind.__file__)).read_text())
    imported = {
        name.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert not {name for name in imported if "people" in name}
