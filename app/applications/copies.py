"""One's own application put into words: what is written now, and what was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.applications.own import TITLED
from app.applications.own_models import (
    OwnApplication,
    OwnCall,
    OwnCopy,
    OwnDraft,
    OwnFile,
    OwnSentFile,
)
from app.messages import formats, label, translations
from app.messages.answers import Answer, Names, call_names, in_language, with_activities
from app.messages.copies import (
    Copy,
    CopySection,
    Fact,
    amount_in_words,
    copy_section,
    next_steps,
    receipt_number,
)
from app.messages.labels import choices
from app.models.applications import Status
from app.models.calls import Phase

Sections = Mapping[str, Mapping[str, Any]]
FILES = "files"
"""The part of a copy that names what was uploaded: no section of the form."""


def sent_in_words(language: str, kept: OwnCopy) -> Copy:
    """A sending, for the people who sent it; what comes next is as it was promised then."""
    gettext = translations(language).ugettext
    call = kept.call
    number = receipt_number(kept.ref, kept.number)
    facts = [
        Fact(gettext("Application number"), number),
        Fact(gettext("Call"), in_language(language, call.title)),
        Fact(gettext("Written in"), choices(language, "languages")[kept.language]),
    ]
    return Copy(
        language=language,
        written_in=kept.language,
        ref=kept.ref,
        number=number,
        title=_title(kept.sections),
        call=in_language(language, call.title),
        mark="",
        mark_text="",
        unsent=False,
        made_at=kept.sent_at,
        received_at=kept.received_at,
        sha256=kept.sha256,
        amount=amount_in_words(language, kept.sections.get("budget"), call.limits),
        facts=tuple(facts),
        steps=()
        if call.phase is Phase.CANCELLED
        else tuple(next_steps(language, kept.due_at, call.results_expected_at, ZoneInfo(kept.timezone))),
        sections=(*_sections(language, kept.sections, call), *_files(language, kept.files)),
    )


def written_in_words(language: str, own: OwnDraft, now: datetime) -> Copy:
    """What is written now. Where nothing of it was sent, it says so."""
    gettext = translations(language).ugettext
    call, application = own.call, own.application
    sections = {section.code: section.data for section in own.sections}
    mark, mark_text = _mark(language, application)
    facts = [
        Fact(gettext("Application number"), application.ref),
        Fact(gettext("As it was on"), formats.moment(language, now)),
        Fact(gettext("Call"), in_language(language, call.title)),
        Fact(gettext("Written in"), choices(language, "languages")[application.language]),
    ]
    if application.writable and application.due_at:
        facts.insert(
            2, Fact(gettext("Deadline"), formats.moment(language, application.due_at, application.zone))
        )
    return Copy(
        language=language,
        written_in=application.language,
        ref=application.ref,
        number="",
        title=_title(sections),
        call=in_language(language, call.title),
        mark=mark,
        mark_text=mark_text,
        unsent=application.status is Status.DRAFT,
        made_at=now,
        received_at=None,
        sha256="",
        amount=amount_in_words(language, sections.get("budget"), call.limits),
        facts=tuple(facts),
        steps=(),
        sections=(*_sections(language, sections, call), *_files(language, own.files)),
    )


def _mark(language: str, own: OwnApplication) -> tuple[str, str]:
    gettext = translations(language).ugettext
    if own.status is not Status.DRAFT:
        return label(language, own.status), gettext(
            "This is what is written now, whether it was sent or not."
        )
    counts = counts_in_words(language, own)
    return label(language, Status.DRAFT), counts or gettext("Nobody but your team can read this draft.")


def counts_in_words(language: str, own: OwnApplication) -> str:
    """What counts while something newer is being written; nothing to say otherwise."""
    if not own.changed_after_sending or own.sent_at is None:
        return ""
    words = translations(language).ugettext(
        "Your changes are not sent. What you sent on {day} at {time} will count."
    )
    return words.format(day=formats.day(language, own.sent_at), time=formats.clock(own.sent_at))


def copy_names(language: str, call: OwnCall, sections: Sections) -> Names:
    """The call's lists and the applicant's activities, for the answers that name them."""
    names = call_names(language, call.themes, call.priorities, call.own_question, call.organisations)
    return with_activities(language, names, sections.get("work_plan", {}))


def _title(sections: Sections) -> str:
    return next((str(sections[code].get("title") or "") for code in TITLED if code in sections), "")


def _sections(language: str, sections: Sections, call: OwnCall) -> tuple[CopySection, ...]:
    names = copy_names(language, call, sections)
    return tuple(copy_section(language, code, data, names, call.limits) for code, data in sections.items())


def _files(language: str, files: Sequence[OwnFile] | Sequence[OwnSentFile]) -> tuple[CopySection, ...]:
    """What was uploaded, by what it shows; the files themselves are no part of a copy."""
    named = tuple(
        Answer(
            name="file",
            label=label(language, file.kind),
            text=file.title or file.name,
            table=None,
            own=True,
            optional=True,
            blind=True,
        )
        for file in files
    )
    title = translations(language).ugettext("Picture and documents")
    return (CopySection(code=FILES, title=title, answers=named),) if named else ()
