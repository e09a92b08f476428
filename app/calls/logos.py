"""The logos of a call's partner organisations: one each, put, replaced and removed by its coordinators.

A logo is no part of what a call promises, so it may change at any time. Its version only ever grows, also by
removing: pages are kept by the sum of them, and an address with an earlier one is never the newest again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.public import storable
from app.errors import NotFound, Stale
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.panel import CallOrganisation, Organisation, PartnerLogo


class Logo(BaseModel):
    """A picture that is there, in points; another picture has another `version`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int
    width: int
    height: int


class Partner(BaseModel):
    """A partner organisation as everybody may see it; `name` in the site's languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: Texts
    logo: Logo | None


class DeskPartner(Partner):
    """The same for a coordinator: what putting or removing its logo must name, 0 before the first."""

    version: int


@dataclass(frozen=True, slots=True)
class KeptLogo:
    """A logo's key in the store, and its version."""

    sha256: str
    version: int


@dataclass(frozen=True, slots=True)
class NewLogo:
    """A cleaned picture that is in the store already. Sizes in bytes and points."""

    sha256: str
    size: int
    width: int
    height: int


@cache
def _partners(*, public: bool) -> Any:
    asked = (
        select(
            col(Organisation.code),
            col(Organisation.name),
            col(PartnerLogo.sha256),
            col(PartnerLogo.version),
            col(PartnerLogo.width),
            col(PartnerLogo.height),
        )
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .outerjoin(
            PartnerLogo,
            and_(
                col(PartnerLogo.call_id) == col(CallOrganisation.call_id),
                col(PartnerLogo.organisation_id) == col(CallOrganisation.organisation_id),
            ),
        )
        .order_by(col(CallOrganisation.position))
    )
    if not public:
        return asked.where(col(CallOrganisation.call_id) == bindparam("call"))
    return asked.join(Call, col(Call.id) == col(CallOrganisation.call_id)).where(
        col(Call.slug) == bindparam("call"), col(Call.opened_at).is_not(None)
    )


def partners_of(session: Session, call_slug: str) -> list[Partner]:
    """The partner organisations of a public call, in its order; none of a call that is not public."""
    rows = session.execute(_partners(public=True), {"call": storable(call_slug)})
    return [Partner(code=row.code, name=row.name, logo=_logo(row)) for row in rows]


def partners_of_round(session: Session, round_code: str) -> tuple[str, list[Partner]]:
    """The call of a round, by its short name, and its partners; NotFound for a call that is not public."""
    slug = session.execute(_SLUG, {"round": round_code}).scalar_one_or_none()
    if slug is None:
        raise NotFound
    return slug, partners_of(session, slug)


_SLUG = (
    select(col(Call.slug))
    .join(AwardRound, col(AwardRound.call_id) == col(Call.id))
    .where(col(AwardRound.code) == bindparam("round"), col(Call.opened_at).is_not(None))
)


def check_public(session: Session, call_slug: str) -> None:
    """NotFound for a call that is not public."""
    asked = select(col(Call.id)).where(
        col(Call.slug) == storable(call_slug), col(Call.opened_at).is_not(None)
    )
    if session.execute(asked).first() is None:
        raise NotFound


def desk_partners(session: Session, coordinator: Coordinator) -> list[DeskPartner]:
    """The partner organisations of one's own call, in its order."""
    rows = session.execute(_partners(public=False), {"call": coordinator.call_id})
    return [
        DeskPartner(code=row.code, name=row.name, logo=_logo(row), version=row.version or 0) for row in rows
    ]


def _logo(row: Any) -> Logo | None:
    return None if row.sha256 is None else Logo(version=row.version, width=row.width, height=row.height)


def public_logo(session: Session, call_slug: str, organisation: str) -> KeptLogo:
    """The logo of a partner of a public call. NotFound where there is none."""
    return _kept(session.execute(_partners(public=True), {"call": storable(call_slug)}).all(), organisation)


def desk_logo(session: Session, coordinator: Coordinator, organisation: str) -> KeptLogo:
    """The same of one's own call, before it is public too."""
    rows = session.execute(_partners(public=False), {"call": coordinator.call_id}).all()
    return _kept(rows, organisation)


def _kept(rows: Sequence[Any], organisation: str) -> KeptLogo:
    found = next((row for row in rows if row.code == organisation), None)
    if found is None or found.sha256 is None:
        raise NotFound
    return KeptLogo(found.sha256, found.version)


def check_logo(session: Session, coordinator: Coordinator, organisation: str, version: int) -> None:
    """Whether a picture for this organisation would be taken, before it is received. NotFound, or Stale."""
    found = next((each for each in desk_partners(session, coordinator) if each.code == organisation), None)
    if found is None:
        raise NotFound
    if found.version != version:
        raise Stale(version=found.version)


def put_logo(
    session: Session, coordinator: Coordinator, organisation: str, version: int, new: NewLogo, now: datetime
) -> None:
    """Show this picture for a partner organisation from now on, instead of another where there is one."""
    key = _organisation(session, coordinator, organisation)
    columns = {"sha256": new.sha256, "size": new.size, "width": new.width, "height": new.height}
    if version == 0:
        _first(session, coordinator, key, columns, now)
    else:
        _changed(session, coordinator, key, version, columns, now)
    _record(session, "logo.put", coordinator, organisation, now)


def remove_logo(
    session: Session, coordinator: Coordinator, organisation: str, version: int, now: datetime
) -> None:
    """Show the name alone again. NotFound where there is no logo."""
    desk_logo(session, coordinator, organisation)
    key = _organisation(session, coordinator, organisation)
    columns = {"sha256": None, "size": 0, "width": 0, "height": 0}
    _changed(session, coordinator, key, version, columns, now)
    _record(session, "logo.remove", coordinator, organisation, now)


def copy_logos(session: Session, from_call: int, to_call: int, now: datetime) -> None:
    """The logos of one call for another one with the same organisations."""
    rows = session.execute(
        select(PartnerLogo).where(col(PartnerLogo.call_id) == from_call, col(PartnerLogo.sha256).is_not(None))
    ).scalars()
    for row in rows.all():
        kept = row.model_dump(exclude={"call_id", "version", "changed_at"})
        session.add(PartnerLogo(call_id=to_call, changed_at=now, **kept))
    session.flush()


def _organisation(session: Session, coordinator: Coordinator, organisation: str) -> int:
    key = session.execute(
        select(col(Organisation.id))
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(col(CallOrganisation.call_id) == coordinator.call_id, col(Organisation.code) == organisation)
    ).scalar_one_or_none()
    if key is None:
        raise NotFound
    return int(key)


def _first(
    session: Session, coordinator: Coordinator, organisation_id: int, columns: dict[str, Any], now: datetime
) -> None:
    """Two people may put the first one at the same moment: the database decides."""
    row = PartnerLogo(call_id=coordinator.call_id, organisation_id=organisation_id, changed_at=now, **columns)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Stale from None


def _changed(
    session: Session,
    coordinator: Coordinator,
    organisation_id: int,
    version: int,
    columns: dict[str, Any],
    now: datetime,
) -> None:
    done = session.execute(
        update(PartnerLogo)
        .where(
            col(PartnerLogo.call_id) == coordinator.call_id,
            col(PartnerLogo.organisation_id) == organisation_id,
            col(PartnerLogo.version) == version,
        )
        .values(version=version + 1, changed_at=now, **columns)
        .execution_options(synchronize_session=False)
    )
    if getattr(done, "rowcount", 0) == 0:
        raise Stale


def _record(session: Session, act: str, coordinator: Coordinator, organisation: str, now: datetime) -> None:
    record(
        session, act, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=organisation,
    )  # fmt: skip
