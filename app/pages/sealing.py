"""Sealing the results of a round, and what helps where the screen fails: slides, cards and a paper list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.panel_names import panel_names
from app.asking import Ask
from app.calls.titles import call_title
from app.decisions import deck, sealing
from app.decisions.deck import DeckKind
from app.decisions.refusals import SealConfirmed, SealDiffers, SealSecondPerson, SealStands
from app.decisions.sealing import FullSeal, Sealing
from app.errors import Invalid, Stale
from app.messages import formats, sentence
from app.messages.labels import choices
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other
from app.wall import BehindWall
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.later import pdf_later
from app.web.sender import sender_for
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/stage/{pot}")


class SealInput(BaseModel):
    """On which seal it was pressed, and where there is nobody else, why it is done alone."""

    number: Annotated[int, Field(ge=0, le=10**6), Ask("hidden")]
    reason: Annotated[str, Field(max_length=1000), Ask("textarea")] = ""


class DeckInput(BaseModel):
    """Which of the papers is taken along."""

    kind: DeckKind


SealForm = Annotated[Form[SealInput], Depends(form_of(SealInput, "seal"))]
DeckForm = Annotated[Form[DeckInput], Depends(form_of(DeckInput, "deck"))]


@dataclass(frozen=True, slots=True)
class SealLine:
    """One seal in words."""

    number: int
    sha256: str
    made: str
    confirmed: str
    void: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SealShow(Page):
    """Whether the results are sealed, and the next step; `refused` says why a press did nothing."""

    template = "stage/seal.html"
    call: str
    call_title: str
    pot: str
    sealing: Sealing
    standing: SealLine | None
    older: Sequence[SealLine]
    form: Form[SealInput]
    refused: str
    stale: bool


@dataclass(frozen=True, slots=True)
class CopyLine:
    """Who took which paper along, and when."""

    who: str
    what: str
    when: str


@dataclass(frozen=True, kw_only=True)
class DeckShow(Page):
    """What to take along for the evening, and who has done so."""

    template = "stage/deck.html"
    call: str
    call_title: str
    pot: str
    kinds: Sequence[tuple[str, str]]
    copies: Sequence[CopyLine]
    people: int
    stands: bool
    tied: bool
    published: bool


@router.get("/seal", name="seal.show")
def show_seal(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    return _page(request, session, coordinator, now, call, pot).response(request)


def _page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    form: Form[SealInput] | None = None,
    refused: str = "",
    *,
    stale: bool = False,
) -> SealShow:
    language = language_of(request)
    found = sealing.sealing(session, coordinator, pot, now)
    names = {code: each.shown for code, each in panel_names(session, coordinator).items()}
    lines = [_line(language, each, names) for each in found.seals]
    current = bool(found.seals) and found.seals[0].voided_at is None
    return SealShow(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        sealing=found,
        standing=lines[0] if current else None,
        older=lines[1:] if current else lines,
        form=form or Form(SealInput, "seal", language),
        refused=refused,
        stale=stale,
    )


def _line(language: str, seal: FullSeal, names: dict[str, str]) -> SealLine:
    who = names.get(seal.confirmed_by, seal.confirmed_by)
    confirmed = formats.moment(language, seal.confirmed_at) if seal.confirmed_at else ""
    return SealLine(
        number=seal.number,
        sha256=seal.sha256,
        made=f"{formats.moment(language, seal.sealed_at)} · {names.get(seal.sealed_by, seal.sealed_by)}",
        confirmed=f"{confirmed} · {who}" if who else confirmed,
        void=formats.moment(language, seal.voided_at) if seal.voided_at else "",
        reason=seal.reason,
    )


@router.post("/seal", name="seal.make")
def make_seal(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: SealForm
) -> Response:
    given = form.value()
    try:
        sealing.seal(session, coordinator, pot, given.number, given.reason, now)
    except Invalid as error:
        page = _page(request, session, coordinator, now, call, pot, form.refused(error))
        return page.response(request, 422)
    except Stale:
        return _page(request, session, coordinator, now, call, pot, stale=True).response(request, 409)
    except (SealStands, SealDiffers, BehindWall) as error:
        why = sentence(language_of(request), error.code, error.params)
        return _page(request, session, coordinator, now, call, pot, form, why).response(request, 409)
    done = "seal_stands" if sealing.sealing(session, coordinator, pot, now).stands else "sealed"
    return see_other(request, "seal.show", call=call, pot=pot, done=done)


@router.post("/seal/confirm", name="seal.confirm")
def confirm(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: SealForm
) -> Response:
    try:
        sealing.confirm_seal(session, coordinator, pot, form.value().number, now)
    except Stale:
        return _page(request, session, coordinator, now, call, pot, stale=True).response(request, 409)
    except (SealConfirmed, SealSecondPerson, SealDiffers, BehindWall) as error:
        why = sentence(language_of(request), error.code, error.params)
        return _page(request, session, coordinator, now, call, pot, None, why).response(request, 409)
    return see_other(request, "seal.show", call=call, pot=pot, done="seal_stands")


@router.get("/deck", name="deck.show")
def show_deck(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    language = language_of(request)
    found = deck.deck_of(session, coordinator, pot)
    names = {code: each.shown for code, each in panel_names(session, coordinator).items()}
    words = choices(language, "deck")
    return DeckShow(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        kinds=[(kind.value, words[kind.value]) for kind in found.kinds],
        copies=[
            CopyLine(names.get(each.by, each.by), words[each.kind.value], formats.moment(language, each.at))
            for each in found.copies
        ],
        people=found.people,
        stands=found.stands,
        tied=found.tied,
        published=DeckKind.CARDS not in found.kinds,
    ).response(request)


@router.post("/deck", name="deck.take")
def take_deck(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: DeckForm
) -> Response:
    """Written into the log before a byte leaves; the copy says whose it is."""
    kind, language = form.value().kind, language_of(request)
    taken = deck.take_deck(session, coordinator, pot, kind, now)
    make = deck.deck_paper(taken, language, sender_for(request, language), now)
    return pdf_later(f"{kind.value}-{call}-{pot}.pdf", make)
