"""Seals of results: for everybody; making and confirming one, and its papers, for coordinators."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.evening import AtRound
from app.api.paging import Listed, Paging
from app.api.problems import language_wished
from app.api.protocol import SENDS_A_PDF
from app.api.versions import IfMatch, Tagging
from app.calls.public import public_call
from app.decisions import deck, sealing
from app.decisions.deck import Deck, DeckKind
from app.decisions.sealing import Sealing
from app.decisions.seals import PublicSeal, public_seals
from app.web.clock import Now
from app.web.later import pdf_later
from app.web.sender import sender_for
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["results"])


class DeckInput(BaseModel):
    """Which paper is taken along."""

    model_config = ConfigDict(extra="forbid")
    kind: DeckKind


class AloneInput(BaseModel):
    """Why it is done without a second person; asked for only where there is none."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(max_length=1000)] = ""


@router.get("/seals", name="api.seals.list")
def list_seals(session: Db, call: str, now: Now, paging: Paging) -> Listed[PublicSeal]:
    """Every confirmed seal of the call's results, without a token: its SHA-256 before, and once all results
    are public its nonce and document. SHA-256 of the nonce, a line end and the document is the seal."""
    public_call(session, call, now)
    found = public_seals(session, call)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/rounds/{round}/seal", name="api.seal.show")
def show_seal(tag: Tagging, here: AtRound) -> Sealing:
    """How far the seal of a round is; the tag is the number of its newest one."""
    found = sealing.sealing(*here.round, here.now)
    tag(found.number)
    return found


@router.post("/rounds/{round}/seal", name="api.seal.make")
def make_seal(tag: Tagging, here: AtRound, seen: IfMatch, given: Json[AloneInput]) -> Sealing:
    """Compute the results twice and seal them. 409 where the two differ, or they are sealed already; 422
    where there is nobody to confirm it and no reason is given."""
    sealing.seal(*here.round, seen, given.reason, here.now)
    return show_seal(tag, here)


@router.post("/rounds/{round}/seal/confirmation", name="api.seal.confirm")
def confirm_seal(tag: Tagging, here: AtRound, seen: IfMatch) -> Sealing:
    """Confirm as the second person what another one has sealed; computed twice once more."""
    sealing.confirm_seal(*here.round, seen, here.now)
    return show_seal(tag, here)


@router.get("/rounds/{round}/deck", name="api.deck.show")
def show_deck(here: AtRound) -> Deck:
    """Who has taken which paper of the seal that stands along. Nothing of what is in them is told here."""
    return deck.deck_of(*here.round)


@router.post("/rounds/{round}/deck", name="api.deck.take", response_class=Response, responses=SENDS_A_PDF)
def take_deck(here: AtRound, given: Json[DeckInput]) -> Response:
    """Take the slides, the cards or the sealed list along, in the language of `Accept-Language`: an act,
    which is in the log before a byte leaves. 404 before the results are sealed; 409 for slides and cards once
    they are public, and for all of it where what was sealed is not all here any more."""
    language = language_wished(here.request)
    taken = deck.take_deck(*here.round, given.kind, here.now)
    make = deck.deck_paper(taken, language, sender_for(here.request, language), here.now)
    return pdf_later(f"{given.kind.value}-{here.code}.pdf", make)
