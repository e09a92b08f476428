"""Practising on invented proposals. Nothing of it is stored."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.problems import language_wished
from app.applications.readable import number_of
from app.reviews.inputs import ScoreInput
from app.reviews.practice import Compared, compared, own_practice, own_practices
from app.web.actors import AsReviewer
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/practice", tags=["reviews"])


class PracticeLine(BaseModel):
    """One invented proposal."""

    number: int
    title: str


class PracticeShown(PracticeLine):
    """Its text, as reviewers read one, and the codes of the criteria that it is scored on."""

    summary: str
    sections: Mapping[str, Mapping[str, Any]]
    criteria: list[str]


class PracticeInput(BaseModel):
    """One's own scores, by criterion code; one is enough."""

    model_config = ConfigDict(extra="forbid")
    scores: Annotated[dict[str, ScoreInput], Field(min_length=1, max_length=20)]


class ComparedOut(BaseModel):
    """One's own scores beside those of an experienced panel, with its reasons."""

    criteria: list[Compared]


@router.get("", name="api.practice.list")
def list_practices(
    request: Request, session: Db, reviewer: AsReviewer, paging: Paging
) -> Listed[PracticeLine]:
    """The proposals, in the language that was wished; none where the call asks for something else."""
    found = [
        PracticeLine(number=each.number, title=each.title)
        for each in own_practices(session, reviewer, language_wished(request))
    ]
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/{number}", name="api.practice.show")
def show_practice(request: Request, session: Db, reviewer: AsReviewer, number: str) -> PracticeShown:
    """One proposal, without what the panel gave it."""
    own = own_practice(session, reviewer, number_of(number), language_wished(request))
    return PracticeShown(
        number=own.proposal.number,
        title=own.proposal.title,
        summary=own.proposal.summary,
        sections=own.proposal.sections,
        criteria=[each.code for each in own.rubric],
    )


@router.post("/{number}/scores", name="api.practice.compare")
def compare(
    request: Request, session: Db, reviewer: AsReviewer, number: str, given: Json[PracticeInput]
) -> ComparedOut:
    """What the panel gave and why, once one has given something oneself. It is not kept."""
    own = own_practice(session, reviewer, number_of(number), language_wished(request))
    return ComparedOut(criteria=compared(own, given.scores))
