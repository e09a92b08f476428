"""Announced winners, for everybody; one's own result; publishing, for the coordinator."""

from datetime import timedelta

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.sealing import AloneInput
from app.api.versions import IfMatch
from app.decisions import announce, publication
from app.decisions import results as queries
from app.decisions.announce import Announcement
from app.decisions.outcome import OwnResult, own_result
from app.decisions.results import PublicResults, PublicWinner
from app.web.actors import AsApplicant, AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["results"])


class Published(BaseModel):
    """Whether the results are public now; else a second coordinator confirms."""

    published: bool


@router.get("/calls/{call}/results", name="api.results.list")
def list_results(session: Db, now: Now, call: str) -> PublicResults:
    """The results of an opened call, without a token: revealed winners as they come, all after
    publication; their scores where the call publishes them."""
    return queries.results(session, call, now)


@router.get("/results/{slug}", name="api.results.show")
def show_result(session: Db, slug: str) -> PublicWinner:
    """One winner, without a token; 404 until it is revealed."""
    return queries.winner(session, slug)


@router.get("/applications/{ref}/result", name="api.results.own")
def show_own_result(session: Db, applicant: AsApplicant, ref: str) -> OwnResult:
    """The result of one's own application, and once all results are public the scores and the reviewers'
    words. 409 while there is none to read."""
    return own_result(session, applicant, ref)


@router.get("/calls/{call}/announcement", name="api.results.announcement")
def show_announcement(session: Db, coordinator: AsCoordinator, now: Now) -> Announcement:
    """What publishing will do, in numbers; `version` is what it must name. 409 before the decision is
    frozen."""
    return announce.announcement(session, coordinator, now)


@router.post("/calls/{call}/results", name="api.results.publish")
def publish_results(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    seen: IfMatch,
    given: Json[AloneInput],
) -> Published:
    """Confirm the counts as the first person. Where nobody else coordinates the call: make every winner
    public, settle every application and queue every letter, all or nothing, with the reason."""
    hold = timedelta(minutes=request.state.settings.letters_hold_minutes)
    public = publication.ask_publication(session, coordinator, seen, given.reason, now, hold)
    return Published(published=public)


@router.post("/calls/{call}/results/confirmation", name="api.results.confirm", status_code=204)
def confirm_publication(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, seen: IfMatch
) -> None:
    """Publish as the second person what another has counted, if it is so still."""
    hold = timedelta(minutes=request.state.settings.letters_hold_minutes)
    publication.confirm_publication(session, coordinator, seen, now, hold)


@router.delete("/calls/{call}/results/confirmation", name="api.results.turn_down", status_code=204)
def turn_down_publication(session: Db, coordinator: AsCoordinator, now: Now) -> None:
    """Take the counts back, or refuse them: nothing is published."""
    publication.drop_publication(session, coordinator, now)
