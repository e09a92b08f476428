"""Asking people to review: as coordinators, as whoever is asked, and as an organisation's contact."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.calls import actions
from app.calls.inputs import AcceptInput, DeclineInput, ProposalInput, SeatInput
from app.calls.invitations import FullSeat, OwnSeat, own_seats, read_seat, seat_of, seats_of
from app.reviews.contact import OwnOrganisationPage, own_organisation
from app.reviews.queries import OwnCall, own_calls
from app.web.actors import AsContact, AsCoordinator, AsInvited
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["reviewers"])
INVITATIONS = "/calls/{call}/reviewer-invitations"
OWN = "/reviewer-invitations"


class Accepted(BaseModel):
    """The call in which one reviews now."""

    call: str


@router.get(INVITATIONS, name="api.seats.list")
def list_seats(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullSeat]:
    """Everybody who was proposed or invited and has not accepted, with what came of it. `stands` says of a
    proposal what the address is in this call already."""
    found = seats_of(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post(INVITATIONS, name="api.seats.invite", status_code=201)
def invite(
    found_at: Locating, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Json[SeatInput]
) -> FullSeat:
    """Invite an address by mail; who was proposed, or has declined, is invited by it too. 422 for who is on
    the panel, applies in the call or is invited already."""
    code = actions.invite_reviewer(session, coordinator, given, now)
    found_at("api.seats.show", call=call, seat=code)
    return seat_of(session, coordinator, code)


@router.get(INVITATIONS + "/{seat}", name="api.seats.show")
def show_seat(session: Db, coordinator: AsCoordinator, seat: str) -> FullSeat:
    """One of them; 404 for who has accepted."""
    return seat_of(session, coordinator, seat)


@router.post(INVITATIONS + "/{seat}/again", name="api.seats.invite_again")
def invite_again(session: Db, coordinator: AsCoordinator, now: Now, seat: str) -> FullSeat:
    """Send an unanswered invitation once more; 409 once it is answered."""
    actions.invite_again(session, coordinator, seat, now)
    return seat_of(session, coordinator, seat)


@router.delete(INVITATIONS + "/{seat}", name="api.seats.call_off", status_code=204)
def call_off(session: Db, coordinator: AsCoordinator, now: Now, seat: str) -> None:
    """Take an invitation back and forget the address, or dismiss a proposal, of which nobody is told; 409 for
    who has accepted."""
    actions.call_off(session, coordinator, seat, now)


@router.get(OWN, name="api.own_seats.list")
def list_own_seats(session: Db, who: AsInvited, paging: Paging) -> Listed[OwnSeat]:
    """The invitations to one's own address that wait for an answer, the newest first."""
    found = own_seats(session, who)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get(OWN + "/{seat}", name="api.own_seats.show")
def show_own_seat(session: Db, who: AsInvited, seat: str) -> OwnSeat:
    """One invitation to one's own address, answered or not."""
    return read_seat(session, who, seat)


@router.post(OWN + "/{seat}/accept", name="api.own_seats.accept")
def accept(session: Db, who: AsInvited, now: Now, seat: str, given: Json[AcceptInput]) -> Accepted:
    """Join the panel, with what one reads and how much one takes; 409 for who applies in the call. 422 where
    the account has no name and none is given."""
    return Accepted(call=actions.accept_seat(session, who, seat, given, now))


@router.post(OWN + "/{seat}/decline", name="api.own_seats.decline", status_code=204)
def decline(session: Db, who: AsInvited, now: Now, seat: str, given: Json[DeclineInput]) -> None:
    """Say why not, and perhaps who might instead: a colleague is proposed, not invited yet."""
    actions.decline_seat(session, who, seat, given, now)


@router.get("/reviews", name="api.reviews.calls")
def list_calls(session: Db, who: AsInvited, now: Now, paging: Paging) -> Listed[OwnCall]:
    """The calls in which one reviews, the newest first: how far one is, and by when to be done."""
    found = own_calls(session, who, now)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/calls/{call}/organisation", name="api.contact.show")
def show_organisation(session: Db, contact: AsContact) -> OwnOrganisationPage:
    """Who scores for one's organisation and how far each is; no title, no code, no tie. `proposals` are what
    one typed oneself, whatever became of them."""
    return own_organisation(session, contact)


@router.post("/calls/{call}/organisation/proposals", name="api.contact.propose", status_code=204)
def propose(session: Db, contact: AsContact, now: Now, given: Json[ProposalInput]) -> None:
    """Propose somebody of one's organisation; a coordinator decides whether to invite them. The answer is the
    same whatever is known of the address."""
    actions.propose_reviewer(session, contact, given, now)
