"""Where one's application stands, and its result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications.actions.correcting import MOVE as CORRECTED
from app.applications.copies import counts_in_words
from app.applications.own import own_status
from app.applications.own_models import OwnApplication, OwnExtension, OwnStatus, OwnStep
from app.applications.screened import own_refusal
from app.applications.status import Move
from app.decisions.feedback import OwnFeedback, OwnPitchScore
from app.decisions.outcome import OwnOutcome, OwnResult, own_result
from app.decisions.result_letter import band_words, next_step_by, pitch_lines, pitch_rule
from app.events.own_pitch import own_invitation
from app.messages import formats, translations
from app.messages.copies import receipt_number
from app.messages.labels import choices
from app.models.applications import Status
from app.models.calls import Phase
from app.models.events import Finalist, FinalistState
from app.pages.applications import Door, Step, state_in_words
from app.pages.on_behalf import EnteredView, entered_view
from app.pages.page import Page, path_to, text_in
from app.pages.stages import stages_in_words
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/my/{ref}")
STILL_OPEN = frozenset({Phase.SCHEDULED, Phase.OPEN, Phase.GRACE, Phase.CANCELLED})


@dataclass(frozen=True, slots=True)
class RefusalView:
    """Why it takes no part: the rules of the call, and what the coordinator wrote."""

    rules: Sequence[str]
    words: str


@dataclass(frozen=True, slots=True)
class PitchView:
    """A finalist's pitch: what stands over it, "" once it is over, and until when an answer is awaited."""

    title: str
    due: str


@dataclass(frozen=True, kw_only=True)
class ApplicationStatus(Page):
    """What has happened, what comes next, and what one can do now."""

    template = "applications/status.html"
    ref: str
    title: str
    call_title: str
    state: str
    tone: str
    counts: str
    outcome: str
    won: bool
    refusal: RefusalView | None
    result: bool
    fix_until: str
    stages: Sequence[Step]
    steps: Sequence[Step]
    deadline: str
    extended: bool
    writable: bool
    can_take_back: bool
    can_withdraw: bool
    has_receipt: bool
    copies: Sequence[Door]
    entered: EnteredView | None
    pitch: PitchView | None


@dataclass(frozen=True, slots=True)
class CriterionReasons:
    """What the reviewers wrote about one criterion, and what those wrote who could not judge it."""

    id: str
    title: str
    reasons: Sequence[str]
    cannot_judge: Sequence[str]
    worded: bool


@dataclass(frozen=True, kw_only=True)
class ApplicationResult(Page):
    """What was decided, why, and what comes next."""

    template = "applications/result.html"
    ref: str
    call_title: str
    title: str
    lang: str
    outcome: str
    reserve: str
    won: bool
    may_give_back: bool
    amount: str
    project_href: str
    results_href: str
    criteria_href: str
    published: bool
    pitch_rule: str
    pitched: TableView | None
    scores: TableView | None
    winners_shown: bool
    coverage: str
    tied: bool
    drew_lots: bool
    holes: bool
    criteria: Sequence[CriterionReasons]
    convinced: Sequence[str]
    stronger: Sequence[str]
    band: str
    next_by: str
    error_until: str


@router.get("", name="applications.status")
def status(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_status(session, applicant, ref, now)
    language = language_of(request)
    application = own.application
    state, tone = state_in_words(language, application)
    return ApplicationStatus(
        ref=ref,
        title=application.title,
        call_title=text_in(language, own.call.title),
        state=state,
        tone=tone,
        counts=counts_in_words(language, application),
        outcome=_outcome_in_words(language, application),
        won=application.status is Status.AWARDED,
        refusal=_refusal(session, applicant, language, application),
        result=application.has_outcome,
        fix_until=formats.moment(language, application.fix_until) if application.fix_until else "",
        stages=stages_in_words(language, own, now),
        steps=_happened(language, own),
        deadline=formats.moment(language, application.due_at, application.zone)
        if application.due_at and (application.writable or Move.TAKE_BACK in application.moves)
        else "",
        extended=application.extended,
        writable=application.writable,
        can_take_back=Move.TAKE_BACK in application.moves,
        can_withdraw=Move.WITHDRAW in application.moves and application.counts_number is not None,
        has_receipt=application.counts_number is not None,
        copies=_copies(language, own),
        entered=entered_view(language, application),
        pitch=_pitch(language, own, own_invitation(session, applicant, ref), now),
    ).response(request)


def _pitch(language: str, own: OwnStatus, invitation: Finalist | None, now: datetime) -> PitchView | None:
    """What a finalist is told of the pitch; once that is over only where its page is."""
    if invitation is None:
        return None
    words, state = choices(language, "pitch_words"), invitation.state
    if state is FinalistState.DECLINED or own.application.phase is not Phase.REVIEWED:
        return PitchView("", "")
    if state is FinalistState.CONFIRMED:
        held_at = own.dates.event_at
        return PitchView(words["confirmed"] if held_at is None or now < held_at else "", "")
    return PitchView(
        words["invited"], formats.moment(language, invitation.answer_due_at, own.application.zone)
    )


def _refusal(
    session: Session, applicant: Applicant, language: str, own: OwnApplication
) -> RefusalView | None:
    """Asked for only where there is one."""
    if own.status is not Status.REFUSED:
        return None
    found = own_refusal(session, applicant, own.ref)
    words = choices(language, "screening_rules")
    return RefusalView([words[rule] for rule in found.rules], found.words) if found else None


def _copies(language: str, own: OwnStatus) -> list[Door]:
    """Each sending as a PDF, the newest first."""
    ref = own.application.ref
    words = translations(language).ugettext("PDF of what you sent: {number}")
    numbers = [step.number for step in own.steps if step.move in {Move.SEND, CORRECTED} and step.number]
    return [
        Door(
            words.format(number=receipt_number(ref, number)),
            path_to(language, "applications.sending_pdf", ref=ref, number=number),
        )
        for number in reversed(numbers)
    ]


def _outcome_in_words(language: str, own: OwnApplication) -> str:
    """How it ended; nothing while it has not, or where the call was cancelled."""
    words = choices(language, "outcome")
    if own.status is Status.DRAFT:
        unsent = own.counts_number is None and not own.writable and own.phase not in STILL_OPEN
        return words["unsent"] if unsent else ""
    return words.get(own.status, "")


def _happened(language: str, own: OwnStatus) -> list[Step]:
    gettext = translations(language).ugettext
    dated = [(step.at, _moved(language, step)) for step in own.steps]
    dated += [(each.given_at, _extended(language, own.application, each)) for each in own.extensions]
    steps = [step for _, step in sorted(dated, key=lambda pair: pair[0])]
    if own.cancellation is not None:
        steps.append(
            Step(
                title=gettext("The call was cancelled"),
                state="stopped",
                status="",
                when=formats.moment(language, own.cancellation.at),
                moment=own.cancellation.at.isoformat(),
                text=text_in(language, own.cancellation.reason),
            )
        )
    return steps


def _moved(language: str, step: OwnStep) -> Step:
    gettext, words = translations(language).ugettext, choices(language, "moves")
    return Step(
        title=words.get(step.move, step.move),
        state="done",
        status="",
        when=formats.moment(language, step.at),
        moment=step.at.isoformat(),
        text=gettext("Number {number}").format(number=step.number) if step.number else "",
    )


def _extended(language: str, own: OwnApplication, extension: OwnExtension) -> Step:
    gettext = translations(language).ugettext
    if extension.until is None:
        title, words = gettext("The later deadline was taken back"), gettext("Reason: {reason}")
    else:
        title = gettext("You were given a later deadline")
        words = gettext("New deadline: {until}. Reason: {reason}")
    until = formats.moment(language, extension.until, own.zone) if extension.until else ""
    return Step(
        title=title,
        state="done",
        status="",
        when=formats.moment(language, extension.given_at),
        moment=extension.given_at.isoformat(),
        text=words.format(until=until, reason=extension.reason),
    )


@router.get("/result", name="applications.result")
def result(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_result(session, applicant, ref)
    language = language_of(request)
    outcome, feedback = own.outcome, own.feedback
    return ApplicationResult(
        ref=ref,
        call_title=text_in(language, outcome.call_title),
        title=outcome.title,
        lang=outcome.language,
        outcome=_how_it_ended(language, outcome),
        reserve=_stands_by(language, outcome),
        won=outcome.awarded,
        may_give_back=own.may_give_back,
        amount=formats.euros(language, outcome.amount_minor) if outcome.amount_minor is not None else "",
        project_href=path_to(language, "results.show", slug=outcome.slug)
        if outcome.slug and outcome.awarded
        else "",
        results_href=path_to(language, "results.list", call=outcome.call),
        criteria_href=path_to(language, "calls.criteria", call=outcome.call),
        published=outcome.published_at is not None,
        pitch_rule=pitch_rule(language, feedback),
        pitched=_pitched(language, feedback.pitched) if feedback and feedback.pitched else None,
        scores=_scores(language, feedback) if feedback else None,
        winners_shown=_winners_shown(feedback),
        coverage=_coverage(language, feedback) if feedback else "",
        tied=feedback is not None and feedback.tie_decided,
        drew_lots=feedback is not None and feedback.drew_lots,
        holes=feedback is not None and not all(each.mean for each in feedback.scores),
        criteria=_criteria(language, own),
        convinced=feedback.convinced if feedback else [],
        stronger=feedback.stronger if feedback else [],
        band=band_words(language, feedback) if not outcome.awarded else "",
        next_by=next_step_by(language, outcome),
        error_until=_error_until(request, language, own, now),
    ).response(request)


def _error_until(request: Request, language: str, own: OwnResult, now: datetime) -> str:
    """Until when a factual error can be pointed out; nothing once that is over."""
    if own.feedback is None or own.outcome.published_at is None:
        return ""
    until = own.outcome.published_at + timedelta(days=request.state.settings.factual_error_days)
    return formats.moment(language, until) if now < until else ""


def _how_it_ended(language: str, outcome: OwnOutcome) -> str:
    words = choices(language, "outcome")
    if outcome.given_back:
        return words["given_back"]
    return words["promoted"] if outcome.promoted else words[outcome.status]


def _stands_by(language: str, outcome: OwnOutcome) -> str:
    """The position on the reserve list and until when it is valid; nothing for who is on none."""
    if outcome.reserve_position is None or outcome.reserve_until is None:
        return ""
    return choices(language, "outcome")["stands_by"].format(
        position=outcome.reserve_position, until=formats.moment(language, outcome.reserve_until)
    )


def _winners_shown(feedback: OwnFeedback | None) -> bool:
    return feedback is not None and any(each.winners for each in feedback.scores)


def _coverage(language: str, feedback: OwnFeedback) -> str:
    """That organisations are missing, without which; nothing where all scored it, or none did."""
    if not 0 < feedback.organisations_scored < feedback.organisations:
        return ""
    return (
        translations(language)
        .ugettext(
            "{scored} of {all} organisations scored your application. "
            "The missing ones were left out of the mean, never counted as zero."
        )
        .format(scored=feedback.organisations_scored, all=feedback.organisations)
    )


def _scores(language: str, feedback: OwnFeedback) -> TableView:
    gettext = translations(language).ugettext
    scale = gettext("from {least} to {most}")
    lines = [
        (text_in(language, each.title), each.minimum, each.maximum, each.mean, each.winners)
        for each in feedback.scores
    ]
    # Of who pitched, the written total is only a part of what decided, and stands with the pitch.
    if feedback.pitched is None:
        lines.append((gettext("Total"), 0, 100, feedback.total, feedback.winners_total))
    columns = [ColumnView(gettext("Criterion")), ColumnView(gettext("Your application"), number=True)]
    compared = _winners_shown(feedback)
    if compared:
        columns.append(ColumnView(gettext("Winners on average"), number=True))
    rows = []
    for title, least, most, mean, winners in lines:
        cells = [TextCell(title, scale.format(least=least, most=most)), TextCell(_number(language, mean))]
        if compared:
            cells.append(TextCell(_number(language, winners)))
        rows.append(RowView(cells))
    return TableView("scores", gettext("Scores"), columns, rows)


def _pitched(language: str, pitched: OwnPitchScore) -> TableView:
    gettext = translations(language).ugettext
    scale = gettext("from {least} to {most}").format(least=0, most=100)
    lines = pitch_lines(language, pitched)
    columns = [ColumnView(gettext("Part")), ColumnView(gettext("Your application"), number=True)]
    compared = any(winners for _, _, winners in lines)
    if compared:
        columns.append(ColumnView(gettext("Winners on average"), number=True))
    none = gettext("No score")
    rows = [
        RowView([TextCell(name, scale), *(TextCell(cell or none) for cell in (own, winners)[: 1 + compared])])
        for name, own, winners in lines
    ]
    return TableView("pitched", gettext("Written and pitch"), columns, rows)


def _number(language: str, value: str) -> str:
    """One decimal, or the words for a hole: never a zero."""
    return formats.number(language, value, 1) if value else translations(language).ugettext("No score")


def _criteria(language: str, own: OwnResult) -> list[CriterionReasons]:
    """The criteria of which anything was written."""
    scores = own.feedback.scores if own.feedback else []
    return [
        CriterionReasons(
            id=f"why-{each.code}",
            title=text_in(language, each.title),
            reasons=[reason.text for reason in each.reasons if not reason.cannot_judge],
            cannot_judge=[reason.text for reason in each.reasons if reason.cannot_judge],
            worded=each.worded,
        )
        for each in scores
        if each.reasons
    ]
