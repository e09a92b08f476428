"""The only place where a request becomes an actor.

On pages the proof is a cookie, in the API a bearer token, never the other way round.
The role that a route asks for is looked up together with the proof, in one query;
a route with `{call}` in its path finds the role in that call or nothing at all (404).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import and_, bindparam, false, select, update
from sqlmodel import Session, col

from app.accounts.actions import SHARED
from app.accounts.actors import Applicant, Contact, Coordinator, Juror, Manager, Reviewer, SignedIn
from app.accounts.codes import hashed
from app.accounts.tied import has_tie, wall_for
from app.database import session_on
from app.errors import Forbidden, NotFound, Unauthenticated
from app.models.accounts import ApiToken, BrowserSession
from app.models.calls import AwardRound, Call
from app.models.jury import Juror as JurorRow
from app.models.panel import Manager as ManagerRow
from app.models.panel import PanelMember, PanelRole
from app.wall import behind_wall, put_up
from app.web.clock import Now
from app.web.session import SAFE_METHODS, Db, blind

SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on the panel of the call in the path; `tied`: a coordinator has a tie with some of it."""

    call_id: int
    member_id: int
    organisation_id: int | None
    tied: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """Who presented a valid cookie or token; `scopes` is None for a cookie, which may do everything.

    `seat` is there where it was asked for and they have it.
    """

    person_id: int
    scopes: frozenset[str] | None = None
    seat: Seat | None = None


def cookie_name(secure: bool) -> str:
    """`__Host-` binds the cookie to this host and to https; plain http cannot have it."""
    return "__Host-session" if secure else "session"


def is_shared_computer(request: Request) -> bool:
    """Whether who signed in here said that others use this computer too."""
    return request.cookies.get(cookie_name(request.state.settings.secure), "").startswith(SHARED)


def proof_of(request: Request, session: Session, now: datetime, role: PanelRole | None = None) -> Proof:
    """The person behind this request, with their seat if they have this `role`; Unauthenticated if there is
    nobody."""
    if getattr(request.app.state, "bearer", False):
        return _by_token(request, session, now, role)
    return _by_cookie(request, session, now, role)


@cache
def _with_seat(proof: type[BrowserSession] | type[ApiToken], role: PanelRole | None) -> Any:
    """A valid proof with what is asked of it, and its person's seat in the call beside it: one query."""
    asked = ("last_seen_at", "expires_at") if proof is BrowserSession else ("scopes",)
    known = select(col(proof.person_id), *(getattr(proof, name) for name in asked)).where(
        col(proof.token_hash) == bindparam("token_hash"), col(proof.expires_at) > bindparam("now")
    )
    if role is None:
        return known
    tied = has_tie(col(PanelMember.person_id), col(PanelMember.call_id))
    return known.add_columns(
        col(PanelMember.call_id),
        col(PanelMember.id).label("member_id"),
        col(PanelMember.organisation_id),
        (tied if role is PanelRole.COORDINATOR else false()).label("tied"),
    ).outerjoin(
        PanelMember,
        and_(
            col(PanelMember.person_id) == col(proof.person_id),
            col(PanelMember.call_id)
            == select(col(Call.id)).where(col(Call.slug) == bindparam("call")).scalar_subquery(),
            col(PanelMember.role) == role,
            col(PanelMember.removed_at).is_(None),
        ),
    )


def _found(
    request: Request,
    session: Session,
    proof: type[BrowserSession] | type[ApiToken],
    token: str,
    *,
    now: datetime,
    role: PanelRole | None,
) -> Any:
    asked = {"token_hash": hashed(token), "now": now}
    if role is not None:
        asked["call"] = request.path_params["call"]
    return session.execute(_with_seat(proof, role), asked).one_or_none()


def _seat(found: Any, role: PanelRole | None) -> Seat | None:
    if role is None or found.member_id is None:
        return None
    return Seat(found.call_id, found.member_id, found.organisation_id, found.tied)


def _by_cookie(request: Request, session: Session, now: datetime, role: PanelRole | None) -> Proof:
    token = request.cookies.get(cookie_name(request.state.settings.secure))
    if token:
        found = _found(request, session, BrowserSession, token, now=now, role=role)
        if found is not None:
            request.state.session_ends_at = found.expires_at
            if now - found.last_seen_at > SEEN_EVERY and request.method in SAFE_METHODS:
                _seen(request, token, now)
            return Proof(found.person_id, seat=_seat(found, role))
    raise Unauthenticated


def _seen(request: Request, token: str, now: datetime) -> None:
    """The one write that a GET makes for a session: a short unit of its own, at most every five minutes."""
    with session_on(request.state.engine) as own, own.begin():
        own.execute(
            update(BrowserSession)
            .where(col(BrowserSession.token_hash) == hashed(token))
            .values(last_seen_at=now)
        )


def _by_token(request: Request, session: Session, now: datetime, role: PanelRole | None) -> Proof:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        found = _found(request, session, ApiToken, token.strip(), now=now, role=role)
        if found is not None:
            return Proof(found.person_id, frozenset(found.scopes), _seat(found, role))
    raise Unauthenticated


def is_on_the_panel(request: Request, session: Session, call: str, now: datetime) -> bool:
    """Whether this browser's person scores or runs the call; nothing is asked where nobody has signed in.

    For a page that everybody may read, and that offers some what would be refused to others.
    """
    token = request.cookies.get(cookie_name(request.state.settings.secure))
    if not token:
        return False
    found = session.execute(
        select(col(PanelMember.id))
        .join(Call, col(Call.id) == col(PanelMember.call_id))
        .join(BrowserSession, col(BrowserSession.person_id) == col(PanelMember.person_id))
        .where(
            col(Call.slug) == call,
            col(PanelMember.removed_at).is_(None),
            col(BrowserSession.token_hash) == hashed(token),
            col(BrowserSession.expires_at) > now,
        )
    )
    return found.first() is not None


# Each of these proves for itself who is asking: as a dependency of its own the proof would cost a thread hop.


def _in_scope(
    request: Request, session: Session, now: datetime, role: str, seat: PanelRole | None = None
) -> Proof:
    """The proof; Forbidden for a token that was not made for this role."""
    proof = proof_of(request, session, now, seat)
    kind = "read" if request.method in SAFE_METHODS else "write"
    if proof.scopes is not None and f"{role}:{kind}" not in proof.scopes:
        raise Forbidden
    return proof


def signed_in(request: Request, session: Db, now: Now) -> SignedIn:
    """Anybody with an account; pages only, since no token scope stands for it."""
    proof = proof_of(request, session, now)
    if proof.scopes is not None:
        raise Forbidden
    return SignedIn(proof.person_id)


def invited(request: Request, session: Db, now: Now) -> SignedIn:
    """Anybody with an account may be asked to review; what is theirs goes by their address."""
    return SignedIn(_in_scope(request, session, now, "reviewer").person_id)


def applicant(request: Request, session: Db, now: Now) -> Applicant:
    """Anybody with an account may apply."""
    proof = _in_scope(request, session, now, "applicant")
    return Applicant(proof.person_id)


async def uploader(request: Request, now: Now) -> Applicant:
    """An applicant who is about to send a file: looked up in a session of its own, before the body is read.

    `Db` reads the body first, so that nobody who sends slowly holds a lock; here it would be read of anybody.
    """

    def look() -> Applicant:
        with session_on(request.state.engine, reading=True) as session:
            return applicant(request, session, now)

    async with request.state.turns:
        return await run_in_threadpool(look)


def manager(request: Request, session: Db, now: Now) -> Manager:
    """Somebody who may create calls; there is nothing here for anybody else."""
    proof = _in_scope(request, session, now, "coordinator")
    if session.get(ManagerRow, proof.person_id) is None:
        raise NotFound
    return Manager(proof.person_id)


@blind
def reviewer(request: Request, session: Db, now: Now) -> Reviewer:
    """A reviewer of the call in the path."""
    proof = _in_scope(request, session, now, "reviewer", PanelRole.REVIEWER)
    seat = proof.seat
    if seat is None or seat.organisation_id is None:
        raise NotFound
    return Reviewer(proof.person_id, seat.call_id, seat.member_id, seat.organisation_id)


def coordinator(request: Request, session: Db, now: Now) -> Coordinator:
    """A coordinator of the call in the path; what they have a tie with is behind a wall from here on."""
    proof = _in_scope(request, session, now, "coordinator", PanelRole.COORDINATOR)
    seat = proof.seat
    if seat is None:
        raise NotFound
    if seat.tied:
        wall = wall_for(session, proof.person_id, seat.call_id)
        put_up(session, wall)
        # Units of their own, in which readings are logged, are opened on this.
        request.state.engine = behind_wall(request.state.engine, wall)
    return Coordinator(proof.person_id, seat.call_id)


async def desk_uploader(request: Request, now: Now) -> Coordinator:
    """A coordinator who is about to send a file: as an applicant is, before the body is read."""

    def look() -> Coordinator:
        with session_on(request.state.engine, reading=True) as session:
            return coordinator(request, session, now)

    async with request.state.turns:
        return await run_in_threadpool(look)


def contact(request: Request, session: Db, now: Now) -> Contact:
    """Who answers for an organisation of the call in the path."""
    proof = _in_scope(request, session, now, "contact", PanelRole.CONTACT)
    seat = proof.seat
    if seat is None or seat.organisation_id is None:
        raise NotFound
    return Contact(proof.person_id, seat.call_id, seat.organisation_id)


def juror_cookie(secure: bool) -> str:
    """A juror's own cookie: who has an account beside it stays signed in there."""
    return "__Host-juror" if secure else "juror"


_JUROR = (
    select(col(JurorRow.id), col(JurorRow.round_id), col(AwardRound.call_id))
    .join(AwardRound, col(AwardRound.id) == col(JurorRow.round_id))
    .where(
        col(AwardRound.code) == bindparam("pot"),
        col(JurorRow.session_hash) == bindparam("token_hash"),
        col(JurorRow.session_ends_at) > bindparam("now"),
        col(JurorRow.removed_at).is_(None),
    )
)


@blind
def juror(request: Request, session: Db, now: Now) -> Juror:
    """Who is signed in on the jury of the round in the path; by a cookie of its own, on this device alone."""
    token = request.cookies.get(juror_cookie(request.state.settings.secure))
    if token:
        asked = {"pot": request.path_params["pot"], "token_hash": hashed(token), "now": now}
        found = session.execute(_JUROR, asked).one_or_none()
        if found is not None:
            return Juror(found.id, found.round_id, found.call_id)
    raise Unauthenticated


AsSignedIn = Annotated[SignedIn, Depends(signed_in)]
AsInvited = Annotated[SignedIn, Depends(invited)]
AsApplicant = Annotated[Applicant, Depends(applicant)]
AsUploader = Annotated[Applicant, Depends(uploader)]
AsManager = Annotated[Manager, Depends(manager)]
AsReviewer = Annotated[Reviewer, Depends(reviewer)]
AsCoordinator = Annotated[Coordinator, Depends(coordinator)]
AsDeskUploader = Annotated[Coordinator, Depends(desk_uploader)]
AsContact = Annotated[Contact, Depends(contact)]
AsJuror = Annotated[Juror, Depends(juror)]

PROOFS: dict[str, Callable[..., object]] = {
    each.__name__: each
    for each in (
        signed_in,
        invited,
        applicant,
        uploader,
        manager,
        reviewer,
        coordinator,
        desk_uploader,
        contact,
        juror,
    )
}
"""Everything by which a route can ask who is there, under the names of `authorization.toml`."""
