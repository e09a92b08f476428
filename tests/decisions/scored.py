"""A call whose reviews are all sent, with an order that is known beforehand."""

from sqlmodel import Session, col, select

from app.decisions.closing import close_reviewing
from app.decisions.holes import excuse_holes, holes
from app.models.applications import Application, Packet, Sending
from app.models.calls import AwardRound
from app.models.decisions import Award, RankingEntry
from app.models.reviews import Assignment, Review, ReviewState
from app.random_codes import random_code
from tests.factories import (
    REVIEWING,
    Scores,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.kept_scenes import scene
from tests.world import World, texts

REVIEWERS = ("rita", "rolf", "anna", "karl")
REASON = "The jury found a safer site for it, see minute 4."
PLACE = 500_000
"""Euro cents for one place of the world's round."""


def scored_call(session: Session, world: World, count: int = 8, owner: str = "ada") -> list[str]:
    """Applications scored by all four organisations, each one point below the one before; their codes."""
    return scene(session, world, ("scored", count, owner), lambda: _scored_call(session, world, count, owner))


def _scored_call(session: Session, world: World, count: int, owner: str) -> list[str]:
    applications = [
        make_sent_application(session, world, owner, f"Idea {number}") for number in range(1, count + 1)
    ]
    open_reviewing_rows(session, world)
    for number, application in enumerate(applications):
        for name, scores in zip(REVIEWERS, _scores(list(world.criteria), number), strict=True):
            make_review(session, world, make_assignment(session, world, application, name), scores)
    return [application.code for application in applications]


def _scores(criteria: list[str], less: int) -> list[Scores]:
    """Four sheets of fives with `less` points fewer in all, never below 1."""
    cells = [5] * (len(REVIEWERS) * len(criteria))
    for index in range(less):
        cells[index % len(cells)] -= 1
    assert min(cells) >= 1
    return [
        dict(zip(criteria, cells[start : start + len(criteria)], strict=True))
        for start in range(0, len(cells), len(criteria))
    ]


def ranked_call(session: Session, world: World, count: int = 8, owner: str = "ada") -> list[str]:
    """The same with reviewing closed: codes from the first place to the last."""
    return scene(session, world, ("ranked", count, owner), lambda: _ranked_call(session, world, count, owner))


def _ranked_call(session: Session, world: World, count: int, owner: str) -> list[str]:
    codes = scored_call(session, world, count, owner)
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    return codes


def second_round(session: Session, world: World, *, places: int = 2, envelope: int | None = 1_000_000) -> str:
    """Another round of the call; its code."""
    pot = AwardRound(
        call_id=world.call.id or 0,
        code=random_code(),
        position=2,
        name=texts("Second round"),
        places=places,
        amount_minor=None if envelope is None else PLACE,
        envelope_minor=envelope,
    )
    session.add(pot)
    session.flush()
    return pot.code


def resize(session: Session, world: World, *, places: int = 6, envelope: int | None = 3_000_000) -> None:
    """Other places or another envelope for the world's round; without one it gives places alone."""
    pot = pot_now(session, world.round.code)
    pot.places, pot.envelope_minor = places, envelope
    pot.amount_minor = None if envelope is None else PLACE
    session.add(pot)
    session.flush()


def pot_now(session: Session, code: str) -> AwardRound:
    """The round as the database has it."""
    return session.exec(
        select(AwardRound).where(AwardRound.code == code).execution_options(populate_existing=True)
    ).one()


def awarded(session: Session) -> dict[str, int | None]:
    """Application code -> amount of its award."""
    return dict(
        session.exec(
            select(Application.code, Award.amount_minor).join(
                Award, col(Award.application_id) == Application.id
            )
        ).all()
    )


def stored_order(session: Session) -> list[tuple[str, str | None]]:
    """The stored codes and exact totals, first to last."""
    return list(
        session.exec(
            select(Application.code, RankingEntry.total)
            .join(RankingEntry, col(RankingEntry.application_id) == Application.id)
            .order_by(col(RankingEntry.place))
        ).all()
    )


def refs_of(session: Session) -> dict[str, str]:
    """Title -> reference of each application that was sent."""
    return dict(
        session.exec(
            select(Packet.title, Application.ref)
            .join(Sending, col(Sending.id) == Packet.sending_id)
            .join(Application, col(Application.id) == Sending.application_id)
        ).all()
    )


def one_review_left(session: Session, code: str) -> None:
    """All reviews of an application but one were never sent."""
    rows = session.exec(
        select(Review)
        .join(Assignment, col(Assignment.id) == col(Review.assignment_id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .where(Application.code == code)
        .order_by(col(Assignment.id))
    ).all()
    for review in rows[1:]:
        review.state = ReviewState.DRAFT
    session.flush()


def excused(session: Session, world: World) -> None:
    """Every review that is missing is excused in writing."""
    cora = world.coordinator()
    cells = {(each.application, each.organisation): REASON for each in holes(session, cora)}
    excuse_holes(session, cora, cells, REVIEWING)
