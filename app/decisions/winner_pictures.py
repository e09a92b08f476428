"""The picture of a public winner: chosen by a coordinator from what was cleared, with the team's consent.

It hangs on the public row of the winner, so there is none before the reveal; and it is chosen only once all
results are public. It is the small copy of what reviewers read, never the file as it was uploaded: what a
coordinator blurred stays blurred. Taking it away is a correction, which everybody reads; the team's taking
its consent back is not (`applications/shown_picture.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, bindparam, or_, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.actions.consenting import owners_who_agreed
from app.applications.consents import OWN_PICTURE
from app.asking import Ask
from app.audit.record import record
from app.calls.public import storable
from app.calls.texts import LINE_CAP, ShortTexts, missing_languages
from app.decisions.held import call_of
from app.decisions.notices import NoticeInput, correct
from app.errors import Conflict, Invalid, NotFound, Stale
from app.files.kinds import PREVIEW_WIDTH
from app.messages import LANGUAGES, translations
from app.messages.catalogue import N_
from app.models.calls import Call
from app.models.columns import Texts
from app.models.decisions import PublishedResult, WinnerPicture
from app.models.files import FileKind
from app.models.keys import key_of
from app.models.public import CorrectedPart
from app.models.redaction import ClearedPacket

REMOVED = N_("The picture that stood here was taken away.")


class NotPublic(Conflict):
    """No winner has a picture before all results are public."""

    code = "picture.not_public"


class NoConsent(Conflict):
    """The team has not agreed to its picture being shown, or has taken that back."""

    code = "picture.no_consent"


class NoPicture(Conflict):
    """Nothing of this application was cleared that could be shown."""

    code = "picture.none"


class PictureInput(BaseModel):
    """What the picture shows, for whoever cannot see it; in every language."""

    model_config = ConfigDict(extra="forbid")
    alt: Annotated[ShortTexts, Ask(cap=LINE_CAP)] = ShortTexts()


class ShownPicture(BaseModel):
    """What is shown of a winner now, in points; another picture has another `version`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int
    width: int
    height: int
    alt: Texts


class WinnerToPicture(BaseModel):
    """A winner for a coordinator. `cleared`: there is a picture to choose; `title` is in `language`, and
    `said` what its team wrote of the picture. `version` is what choosing and taking away must name, 0 before
    the first."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slug: str
    title: str
    language: str
    cleared: bool
    said: str
    agreed: bool
    shown: ShownPicture | None
    version: int


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """Where a picture's bytes are, what they are, and its version."""

    sha256: str
    media_type: str
    version: int


@dataclass(frozen=True, slots=True)
class _Found:
    result: PublishedResult
    picture: WinnerPicture | None
    cleared: Mapping[str, Any] | None
    agreed: bool


@cache
def _rows() -> Any:
    return (
        select(PublishedResult, WinnerPicture, col(ClearedPacket.files))
        .outerjoin(WinnerPicture, col(WinnerPicture.result_id) == col(PublishedResult.id))
        .outerjoin(ClearedPacket, col(ClearedPacket.application_id) == col(PublishedResult.application_id))
        .where(
            col(PublishedResult.call_id) == bindparam("call"),
            or_(col(PublishedResult.given_back_at).is_(None), col(WinnerPicture.sha256).is_not(None)),
        )
        .order_by(col(PublishedResult.round_id), col(PublishedResult.position).desc())
    )


def winners_to_picture(session: Session, coordinator: Coordinator) -> list[WinnerToPicture]:
    """The public winners of a call, each with what could be shown and what is; none before publication.

    Who gave the award back is among them only while a picture of theirs is shown, which can be taken away.
    """
    if call_of(session, coordinator).published_at is None:
        return []
    return [_to_picture(each) for each in _found(session, coordinator)]


def winner_to_picture(session: Session, coordinator: Coordinator, slug: str) -> WinnerToPicture:
    """One of them; NotFound for any other address."""
    return _to_picture(_one(session, coordinator, slug))


def _to_picture(each: _Found) -> WinnerToPicture:
    return WinnerToPicture(
        slug=each.result.slug,
        title=each.result.title,
        language=each.result.language,
        cleared=each.cleared is not None,
        said=each.cleared["title"] if each.cleared else "",
        agreed=each.agreed,
        shown=shown_picture(each.picture),
        version=each.picture.version if each.picture else 0,
    )


def shown_picture(row: WinnerPicture | None) -> ShownPicture | None:
    """What a row shows; None where it shows nothing any more."""
    if row is None or row.sha256 is None:
        return None
    return ShownPicture(version=row.version, width=row.width, height=row.height, alt=row.alt)


def choose_picture(
    session: Session, coordinator: Coordinator, slug: str, version: int, given: PictureInput, now: datetime
) -> None:
    """Show the cleared picture of a winner with these words, or change the words."""
    found = _one(session, coordinator, slug)
    if found.cleared is None:
        raise NoPicture
    if not found.agreed:
        raise NoConsent
    if missing := missing_languages(given.alt.stored):
        raise Invalid({f"alt.{language}": "missing" for language in missing})
    row = _at(found, version)
    if row is None:
        row = WinnerPicture(
            result_id=key_of(found.result.id), version=0, chosen_by=coordinator.person_id, changed_at=now
        )
    width, height = int(found.cleared["width"]), int(found.cleared["height"])
    row.width = min(width, PREVIEW_WIDTH)
    row.height = max(1, round(height * row.width / max(1, width)))
    row.sha256, row.media_type = found.cleared["preview_sha256"], found.cleared["media_type"]
    row.alt, row.chosen_by = given.alt.stored, coordinator.person_id
    _keep(session, row, now)
    _record(session, "picture.choose", coordinator, slug, now)


def take_away(session: Session, coordinator: Coordinator, slug: str, version: int, now: datetime) -> None:
    """Show the picture no more, and publish a correction that says so. NotFound where none is shown."""
    found = _one(session, coordinator, slug)
    row = _at(found, version)
    if row is None or row.sha256 is None:
        raise NotFound
    row.sha256, row.media_type, row.width, row.height, row.alt = None, "", 0, 0, {}
    _keep(session, row, now)
    _record(session, "picture.take_away", coordinator, slug, now)
    words = {language: translations(language).ugettext(REMOVED) for language in LANGUAGES}
    said = NoticeInput.model_validate({"part": CorrectedPart.WINNER, "winner": slug, "words": words})
    correct(session, coordinator, said, now)


def public_picture(session: Session, slug: str, call_slug: str | None = None) -> KeptPicture:
    """The picture of a public winner, of this call if one is named. NotFound where none is shown."""
    asked = (
        select(col(WinnerPicture.sha256), col(WinnerPicture.media_type), col(WinnerPicture.version))
        .join(PublishedResult, col(PublishedResult.id) == col(WinnerPicture.result_id))
        .join(Call, and_(col(Call.id) == col(PublishedResult.call_id), col(Call.published_at).is_not(None)))
        .where(col(PublishedResult.slug) == storable(slug), col(WinnerPicture.sha256).is_not(None))
    )
    if call_slug is not None:
        asked = asked.where(col(Call.slug) == storable(call_slug))
    row = session.execute(asked).one_or_none()
    if row is None:
        raise NotFound
    return KeptPicture(*row)


def cleared_picture(session: Session, coordinator: Coordinator, slug: str) -> KeptPicture:
    """What could be shown of a winner, for who chooses. NotFound where nothing was cleared."""
    found = _one(session, coordinator, slug)
    if found.cleared is None:
        raise NotFound
    return KeptPicture(found.cleared["preview_sha256"], found.cleared["media_type"], 0)


def _one(session: Session, coordinator: Coordinator, slug: str) -> _Found:
    found = next((each for each in _found(session, coordinator) if each.result.slug == slug), None)
    if found is None:
        raise NotFound
    if call_of(session, coordinator).published_at is None:
        raise NotPublic
    return found


def _found(session: Session, coordinator: Coordinator) -> list[_Found]:
    rows = session.execute(_rows(), {"call": coordinator.call_id}).all()
    agreed = owners_who_agreed(session, [result.application_id for result, _, _ in rows], OWN_PICTURE)
    return [
        _Found(result, picture, _picture_in(files or []), result.application_id in agreed)
        for result, picture, files in rows
    ]


def _picture_in(files: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """An application has one picture at most; what has no small copy cannot be shown."""
    pictures = (each for each in files if each["kind"] == FileKind.PICTURE and each.get("preview_sha256"))
    return next(pictures, None)


def _at(found: _Found, version: int) -> WinnerPicture | None:
    """The row at the version that was seen."""
    if version != (found.picture.version if found.picture else 0):
        raise Stale(version=found.picture.version if found.picture else 0)
    return found.picture


def _keep(session: Session, row: WinnerPicture, now: datetime) -> None:
    row.version, row.changed_at = row.version + 1, now
    session.add(row)
    session.flush()


def _record(session: Session, act: str, coordinator: Coordinator, slug: str, now: datetime) -> None:
    record(session, act, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id, subject=slug)
