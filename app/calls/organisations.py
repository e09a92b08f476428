"""The partner organisations of a call."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from app.accounts.actors import Coordinator
from app.calls.changing import change_setup
from app.calls.inputs import OrganisationInput, OrganisationsInput
from app.calls.setup import record_save
from app.errors import Conflict, Invalid
from app.models.columns import Texts
from app.models.panel import CallOrganisation, Organisation, PanelMember, PanelRole


class OrganisationTaken(Conflict):
    """Somebody else added an organisation of this code a moment ago."""

    code = "organisation.same_code"


class OwnOrganisation(BaseModel):
    """A partner organisation; `name` in the site's languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: Texts


def organisations_of(session: Session, call_id: int) -> list[OwnOrganisation]:
    """The partner organisations of a call, in its order."""
    rows = session.exec(
        select(col(Organisation.code), col(Organisation.name))
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(col(CallOrganisation.call_id) == call_id)
        .order_by(col(CallOrganisation.position))
    )
    return [OwnOrganisation(code=code, name=name) for code, name in rows]


def known_organisations(session: Session) -> list[OwnOrganisation]:
    """Every organisation that has taken part in some call, by code."""
    rows = session.exec(
        select(col(Organisation.code), col(Organisation.name)).order_by(col(Organisation.code))
    )
    return [OwnOrganisation(code=code, name=name) for code, name in rows]


def choose_organisations(
    session: Session, coordinator: Coordinator, version: int, given: OrganisationsInput, now: datetime
) -> None:
    """The partner organisations of the call, in order. One whose reviewers sit on the panel must stay."""
    speaking = set(
        session.exec(
            select(col(Organisation.code))
            .join(PanelMember, col(PanelMember.organisation_id) == col(Organisation.id))
            .where(
                col(PanelMember.call_id) == coordinator.call_id,
                col(PanelMember.role).in_((PanelRole.REVIEWER, PanelRole.CONTACT)),
                col(PanelMember.removed_at).is_(None),
            )
        )
    )
    if speaking - set(given.organisations):
        raise Invalid({"organisations": "organisation.has_reviewers"})
    keys = _keys(session, given)
    change_setup(session, coordinator, version)
    _write(session, coordinator.call_id, keys)
    record_save(session, coordinator, "organisations", now)


def write_organisations(session: Session, call_id: int, given: OrganisationsInput) -> None:
    """Make the call's organisations exactly these; Invalid for a code that is not known."""
    _write(session, call_id, _keys(session, given))


def _keys(session: Session, given: OrganisationsInput) -> list[int]:
    """The keys of the given organisations in the given order, each once."""
    codes = list(dict.fromkeys(given.organisations))
    found = session.exec(
        select(col(Organisation.code), col(Organisation.id)).where(col(Organisation.code).in_(codes))
    ).all()
    keys = {code: key for code, key in found if key is not None}
    if keys.keys() != set(codes):
        raise Invalid({"organisations": "choice.unknown"})
    return [keys[code] for code in codes]


def _write(session: Session, call_id: int, keys: list[int]) -> None:
    session.execute(delete(CallOrganisation).where(col(CallOrganisation.call_id) == call_id))
    for position, key in enumerate(keys):
        session.add(CallOrganisation(call_id=call_id, organisation_id=key, position=position))
    session.flush()


def add_organisation(
    session: Session, coordinator: Coordinator, version: int, given: OrganisationInput, now: datetime
) -> None:
    """A partner organisation that is new here, chosen for this call at once. Names in every language."""
    missing = {f"name.{language}": "missing" for language, text in given.name if not text}
    if missing:
        raise Invalid(missing)
    taken = session.exec(select(col(Organisation.id)).where(col(Organisation.code) == given.code)).first()
    if taken is not None:
        raise Invalid({"code": "organisation.same_code"})
    change_setup(session, coordinator, version)
    last: int | None = session.exec(
        select(func.max(CallOrganisation.position)).where(
            col(CallOrganisation.call_id) == coordinator.call_id
        )
    ).one()
    session.add(
        CallOrganisation(
            call_id=coordinator.call_id,
            organisation_id=_added(session, given),
            position=0 if last is None else last + 1,
        )
    )
    session.flush()
    record_save(session, coordinator, "organisations", now, subject=given.code)


def _added(session: Session, given: OrganisationInput) -> int:
    """Two people may add the same one at the same moment: the database decides."""
    organisation = Organisation(code=given.code, name=given.name.stored)
    try:
        session.add(organisation)
        session.flush()
    except IntegrityError as error:
        raise OrganisationTaken from error
    if organisation.id is None:
        raise RuntimeError("a flushed organisation has a key")
    return organisation.id
