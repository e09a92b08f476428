"""What may give an applicant away in their own texts, for themselves: found when asked for, never stored.

What is found in a sending is stored with it, for the coordinator (`actions/leaking.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.applications.own_models import Own, OwnDraft, OwnFiles
from app.leaks.finder import Finder
from app.leaks.kinds import Kind
from app.leaks.places import TEXT, TITLE, Found, Place, Written, answers_of, found_in
from app.leaks.secrets import Account, secrets_of
from app.models.applications import Application, TeamRole
from app.models.files import ApplicationFile, FileState
from app.models.people import Applicant, IdentityDraft, LeakLeft, OriginalFile, Person


class OwnLeak(Own):
    """One answer, or one file, that may say who applies.

    `field` is `question` or `table.<row id>.question` of `section`; of a file, whose code is `file`, it is
    `title` or `text` (the words that are in it). `spans` are pairs of from and up to, in code points of that
    text, and `words` what stands there. `sure` is whether it can hardly be anything else. `left` is whether
    it was left to the coordinator; `code` names it, until the text changes.
    """

    code: str
    kind: Kind
    sure: bool
    section: str
    field: str
    file: str
    spans: list[tuple[int, int]]
    words: list[str]
    left: bool


def own_leaks(session: Session, own: OwnDraft) -> list[OwnLeak]:
    """All of a draft, in the order of the form, the files last."""
    sections = {section.code: section.data for section in own.sections}
    texts = [*answers_of(sections), *_texts(session, own.application.ref, own.files)]
    return _leaks(session, own.application.ref, sections, texts)


def own_file_leaks(session: Session, own: OwnFiles) -> list[OwnLeak]:
    """Those of the files alone; nothing is asked of the database where there are none."""
    if not own.files:
        return []
    ref = own.application.ref
    rows = session.execute(_naming(), {"ref": ref}).all()
    identity: dict[str, Mapping[str, Any]] = {row.section: row.data for row in rows}
    return _leaks(session, ref, identity, _texts(session, ref, own.files))


def _leaks(
    session: Session, ref: str, sections: Mapping[str, Mapping[str, Any]], texts: Iterable[Written]
) -> list[OwnLeak]:
    found = found_in(Finder(secrets_of(sections, accounts_of(session, ref))), texts)
    if not found:
        return []
    left = left_codes(session, ref)
    return [_leak(each, left) for each in found]


def _leak(found: Found, left: frozenset[str]) -> OwnLeak:
    return OwnLeak(
        code=found.code,
        kind=found.kind,
        sure=found.sure,
        section=found.place.section,
        field=found.place.field,
        file=found.place.file,
        spans=found.spans,
        words=found.words,
        left=found.code in left,
    )


def _texts(session: Session, ref: str, files: Sequence[Any]) -> list[Written]:
    """The titles and the words of the files that are there."""
    if not files:
        return []
    rows = session.execute(_file_texts(), {"ref": ref, "state": FileState.KEPT}).all()
    known = {row.code: row for row in rows}
    texts = []
    for code in (file.code for file in files if file.code in known):
        texts += file_texts(code, known[code].title, known[code].text)
    return texts


def file_texts(file: str, title: str, text: str) -> list[Written]:
    """What reviewers read of one file, under the key that the caller knows it by."""
    return [Written(Place("", TITLE, file), title), Written(Place("", TEXT, file), text)]


def accounts_of(session: Session, ref: str) -> list[Account]:
    """The accounts behind an application: a name that nobody typed into the form may stand in it too."""
    rows = session.execute(_accounts(), {"ref": ref})
    return [Account(row.name, row.email or "", row.role == TeamRole.OWNER) for row in rows]


def left_codes(session: Session, ref: str) -> frozenset[str]:
    """The findings that were left to the coordinator."""
    return frozenset(session.execute(_left(), {"ref": ref}).scalars())


@cache
def _accounts() -> Any:
    return (
        select(col(Person.name), col(Person.email), col(Applicant.role))
        .join(Applicant, col(Applicant.person_id) == col(Person.id))
        .join(Application, col(Application.id) == col(Applicant.application_id))
        .where(col(Application.ref) == bindparam("ref"))
        .order_by(col(Person.id))
    )


@cache
def _left() -> Any:
    return (
        select(col(LeakLeft.code))
        .join(Application, col(Application.id) == col(LeakLeft.application_id))
        .where(col(Application.ref) == bindparam("ref"))
    )


@cache
def _naming() -> Any:
    return (
        select(col(IdentityDraft.section), col(IdentityDraft.data))
        .join(Application, col(Application.id) == col(IdentityDraft.application_id))
        .where(col(Application.ref) == bindparam("ref"))
    )


@cache
def _file_texts() -> Any:
    return (
        select(col(ApplicationFile.code), col(ApplicationFile.title), col(OriginalFile.text))
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .join(Application, col(Application.id) == col(ApplicationFile.application_id))
        .where(col(Application.ref) == bindparam("ref"), col(ApplicationFile.state) == bindparam("state"))
    )
