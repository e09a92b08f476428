"""Leaving a place that gives the applicant away to the coordinator; keeping all such places of a sending."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.actions.drafting import check_writable
from app.applications.members import Mine, mine
from app.applications.own import own_draft
from app.applications.own_leaks import OwnLeak, accounts_of, file_texts, left_codes, own_leaks
from app.applications.refusals import LeakGone
from app.leaks.finder import Finder
from app.leaks.places import Written, answers_of, found_in
from app.leaks.secrets import secrets_of
from app.models.files import ApplicationFile
from app.models.people import LeakLeft, OriginalFile, SentLeak


def leave_leak(
    session: Session, applicant: Applicant, ref: str, code: str, *, left: bool, now: datetime
) -> OwnLeak:
    """Leave one place to the coordinator, or after all not; saying again what holds already does nothing.
    Gives the place.

    `code` is of the text that was seen: LeakGone where that text was changed since. TooLate, NotADraft,
    ReadOnly. What was said of texts that are gone is forgotten.
    """
    own = mine(session, applicant, ref, held=True)
    check_writable(own, now)
    found = {each.code: each for each in own_leaks(session, own_draft(session, applicant, ref, now))}
    if code not in found:
        raise LeakGone
    kept = [each for each in found if left or each != code]
    session.execute(
        delete(LeakLeft).where(col(LeakLeft.application_id) == own.key, col(LeakLeft.code).not_in(kept))
    )
    if left and not found[code].left:
        session.add(LeakLeft(application_id=own.key, code=code, left_by=applicant.person_id, left_at=now))
    return found[code]


def keep_leaks(
    session: Session,
    own: Mine,
    sending_id: int,
    blind: Mapping[str, Any],
    identity: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
) -> None:
    """Keep with a sending every place in it that may give its applicant away, left or not."""
    ref = own.application.ref
    keys, texts = _texts(session, own.key, files)
    finder = Finder(secrets_of(identity, accounts_of(session, ref)))
    found = found_in(finder, [*answers_of(blind), *texts])
    if not found:
        return
    left = left_codes(session, ref)
    session.add_all(
        SentLeak(
            sending_id=sending_id,
            position=position,
            kind=each.kind,
            sure=each.sure,
            section=each.place.section,
            field=each.place.field,
            file_number=int(each.place.file) if each.place.file else None,
            file_id=keys.get(each.place.file),
            spans=[list(span) for span in each.spans],
            left_by_applicant=each.code in left,
        )
        for position, each in enumerate(found, 1)
    )


def _texts(
    session: Session, application_id: int, files: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, int], list[Written]]:
    """Number -> key of each file of a packet, and what reviewers read of it. Its hash says which it is."""
    if not files:
        return {}, []
    rows = session.execute(
        select(col(ApplicationFile.sha256), col(ApplicationFile.id), col(OriginalFile.text))
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .where(
            col(ApplicationFile.application_id) == application_id,
            col(ApplicationFile.sha256).in_([each["sha256"] for each in files]),
        )
    )
    known = {row.sha256: (row.id, row.text) for row in rows}
    keys: dict[str, int] = {}
    texts: list[Written] = []
    for each in files:
        if each["sha256"] in known:
            number = str(each["number"])
            keys[number], text = known[each["sha256"]]
            texts += file_texts(number, each["title"], text)
    return keys, texts
