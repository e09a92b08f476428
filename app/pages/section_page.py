"""A page of a section's form as it is shown: with what was typed, what is wrong, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlmodel import Session

from app.applications.copies import counts_in_words
from app.applications.own_models import OwnPart
from app.applications.own_versions import kept_answers
from app.errors import NotFound, Problem, Stale
from app.messages import translations
from app.messages.labels import choices
from app.pages.autosaves import RefusalView, UndoView, saved_in_words
from app.pages.beside import Beside, Stand, beside, field_notices, noticed
from app.pages.conflicts import ConflictView, conflict_view
from app.pages.deadlines import DeadlineView, deadline_view
from app.pages.forms import FieldView, Mistake, RowsView
from app.pages.page import Page, path_to
from app.pages.presences import PresenceView
from app.pages.section_form import Writing, done_rows, names_of
from app.pages.session_end import SessionEnd, session_end
from app.sections.catalogue import CATALOGUE, Part, Section
from app.sections.drafts import typed_answers
from app.sections.limits import Limits
from app.sections.rows import REMOVED
from app.web.actors import is_shared_computer
from app.web.language import language_of


@dataclass(frozen=True, kw_only=True)
class SectionWrite(Page):
    """One page of a section's form. `looked` is the answer at which it shows that a look is worth it."""

    template = "applications/section.html"
    fragment = "section_form"
    part: str
    action: str
    autosave: str
    title: str
    caption: str
    back_href: str
    back: str
    looked: str
    counts: str
    deadline: DeadlineView
    views: Sequence[FieldView | RowsView]
    summary: Sequence[Mistake]
    version: int
    saved: str
    beside: Beside
    undo: UndoView | None
    conflict: ConflictView | None
    refusal: RefusalView | None
    stale: bool
    kept: bool
    local: str
    session_end: SessionEnd | None
    versions_href: str
    announced: str
    presence: PresenceView | None


def section_page(
    request: Request,
    own: OwnPart,
    part: Part,
    now: datetime,
    *,
    problems: dict[str, Problem],
    typed: dict[str, Any] | None = None,
    conflict: ConflictView | None = None,
    refusal: RefusalView | None = None,
    stale: bool = False,
    kept: bool = False,
    version: int | None = None,
    back: str = "",
    focus: str = "",
    removed: bool = False,
    announced: str = "",
    presence: PresenceView | None = None,
) -> SectionWrite:
    language = language_of(request)
    section = CATALOGUE[own.section.code]
    ref = own.application.ref
    data = {**own.section.data, **(typed or {})}
    lang = own.application.language if own.application.language != language else ""
    closed = frozenset[str]() if typed else done_rows(part, data, own.section.problems)
    names = names_of(language, own)
    guides = _guides(language, own.call.limits)
    plan = data if section.code == "work_plan" else own.work_plan
    stand = Stand(language, ref, section.code, data, plan, own.call.limits, lang, own.section.problems)
    notices = field_notices(stand, part)
    writing = Writing(language, section, data, names, problems, lang, focus, closed, guides, notices)
    parts = section.parts_for(data)
    several = len(section.parts) > 1
    section_title = choices(language, "sections")[section.code]
    place = {"ref": ref, "section": section.code}
    action = (
        path_to(language, "applications.save_page", page=part.code, **place)
        if several
        else path_to(language, "applications.save", **place)
    )
    return SectionWrite(
        part=part.code,
        action=action,
        autosave=path_to(language, "applications.autosave", **place),
        title=choices(language, "pages")[f"{section.code}.{part.code}"] if several else section_title,
        caption=_on_behalf(language, own, _caption(language, parts, part, section_title) if several else ref),
        back_href=_back_href(language, ref, section, parts, part, back),
        back=back,
        looked=noticed(section.code, part, data, own.section.notices) if typed is None else "",
        counts=counts_in_words(language, own.application),
        deadline=deadline_view(language, own.application, now),
        views=writing.views(part),
        summary=writing.mistakes(part),
        version=own.section.version if version is None else version,
        # What is typed here was refused: nothing of it is saved, and nobody may close the page.
        saved=saved_in_words(language, own.section.updated_at)
        if own.section.version > 1 and typed is None
        else "",
        beside=beside(stand, part),
        undo=_undo(language, section, part, own.section.data, removed),
        conflict=conflict,
        refusal=refusal,
        stale=stale,
        kept=kept or typed is None,
        local="" if is_shared_computer(request) else f"{ref}/{section.code}/{part.code}",
        session_end=session_end(request, now),
        versions_href=path_to(language, "applications.versions", **place),
        announced=announced,
        presence=presence,
    )


def _on_behalf(language: str, own: OwnPart, caption: str) -> str:
    """Who types it in for somebody sees that on every page."""
    entered = own.application.entered
    if entered is None or not entered.by_me:
        return caption
    return f"{caption} · {translations(language).ugettext('on behalf of its owner')}"


def _caption(language: str, parts: Sequence[Part], part: Part, section_title: str) -> str:
    if part not in parts:
        return section_title
    words = translations(language).ugettext("{section} · page {number} of {all}")
    return words.format(section=section_title, number=parts.index(part) + 1, all=len(parts))


def _back_href(
    language: str, ref: str, section: Section, parts: Sequence[Part], part: Part, back: str
) -> str:
    if back == "check":
        return path_to(language, "applications.check", ref=ref)
    if part not in parts[1:]:
        return path_to(language, "applications.tasks", ref=ref)
    before = parts[parts.index(part) - 1].code
    return path_to(language, "applications.write_page", ref=ref, section=section.code, page=before)


def _undo(language: str, section: Section, part: Part, data: dict[str, Any], focus: bool) -> UndoView | None:
    removed = data.get(REMOVED)
    if not removed or removed["table"] not in part.names:
        return None
    table = removed["table"]
    row = choices(language, "rows")[f"{section.code}.{table}"]
    words = translations(language).ugettext("{row} {number} was removed.")
    return UndoView(words.format(row=row, number=removed["place"] + 1), f"undo:{table}", focus)


def _guides(language: str, limits: Limits) -> dict[str, str]:
    """What only this call can say before somebody answers."""
    words = translations(language).ugettext("Months at most: {months}.")
    return {"ends": words.format(months=limits.max_months)}


def conflict_on(
    session: Session, language: str, own: OwnPart, given: dict[str, Any], stale: Stale, version: int
) -> ConflictView:
    base = {} if version == 1 else kept_answers(session, own, version)
    return conflict_view(language, own, typed_answers(CATALOGUE[own.section.code], given), stale, base)


def copy_href(request: Request, ref: str) -> str:
    """Where the answers that were saved can be read when nothing can be saved any more."""
    return path_to(language_of(request), "applications.copy", ref=ref)


def part_of(section: str, page: str) -> Part:
    known = CATALOGUE.get(section)
    if known is None:
        raise NotFound
    if not page:
        return known.parts[0]
    part = known.part(page)
    if part is None:
        raise NotFound
    return part
