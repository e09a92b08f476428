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
from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from app.accounts.actions import SHARED
from app.accounts.actors import Applicant, Contact, Coordinator, Manager, Reviewer, SignedIn
from app.accounts.codes import hashed
from app.accounts.tied import has_tie, wall_for
from app.database import session_on
from app.errors import Forbidden, NotFound, Unauthenticated
from app.models.accounts import ApiToken, BrowserSession
from app.models.calls import Call
from app.models.panel import Manager as ManagerRow
from app.models.panel import PanelMember, PanelRole
from app.wall import behind_wall, put_up
from app.web.clock import Now
from app.web.session import SAFE_METHODS, Db, blind

SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Proof:
    """Who presented a valid cookie or token; `scopes` is None for a cookie, which may do everything."""

    person_id: int
    scopes: frozenset[str] | None = None


def cookie_name(secure: bool) -> str:
    """`__Host-` binds the cookie to this host and to https; plain http cannot have it."""
    return "__Host-session" if secure else "session"


def is_shared_computer(request: Request) -> bool:
    """Whether who signed in here said that others use this computer too."""
    return request.cookies.get(cookie_name(request.state.settings.secure), "").startswith(SHARED)


def proof_of(request: Request, session: Session, now: datetime) -> Proof:
    """The person behind this request; Unauthenticated if there is none."""
    if getattr(request.app.state, "bearer", False):
        return _by_token(request, session, now)
    return _by_cookie(request, session, now)


def _by_cookie(request: Request, session: Session, now: datetime) -> Proof:
    token = request.cookies.get(cookie_name(request.state.settings.secure))
    if token:
        found = session.exec(
            select(
                col(BrowserSession.person_id),
                col(BrowserSession.last_seen_at),
                col(BrowserSession.expires_at),
            ).where(col(BrowserSession.token_hash) == hashed(token), col(BrowserSession.expires_at) > now)
        ).one_or_none()
        if found is not None:
            person_id, last_seen_at, request.state.session_ends_at = found
            if now - last_seen_at > SEEN_EVERY and request.method in SAFE_METHODS:
                _seen(request, token, now)
            return Proof(person_id)
    raise Unauthenticated


def _seen(request: Request, token: str, now: datetime) -> None:
    """The one write that a GET makes for a session: a short unit of its own, at most every five minutes."""
    with session_on(request.state.engine) as own, own.begin():
        own.execute(
            update(BrowserSession)
            .where(col(BrowserSession.token_hash) == hashed(token))
            .values(last_seen_at=now)
        )


def _by_token(request: Request, session: Session, now: datetime) -> Proof:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        found = session.exec(
            select(col(ApiToken.person_id), col(ApiToken.scopes)).where(
                col(ApiToken.token_hash) == hashed(token.strip()), col(ApiToken.expires_at) > now
            )
        ).one_or_none()
        if found is not None:
            return Proof(found[0], frozenset(found[1]))
    raise Unauthenticated


def is_on_the_panel(request: Request, session: Session, call: str, now: datetime) -> bool:
    """Whether this browser's person scores or runs the call; nothing is asked where nobody has signed in.

    For a page that everybody may read, and that offers some what would be refused to others.
    """
    token = request.cookies.get(cookie_name(request.state.settings.secure))
    if not token:
        return False
    found = session.exec(
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


def _in_scope(request: Request, session: Session, now: datetime, role: str) -> Proof:
    """The proof; Forbidden for a token that was not made for this role."""
    proof = proof_of(request, session, now)
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


def _member(request: Request, session: Session, proof: Proof, role: PanelRole) -> tuple[int, int, int | None]:
    found = session.exec(
        select(col(PanelMember.call_id), col(PanelMember.id), col(PanelMember.organisation_id))
        .join(Call, col(Call.id) == col(PanelMember.call_id))
        .where(
            col(Call.slug) == request.path_params["call"],
            col(PanelMember.person_id) == proof.person_id,
            col(PanelMember.role) == role,
            col(PanelMember.removed_at).is_(None),
        )
    ).one_or_none()
    if found is None or found[1] is None:
        raise NotFound
    return found[0], found[1], found[2]


@blind
def reviewer(request: Request, session: Db, now: Now) -> Reviewer:
    """A reviewer of the call in the path."""
    proof = _in_scope(request, session, now, "reviewer")
    call_id, member_id, organisation_id = _member(request, session, proof, PanelRole.REVIEWER)
    if organisation_id is None:
        raise NotFound
    return Reviewer(proof.person_id, call_id, member_id, organisation_id)


def coordinator(request: Request, session: Db, now: Now) -> Coordinator:
    """A coordinator of the call in the path; what they have a tie with is behind a wall from here on."""
    proof = _in_scope(request, session, now, "coordinator")
    found = session.execute(
        _coordinating(), {"call": request.path_params["call"], "person": proof.person_id}
    ).one_or_none()
    if found is None:
        raise NotFound
    if found.tied:
        wall = wall_for(session, proof.person_id, found.call_id)
        put_up(session, wall)
        # Units of their own, in which readings are logged, are opened on this.
        request.state.engine = behind_wall(request.state.engine, wall)
    return Coordinator(proof.person_id, found.call_id)


@cache
def _coordinating() -> Any:
    person = col(PanelMember.person_id)
    return (
        select(col(PanelMember.call_id), has_tie(person, col(PanelMember.call_id)).label("tied"))
        .join(Call, col(Call.id) == col(PanelMember.call_id))
        .where(
            col(Call.slug) == bindparam("call"),
            person == bindparam("person"),
            col(PanelMember.role) == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
        )
    )


def contact(request: Request, session: Db, now: Now) -> Contact:
    """Who answers for an organisation of the call in the path."""
    proof = _in_scope(request, session, now, "contact")
    call_id, _, organisation_id = _member(request, session, proof, PanelRole.CONTACT)
    if organisation_id is None:
        raise NotFound
    return Contact(proof.person_id, call_id, organisation_id)


AsSignedIn = Annotated[SignedIn, Depends(signed_in)]
AsInvited = Annotated[SignedIn, Depends(invited)]
AsApplicant = Annotated[Applicant, Depends(applicant)]
AsUploader = Annotated[Applicant, Depends(uploader)]
AsManager = Annotated[Manager, Depends(manager)]
AsReviewer = Annotated[Reviewer, Depends(reviewer)]
AsCoordinator = Annotated[Coordinator, Depends(coordinator)]
AsContact = Annotated[Contact, Depends(contact)]

PROOFS: dict[str, Callable[..., object]] = {
    each.__name__: each
    for each in (signed_in, invited, applicant, uploader, manager, reviewer, coordinator, contact)
}
"""Everything by which a route can ask who is there, under the names of `authorization.toml`."""
