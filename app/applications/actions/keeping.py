"""Earlier texts of a draft: what a save replaces is kept, and can be brought back.

What only adds to a text loses nothing of it, so it is not kept again: rapid saves of one writer are one
version. Nor is a slip of the pen: up to `SLIP` characters that one person typed and took away within
`RAPID`. All else that was ever acknowledged stands in the draft or in one of its versions.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.models.applications import Draft, DraftVersion, Sending
from app.models.people import IdentityDraft, IdentityDraftVersion
from app.sections.changes import taken_away
from app.sections.drafts import Typed

RAPID = timedelta(minutes=2)
SLIP = 40
MOST_VERSIONS = 200
"""Of one section. The oldest leaves first; what was sent last never does."""
TRIMMED_EVERY = 16

Version = DraftVersion | IdentityDraftVersion
VERSIONS: dict[type[Draft] | type[IdentityDraft], type[DraftVersion] | type[IdentityDraftVersion]] = {
    Draft: DraftVersion,
    IdentityDraft: IdentityDraftVersion,
}


def keep_replaced(
    session: Session,
    row: Draft | IdentityDraft,
    data: Typed,
    person_id: int,
    now: datetime,
    *,
    chosen: bool = False,
) -> None:
    """Keep what `row` held before `data` took its place, unless it goes on in there.

    `chosen`: one text was put in the place of another, so that it is always kept.
    """
    if not any(row.data.values()) or (not chosen and _goes_on(session, row, data, person_id, now)):
        return
    table = VERSIONS[type(row)]
    session.execute(
        _kept(table, session.get_bind().dialect.name),
        {
            "application_id": row.application_id,
            "section": row.section,
            "version": row.version,
            "data": row.data,
            "saved_at": row.updated_at,
            "saved_by": row.updated_by,
            "kept_at": now,
        },
    )
    if row.version % TRIMMED_EVERY == 0:
        session.execute(_trimmed(table), {"application": row.application_id, "of": row.section})


def kept_version(session: Session, row: Draft | IdentityDraft, number: int) -> Version | None:
    """What was kept of a section as version `number`."""
    key = (row.application_id, row.section, number)
    if isinstance(row, Draft):
        return session.get(DraftVersion, key)
    return session.get(IdentityDraftVersion, key)


def _goes_on(
    session: Session, row: Draft | IdentityDraft, data: Typed, person_id: int, now: datetime
) -> bool:
    """The same person writes on without a pause, and nothing is lost but perhaps a slip of the pen."""
    if row.updated_by != person_id or now - row.updated_at > RAPID:
        return False
    lost = taken_away(row.data, data)
    if lost == 0:
        return True
    asked = {"application": row.application_id, "of": row.section, "since": now - RAPID}
    return lost <= SLIP and session.execute(_newer(VERSIONS[type(row)]), asked).first() is not None


@cache
def _kept(table: Any, dialect: str) -> Any:
    """What was sent is kept already when it is replaced."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


@cache
def _newer(table: Any) -> Any:
    return (
        select(table.version)
        .where(
            table.application_id == bindparam("application"),
            table.section == bindparam("of"),
            table.kept_at >= bindparam("since"),
        )
        .limit(1)
    )


@cache
def _trimmed(table: Any) -> Any:
    mine = (table.application_id == bindparam("application"), table.section == bindparam("of"))
    last = (
        select(func.max(col(Sending.number)))
        .where(col(Sending.application_id) == bindparam("application"))
        .scalar_subquery()
    )
    many = (
        select(table.version)
        .where(*mine)
        .order_by(table.version.desc())
        .limit(1)
        .offset(MOST_VERSIONS)
        .scalar_subquery()
    )
    return (
        delete(table)
        .where(*mine, table.version <= many, table.sent_number.is_distinct_from(last) | last.is_(None))
        .execution_options(synchronize_session=False)
    )


def keep_sent(session: Session, application_id: int, number: int, now: datetime) -> None:
    """Keep every section as it was typed when it was sent, whatever becomes of the draft."""
    dialect = session.get_bind().dialect.name
    for draft in VERSIONS:
        asked = {"application": application_id, "number": number, "now": now}
        session.execute(_kept_as_sent(draft, dialect), asked)


@cache
def _kept_as_sent(draft: Any, dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = (
        "application_id",
        "section",
        "version",
        "data",
        "saved_at",
        "saved_by",
        "kept_at",
        "sent_number",
    )
    # The table itself: a mapped class would take what is asked for rows.
    table: Any = VERSIONS[draft]
    return (
        insert(table.__table__)
        .from_select(
            columns,
            select(
                draft.application_id,
                draft.section,
                draft.version,
                draft.data,
                draft.updated_at,
                draft.updated_by,
                bindparam("now", type_=draft.updated_at.type),
                bindparam("number", type_=Integer),
            ).where(draft.application_id == bindparam("application")),
        )
        .on_conflict_do_update(
            index_elements=["application_id", "section", "version"],
            set_={"sent_number": bindparam("number", type_=Integer)},
        )
    )


def forget_versions(session: Session, application_id: int) -> None:
    """Nothing of a deleted draft is left."""
    for table in VERSIONS.values():
        session.execute(delete(table).where(col(table.application_id) == application_id))
