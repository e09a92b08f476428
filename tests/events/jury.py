"""A jury around an announced evening: rows by the actions, and a ballot in one line."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.accounts.actors import Juror as Acting
from app.events.ballots import BallotInput, finish, own_jury, save_ballot
from app.events.evening import all_have_pitched, evening_of, pitch_begins
from app.events.jury import JurorInput, add_juror
from app.events.tally import CloseInput, close_pitches
from app.models.jury import Juror
from app.models.keys import key_of
from tests.events.evening import EVENING
from tests.world import World

NIGHT = EVENING + timedelta(minutes=30)
JURY = ("BC", "AKIM", "ADC", "KBTU")
SECRET = "a secret of the tests"


def seated(session: Session, world: World, organisations: Sequence[str] = JURY) -> list[Acting]:
    """One juror for each of these."""
    for number, code in enumerate(organisations, 1):
        given = JurorInput(name=f"Juror Canaryname {number}", organisation=code, phone="+7 700 000 00 00")
        add_juror(session, world.coordinator(), world.round.code, given, NIGHT)
    return acting(session, world)


def acting(session: Session, world: World) -> list[Acting]:
    """The jury of the world's round as actors, those who were taken off too."""
    rows = session.exec(select(Juror.id).where(Juror.round_id == world.round.id).order_by(col(Juror.number)))
    return [Acting(key_of(key), key_of(world.round.id), key_of(world.call.id)) for key in rows]


def juror_row(session: Session, juror: Acting) -> Juror:
    return session.exec(
        select(Juror).where(Juror.id == juror.juror_id).execution_options(populate_existing=True)
    ).one()


def version_of(session: Session, world: World) -> int:
    session.flush()
    return evening_of(session, key_of(world.round.id)).version


def begin(session: Session, world: World, slots: Sequence[int], now: datetime = NIGHT) -> None:
    for slot in slots:
        pitch_begins(session, world.coordinator(), world.round.code, slot, version_of(session, world), now)


def compare(session: Session, world: World, now: datetime = NIGHT) -> None:
    all_have_pitched(session, world.coordinator(), world.round.code, version_of(session, world), now)


def give(
    session: Session,
    juror: Acting,
    slot: int,
    scores: int | Mapping[str, int | None] | None = None,
    *,
    seen: int | None = None,
    now: datetime = NIGHT,
    **more: object,
) -> int:
    """A ballot: the same score on everything, or by criterion; its version."""
    own = own_jury(session, juror, now)
    if seen is None:
        seen = next(each.version for each in own.pitches if each.slot == slot)
    if isinstance(scores, int):
        scores = {each.code: scores for each in own.criteria}
    return save_ballot(
        session, juror, slot, BallotInput.model_validate({"scores": scores or {}, **more}), seen, now
    )


def done(session: Session, jurors: Sequence[Acting], now: datetime = NIGHT) -> None:
    for each in jurors:
        finish(session, each, now)


def close(session: Session, world: World, reason: str = "", now: datetime = NIGHT) -> int:
    given = CloseInput(version=version_of(session, world), reason=reason)
    return close_pitches(session, world.coordinator(), world.round.code, given, now)


def scored_evening(session: Session, world: World, count: int) -> None:
    """A jury of two who rank the finalists as they stand in the written order, and close."""
    jurors = seated(session, world, JURY[:2])
    begin(session, world, range(1, count + 1))
    compare(session, world)
    for each in own_jury(session, jurors[0], NIGHT).pitches:
        # "Idea 3" of `ranked_call` is third: nobody's place changes.
        place = int(each.title.rsplit(" ", 1)[1])
        for number, juror in enumerate(jurors):
            give(session, juror, each.slot, max(1, 5 - (place - 1 + number) // 3))
    done(session, jurors)
    close(session, world)
