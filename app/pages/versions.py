"""Earlier texts of a section: answer by answer, and the section as it was, to be brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.applications import actions
from app.applications.own import own_section
from app.applications.own_models import OwnVersion, OwnVersions
from app.applications.own_versions import own_versions
from app.errors import Invalid, Stale
from app.messages import formats, translations
from app.messages.answers import Answer, shown
from app.messages.labels import choices
from app.pages.answer_places import place_of
from app.pages.answer_views import in_lines
from app.pages.forms import typed
from app.pages.page import Page, path_to, see_other
from app.pages.section_form import names_of
from app.sections.changes import changed_names
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}/{section}/versions")
Given = Annotated[dict[str, str | list[str]], Depends(typed)]

SHOWN_OF_ANSWER = 5
SHOWN_OF_SECTION = 20
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class TextView:
    """One earlier text: who wrote it and when, and what brings it back."""

    about: str
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class AnswerHistory:
    """One answer: what it says now, what it said before, and where all of that is if this is not all."""

    id: str
    label: str
    now: str
    lang: str
    texts: Sequence[TextView]
    more: str
    more_href: str


@dataclass(frozen=True, slots=True)
class MomentView:
    """The section as it was: who, when, and which answers were changed by then."""

    about: str
    changed: str
    sent: str
    value: str


@dataclass(frozen=True, kw_only=True)
class SectionVersions(Page):
    """All that a section ever said; `stale` where somebody saved while this was being read."""

    template = "applications/versions.html"
    title: str
    ref: str
    back_href: str
    action: str
    version: int
    writable: bool
    stale: bool
    answers: Sequence[AnswerHistory]
    moments: Sequence[MomentView]


@router.get("", name="applications.versions")
def show(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, section: str) -> Response:
    found = own_versions(session, applicant, ref, section, now)
    return _page(request, found).response(request)


@router.post("", name="applications.restore")
def restore(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, section: str, form: Given
) -> Response:
    number, _, answer = str(form.get("restore", "")).partition(":")
    wished, version = _number(number), _number(str(form.get("version", "")))
    if wished is None or version is None:
        # Our own form sends both; a stranger learns even of that nothing.
        own_section(session, applicant, ref, section, now)
        raise Invalid({"restore": "int_parsing"})
    try:
        actions.restore_version(
            session, applicant, ref, section, wished, answer=answer, version=version, now=now
        )
    except Stale:
        found = own_versions(session, applicant, ref, section, now)
        return _page(request, found, stale=True).response(request, 409)
    route, place, anchor = place_of(section, answer)
    return see_other(request, route, ref=ref, done="brought_back", anchor=anchor, **place)


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS else None


def _page(request: Request, found: OwnVersions, *, stale: bool = False) -> SectionVersions:
    language = language_of(request)
    ref, code = found.part.application.ref, found.part.section.code
    wished = request.query_params.get("answer", "")
    return SectionVersions(
        title=choices(language, "sections")[code],
        ref=ref,
        back_href=path_to(language, "applications.write", ref=ref, section=code),
        action=path_to(language, "applications.restore", ref=ref, section=code),
        version=found.part.section.version,
        writable=found.part.application.writable,
        stale=stale,
        answers=_answers(language, found, wished),
        moments=[] if wished else _moments(language, found),
    )


def _answers(language: str, found: OwnVersions, wished: str) -> list[AnswerHistory]:
    """The answers that once said something else, or the one that was wished for; the newest text first."""
    code, names = found.part.section.code, names_of(language, found.part)
    written_in = found.part.application.language
    then = [(version, _said(language, code, version.data, names)) for version in found.versions]
    address = path_to(language, "applications.versions", ref=found.part.application.ref, section=code)
    histories = []
    for answer in shown(language, code, found.part.section.data, names):
        texts = _texts(language, answer, then)
        if not texts or (wished and wished != answer.name):
            continue
        more = len(texts) > SHOWN_OF_ANSWER and not wished
        histories.append(
            AnswerHistory(
                id=f"v-{answer.name}",
                label=answer.label,
                now=in_lines(answer),
                lang=written_in if answer.own and written_in != language else "",
                texts=texts[:SHOWN_OF_ANSWER] if more else texts,
                more=_all_of_them(language, len(texts)) if more else "",
                more_href=f"{address}?answer={answer.name}",
            )
        )
    return histories


def _said(language: str, code: str, data: dict[str, Any], names: Any) -> dict[str, str]:
    return {answer.name: in_lines(answer) for answer in shown(language, code, data, names)}


def _texts(
    language: str, answer: Answer, then: Sequence[tuple[OwnVersion, dict[str, str]]]
) -> list[TextView]:
    """What differs from what came after it; of equal texts in a row the first that was saved."""
    texts: list[TextView] = []
    after = in_lines(answer)
    for version, said in then:
        text = said[answer.name]
        if not text:
            after = text
            continue
        view = TextView(_about(language, version), text, f"{version.number}:{answer.name}")
        if text != after:
            texts.append(view)
        elif texts and texts[-1].text == text:
            texts[-1] = view
        after = text
    return texts


def _moments(language: str, found: OwnVersions) -> list[MomentView]:
    """The section each time that it was something else than before, the newest first; all that was sent."""
    code = found.part.section.code
    labels = {answer.name: answer.label for answer in shown(language, code, {})}
    older: list[dict[str, Any]] = [*(version.data for version in found.versions[1:]), {}]
    moments = []
    for place, version in enumerate(found.versions):
        if place >= SHOWN_OF_SECTION and version.sent_number is None:
            continue
        changed = changed_names(older[place], version.data)
        moments.append(
            MomentView(
                about=_about(language, version),
                changed=" · ".join(label for name, label in labels.items() if name in changed),
                sent=_sent(language, version.sent_number),
                value=f"{version.number}:",
            )
        )
    return moments


def _about(language: str, version: OwnVersion) -> str:
    gettext = translations(language).ugettext
    who = gettext("you") if version.own else version.by or gettext("the programme")
    return f"{formats.day(language, version.saved_at)}, {formats.clock(version.saved_at)} · {who}"


def _sent(language: str, number: int | None) -> str:
    if number is None:
        return ""
    return translations(language).ugettext("Sent, number {number}").format(number=number)


def _all_of_them(language: str, number: int) -> str:
    words = translations(language).ungettext("All {n} earlier text", "All {n} earlier texts", number)
    return words.format(n=number)
