"""One's own pitch: yes or no, when it is, how the team is announced, slides, and the panel's questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.errors import Conflict, Invalid, Stale, TooLarge
from app.events.answering import answer_invitation
from app.events.notes import (
    AnswerInput,
    NoteInput,
    answer_question,
    drop_slides,
    keep_slides,
    own_slides,
    preparing,
    save_note,
)
from app.events.own_pitch import OwnPitch, OwnQuestion, own_pitch
from app.files.kinds import MOST_BYTES
from app.messages import formats, label, sentence
from app.messages.labels import choices
from app.models.events import FinalistState
from app.models.files import FileKind
from app.pages.forms import FieldView, Form, Mistake, Typed, element_id, form_of, number, one, read_form
from app.pages.page import Page, see_other, text_in
from app.web.actors import AsApplicant, AsUploader
from app.web.clock import Now
from app.web.downloads import sent
from app.web.language import language_of
from app.web.session import Db
from app.web.uploads import check_length, cleaned_file, incoming, reading, writing

router = APIRouter(prefix="/apply/{ref}/pitch")
NoteForm = Annotated[Form[NoteInput], Depends(form_of(NoteInput, "pitch"))]
TONES = {FinalistState.OFFERED: "warn", FinalistState.CONFIRMED: "ok", FinalistState.DECLINED: "mute"}


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question of the panel with the field for the answer."""

    code: str
    words: str
    answer: str
    version: int
    field: FieldView


@dataclass(frozen=True, slots=True)
class Wrong:
    """What the error summary needs of the forms."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class PitchShow(Page):
    """One's own pitch. `refused` says why nothing happened; `most` is the largest file in bytes."""

    template = "pitch/show.html"
    ref: str
    call_title: str
    name: str
    state: str
    tone: str
    offered: bool
    confirmed: bool
    declined: bool
    writable: bool
    version: int
    facts: Sequence[tuple[str, str]]
    due: str
    slot: str
    note: Sequence[FieldView]
    note_version: int
    said: Sequence[tuple[str, str]]
    slides: str
    slides_version: int
    slides_error: str
    most: int
    questions: Sequence[QuestionView]
    form: Wrong
    refused: str
    stale: bool
    asks_no: bool


@router.get("", name="pitch.show")
def show(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    asks_no = request.query_params.get("say") == "no"
    return _page(request, session, applicant, now, ref, asks_no=asks_no).response(request)


@router.post("", name="pitch.answer")
def answer(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, typed: Typed
) -> Response:
    yes = one(typed, "_action") == "yes"
    state = FinalistState.CONFIRMED if yes else FinalistState.DECLINED
    try:
        answer_invitation(session, applicant, ref, state, number(typed, "version"), now)
    except Stale:
        return _page(request, session, applicant, now, ref, stale=True).response(request, 409)
    except Conflict as error:
        words = sentence(language_of(request), error.code, error.params)
        return _page(request, session, applicant, now, ref, refused=words).response(request, 409)
    return see_other(request, "pitch.show", ref=ref, done="pitch_confirmed" if yes else "pitch_declined")


@router.post("/note", name="pitch.save")
def save(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: NoteForm, typed: Typed
) -> Response:
    try:
        save_note(session, applicant, ref, form.value(), number(typed, "version"), now)
    except Invalid as error:
        page = _page(request, session, applicant, now, ref, note=form.refused(error))
        return page.response(request, 422)
    except Stale:
        return _page(request, session, applicant, now, ref, note=form, stale=True).response(request, 409)
    except Conflict as error:
        words = sentence(language_of(request), error.code, error.params)
        return _page(request, session, applicant, now, ref, note=form, refused=words).response(request, 409)
    return see_other(request, "pitch.show", ref=ref, done="pitch_saved", anchor="note")


@router.post("/questions/{question}", name="pitch.reply")
def reply(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, question: str, typed: Typed
) -> Response:
    form = read_form(AnswerInput, "pitch_answer", language_of(request), typed)
    try:
        answer_question(session, applicant, ref, question, form.value(), number(typed, "version"), now)
    except Invalid as error:
        asked = (question, form.refused(error))
        return _page(request, session, applicant, now, ref, reply=asked).response(request, 422)
    except Stale:
        asked = (question, form)
        return _page(request, session, applicant, now, ref, reply=asked, stale=True).response(request, 409)
    except Conflict as error:
        words = sentence(language_of(request), error.code, error.params)
        return _page(request, session, applicant, now, ref, refused=words).response(request, 409)
    return see_other(request, "pitch.show", ref=ref, done="pitch_answered", anchor=f"question-{question}")


@router.post("/slides", name="pitch.add_slides")
async def add_slides(request: Request, applicant: AsUploader, now: Now, ref: str) -> Response:
    """Who asks, and how large it will be, are known before a byte is read."""
    await reading(request, lambda session: preparing(session, applicant, ref, now))
    try:
        check_length(request)
        async with incoming(request) as got:
            if not got.name and not got.size:
                raise Invalid({"file": "file.missing"})
            _, made = await to_thread.run_sync(
                partial(cleaned_file, request.state.store, FileKind.DOCUMENT, got),
                limiter=request.state.cleaning,
            )
        kept = made.cleaned
        await writing(
            request,
            lambda session: keep_slides(session, applicant, ref, kept.sha256, kept.size, kept.pages, now),
        )
    except TooLarge:
        return await _not_kept(request, applicant, ref, now, ("file.too_large", {}), 413)
    except Invalid as error:
        ((_, problem),) = error.fields.items()
        return await _not_kept(request, applicant, ref, now, problem, 422)
    return see_other(request, "pitch.show", ref=ref, done="slides_added", anchor="slides")


async def _not_kept(
    request: Request,
    applicant: Applicant,
    ref: str,
    now: datetime,
    problem: tuple[str, dict[str, object]],
    status: int,
) -> Response:
    words = sentence(language_of(request), *problem)

    def page(session: Session) -> Response:
        return _page(request, session, applicant, now, ref, slides_error=words).response(request, status)

    return await reading(request, page)


@router.post("/slides/remove", name="pitch.remove_slides")
def remove_slides(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, typed: Typed
) -> Response:
    try:
        drop_slides(session, applicant, ref, number(typed, "version"), now)
    except Stale:
        return _page(request, session, applicant, now, ref, stale=True).response(request, 409)
    return see_other(request, "pitch.show", ref=ref, done="slides_removed", anchor="slides")


@router.get("/slides", name="pitch.slides")
def open_slides(request: Request, session: Db, applicant: AsApplicant, ref: str) -> Response:
    return sent(request.state.store, own_slides(session, applicant, ref))


def _page(
    request: Request,
    session: Session,
    applicant: Applicant,
    now: datetime,
    ref: str,
    *,
    note: Form[NoteInput] | None = None,
    reply: tuple[str, Form[AnswerInput]] | None = None,
    slides_error: str = "",
    refused: str = "",
    stale: bool = False,
    asks_no: bool = False,
) -> PitchShow:
    language = language_of(request)
    own = own_pitch(session, applicant, ref, now)
    words = choices(language, "pitch_words")
    form = note or Form(NoteInput, "pitch", language, _typed(own))
    questions = [_question(language, each, reply) for each in own.questions]
    slides = own.slides
    zone = ZoneInfo(own.timezone)
    mistakes = [
        *form.summary,
        *(Mistake(f"#{q.field.id}", q.field.error) for q in questions if q.field.error),
    ]
    if slides_error:
        mistakes.append(Mistake("#f-slides", slides_error))
    return PitchShow(
        ref=ref,
        call_title=text_in(language, own.call_title),
        name=text_in(language, own.name),
        state=label(language, own.state) if own.state is FinalistState.OFFERED else words[own.state],
        tone=TONES[own.state],
        offered=own.state is FinalistState.OFFERED,
        confirmed=own.state is FinalistState.CONFIRMED,
        declined=own.state is FinalistState.DECLINED,
        writable=own.writable,
        version=own.version,
        facts=_facts(language, own, zone),
        due=formats.moment(language, own.answer_due_at, zone),
        slot=words["slot"].format(slot=own.number, count=own.pitching) if own.number else "",
        note=list(form.fields.values()),
        note_version=own.note.version,
        said=[(view.label, view.value) for view in form.fields.values() if view.value],
        slides=words["slides"].format(pages=slides.pages, size=formats.file_size(language, slides.size))
        if slides
        else "",
        slides_version=slides.version if slides else 0,
        slides_error=slides_error,
        most=MOST_BYTES,
        questions=questions,
        form=Wrong(mistakes),
        refused=refused,
        stale=stale,
        asks_no=asks_no,
    )


def _facts(language: str, own: OwnPitch, zone: ZoneInfo) -> list[tuple[str, str]]:
    words = choices(language, "pitch_words")
    facts = (
        ("when", formats.moment(language, own.starts_at, zone)),
        ("where", text_in(language, own.place)),
        ("pitch", formats.stopwatch(own.pitch_seconds)),
        ("questions", formats.stopwatch(own.question_seconds)),
        ("at", formats.clock(own.pitches_at, zone) if own.pitches_at else ""),
    )
    return [(words[name], value) for name, value in facts if value]


def _typed(own: OwnPitch) -> dict[str, str | list[str]]:
    return {
        name: "" if value is None else str(value)
        for name, value in own.note.model_dump(exclude={"version"}).items()
    }


def _question(language: str, each: OwnQuestion, reply: tuple[str, Form[AnswerInput]] | None) -> QuestionView:
    form = Form(AnswerInput, "pitch_answer", language, {"words": each.answer})
    if reply is not None and reply[0] == each.code:
        form = reply[1]
    view = replace(form.fields["words"], id=element_id(f"answer-{each.code}"))
    return QuestionView(each.code, each.words, each.answer, each.version, view)
