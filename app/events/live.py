"""What the audience reads on its phones: the order, who is on, and winners as they are revealed."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.events.programme import Card, programme_of
from app.events.rehearsal import rehearsal_screen
from app.events.scenes import OF_A_TEAM
from app.events.stage import RevealedWinner, Screen, opened_round, revealed_winners, shown
from app.models.events import Event, Stage
from app.models.keys import key_of


class Place(StrEnum):
    """Where a team stands in the evening."""

    WAITS = "waits"
    IS_ON = "is_on"
    WAS_ON = "was_on"


class Pitching(BaseModel):
    """A team in the running order."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    card: Card
    place: Place


class PublicEvening(BaseModel):
    """The evening as everybody may see it; once it is `set_up` it has a page of its own.

    `winners` are those revealed, the last one first. `given_back`: how many of them have given their
    award back since, so that the results are not those of the evening any more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    screen: Screen
    call: str
    order: list[Pitching]
    winners: list[RevealedWinner]
    given_back: int
    set_up: bool
    stream_url: str
    published: bool


def evening(session: Session, round_code: str) -> PublicEvening:
    """The evening of a round, for anybody; never of a rehearsal. NotFound for an unopened call."""
    pot, call = opened_round(session, round_code)
    stage = session.get(Stage, pot.id)
    programme = programme_of(session, key_of(pot.id))
    winners = revealed_winners(session, pot)
    on = stage.slot if stage and stage.scene in OF_A_TEAM else None
    reached = set(stage.reached) if stage else set()
    return PublicEvening(
        screen=shown(pot, call, stage, programme, winners),
        call=call.slug,
        order=[Pitching(card=card, place=_place(card.slot, on, reached)) for card in programme.cards],
        winners=winners[::-1],
        given_back=sum(each.given_back for each in winners),
        set_up=session.get(Event, pot.id) is not None,
        stream_url=programme.stream_url,
        published=call.published_at is not None,
    )


def _place(slot: int, on: int | None, reached: set[int]) -> Place:
    if slot == on:
        return Place.IS_ON
    return Place.WAS_ON if slot in reached else Place.WAITS


def hall_screen(session: Session, round_code: str) -> Screen:
    """The screen for who has the hall's own link: the rehearsal while there is one."""
    pot, call = opened_round(session, round_code)
    stage = session.get(Stage, pot.id)
    if stage is not None and stage.rehearsing:
        return rehearsal_screen(session, pot, call)
    programme = programme_of(session, key_of(pot.id))
    return shown(pot, call, stage, programme, revealed_winners(session, pot))
