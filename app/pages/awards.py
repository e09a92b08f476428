"""The cut line, the awards, freezing the decision, and publishing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.panel_names import panel_names
from app.applications.assisted import count_without_email
from app.asking import Ask
from app.calls.titles import call_title, criterion_titles
from app.decisions import awards, decide, departures, publication, seconding
from app.decisions.agenda import Undecided, undecided
from app.decisions.announce import Announcement
from app.decisions.award_table import awards_csv
from app.decisions.awards import AwardInput
from app.decisions.departures import DepartureInput
from app.decisions.held import awarding
from app.decisions.line import BELOW, Round, rounds
from app.decisions.order import withdrawn_winners
from app.decisions.publication import Publishing
from app.decisions.reasons import ReasonInput
from app.decisions.refusals import (
    AlreadyAwarded,
    BelowThreshold,
    EnvelopeExceeded,
    FewerThanPromised,
    LineStands,
    NeedsOneMore,
    NobodyLeft,
    NoPlaceLeft,
    NothingAwarded,
    NotInOrder,
    NotSealed,
    OpenHoles,
    PanelContradicted,
    PitchesNotClosed,
    PublicationAsked,
    PublicationNotAsked,
    PublicationSecondPerson,
    UnconfirmedDepartures,
    UnconfirmedSeats,
    UnexplainedDepartures,
    UnreadCautions,
    WinnerWithdrew,
)
from app.decisions.reserve import Reserve, reserve_of
from app.decisions.seconds import is_alone, others_can_second
from app.decisions.standing import Standing, standing
from app.errors import Conflict, Invalid, Stale
from app.messages import formats, sentence, translations
from app.messages.formats import ALMATY
from app.messages.labels import choices
from app.pages.award_lines import DrawnForm, line_page
from app.pages.forms import FieldView, Form, Mistake, Option, Typed, form_of, number
from app.pages.lots import lots_in_words
from app.pages.page import Page, see_other
from app.pages.round_rules import rule_in_words
from app.pages.sample_letters import LetterView, letter_views
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.pages.tied import tie_words
from app.scoring.shares import POOLED, Split
from app.wall import BehindWall
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/awards")
AwardForm = Annotated[Form[AwardInput], Depends(form_of(AwardInput, "award"))]
ReasonForm = Annotated[Form[ReasonInput], Depends(form_of(ReasonInput, "reason"))]
DepartureForm = Annotated[Form[DepartureInput], Depends(form_of(DepartureInput, "departure"))]


class PublishInput(BaseModel):
    """The version that was looked at, and where nobody else coordinates the call why it is done alone."""

    version: Annotated[int, Field(ge=0, le=10**9), Ask("hidden")]
    reason: Annotated[str, Field(max_length=1000), Ask("textarea")] = ""


class VersionInput(BaseModel):
    """The version that somebody looked at when they pressed."""

    version: Annotated[int, Field(ge=0, le=10**9)]


ALL_BELOW = 300
NOTHING_GIVEN = (
    NoPlaceLeft,
    EnvelopeExceeded,
    NobodyLeft,
    LineStands,
    AlreadyAwarded,
    NotInOrder,
    BelowThreshold,
    NeedsOneMore,
    WinnerWithdrew,
    PitchesNotClosed,
    BehindWall,
)
"""Why a press awards nothing though awards can still change: said on the page, with what was typed."""
NOT_FROZEN = (
    OpenHoles,
    WinnerWithdrew,
    NothingAwarded,
    FewerThanPromised,
    NeedsOneMore,
    BehindWall,
    UnconfirmedDepartures,
    UnconfirmedSeats,
    PanelContradicted,
    UnreadCautions,
)
"""Why a press freezes nothing though the decision is open: said on the page."""
PublishForm = Annotated[Form[PublishInput], Depends(form_of(PublishInput, "publish"))]
VersionForm = Annotated[Form[VersionInput], Depends(form_of(VersionInput, "version"))]


@dataclass(frozen=True, slots=True)
class PotView:
    """One round, and its two forms with ids of their own: a page shows several rounds.

    The line is drawn under `last_above`; `firm` where something is known of how firm the places are;
    `waiting` are departures that nobody has confirmed yet; `ties` says, by code, what put one before its
    equal; `rule` are the published sentences, and `shared` says that an award's sum follows from them: then
    `full_left` more fit at the whole sum, and further ones lower all. `reserve` is there once the decision is
    frozen; `states` says in words, by code, what became of whoever stands by.
    """

    round: Round
    last_above: str
    firm: bool
    waiting: frozenset[str]
    ties: Mapping[str, str]
    rule: Sequence[str]
    shared: bool
    full_left: int | None
    reserve: Reserve | None
    reserve_until: str
    states: Mapping[str, str]
    award: Mapping[str, FieldView]
    award_open: bool
    departure: Mapping[str, FieldView]
    departure_open: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What the error summary needs of a form."""

    summary: Sequence[Mistake] = ()


@dataclass(frozen=True, kw_only=True)
class AwardList(Page):
    """Each pot with its line; below, single awards and reasons. `stands` are the words for how firm a place
    is, `lots` what was drawn at the line and what it costs.

    Nobody else could confirm a departure where the coordinator is `alone`, nor one of the `unseconded`: the
    others have ties to these. `cases` of the panel are counted before the decision is frozen.
    """

    template = "awards/list.html"
    call: str
    call_title: str
    pots: list[PotView]
    unpitched: bool
    withdrawn: list[tuple[str, int]]
    standing: Standing
    lots: Sequence[str]
    stands: Mapping[str, str]
    can_reopen: bool
    alone: bool
    unseconded: Sequence[str]
    cases: Undecided | None
    cautions: Sequence[tuple[str, str]]
    form: Summary
    nothing_given: str
    not_frozen: str
    stale: bool
    more: bool


@dataclass(frozen=True, kw_only=True)
class AwardPublish(Page):
    """What publishing will do, to be read before it is pressed."""

    template = "awards/publish.html"
    call: str
    call_title: str
    publishing: Publishing
    asked: str
    classes: TableView
    letters: Sequence[LetterView]
    hold: int
    form: Form[PublishInput]
    refused: str
    stale: bool
    to_call: int


@dataclass(frozen=True, kw_only=True)
class AwardReopen(Page):
    """Asks why the decision is opened again."""

    template = "awards/reopen.html"
    call: str
    call_title: str
    form: Form[ReasonInput]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """What was typed and refused, and in which round; `nothing_given` says why nothing was awarded.

    `not_frozen` says why the decision was not frozen, `unexplained` that it was for want of written reasons.
    """

    pot: str = ""
    nothing_given: str = ""
    not_frozen: str = ""
    unexplained: bool = False
    award: Form[AwardInput] | None = None
    departure: Form[DepartureInput] | None = None
    stale: bool = False


NOTHING_REFUSED = Refused()


def _page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    refused: Refused = NOTHING_REFUSED,
) -> AwardList:
    language = language_of(request)
    more = request.query_params.get("rows") == "all"
    pots = rounds(session, coordinator, below=ALL_BELOW if more or refused.pot else BELOW)
    offered = _applications(pots)
    titles = criterion_titles(session, coordinator, language)
    shown = standing(session, coordinator, now)
    departing = seconding.departures(session, coordinator)
    codes = {row.code for pot in pots for row in pot.rows}
    alone, unseconded = is_alone(session, coordinator), set[str]()
    if shown.can_award and not alone:
        seconded = others_can_second(session, coordinator)
        unseconded = {code for code in codes if not seconded(code)}
    frozen = shown.can_announce or shown.published
    lists = {
        pot.code: reserve_of(session, coordinator, pot.code, now)
        for pot in pots
        if frozen and pot.reserve_places
    }
    waits = [each for each in departing if each.waits]
    waiting = {
        pot.code: frozenset(each.application for each in waits if each.round == pot.code) for pot in pots
    }
    views = [
        _pot_view(pot, refused, offered, titles, language, lists.get(pot.code), waiting[pot.code])
        for pot in pots
    ]
    return AwardList(
        call=call,
        call_title=call_title(session, coordinator, language),
        pots=views,
        unpitched=any(pot.unpitched for pot in pots),
        withdrawn=withdrawn_winners(session, coordinator),
        standing=shown,
        lots=lots_in_words(language, shown.lottery),
        stands=choices(language, "stand"),
        alone=alone,
        unseconded=sorted(unseconded),
        cases=undecided(session, coordinator, [each.application for each in departing])
        if shown.can_award
        else None,
        cautions=[(each.value, choices(language, "caution")[each]) for each in shown.cautions],
        can_reopen=shown.can_announce and not any(pot.revealed for pot in pots),
        form=_summary(refused, views),
        nothing_given=refused.nothing_given,
        not_frozen=refused.not_frozen,
        stale=refused.stale,
        more=more,
    )


def _pot_view(
    pot: Round,
    refused: Refused,
    offered: Sequence[Option],
    titles: Mapping[str, str],
    language: str,
    reserve: Reserve | None,
    waiting: frozenset[str],
) -> PotView:
    here = refused if refused.pot == pot.code else NOTHING_REFUSED
    award = here.award or Form(AwardInput, "award", language)
    asked = _asked_to_explain(pot, language) if refused.unexplained and pot.unexplained else None
    departure = here.departure or asked or Form(DepartureInput, "departure", language)
    return PotView(
        round=pot,
        last_above=_last_above(pot),
        firm=any(row.firm for row in pot.rows),
        waiting=waiting,
        ties={row.code: tie_words(language, row, titles) for row in pot.rows},
        rule=rule_in_words(language, pot, pot.reserved_for, ALMATY),
        shared=pot.split is not Split.FIXED,
        full_left=_full_left(pot),
        reserve=reserve,
        reserve_until=formats.moment(language, pot.reserve_until) if pot.reserve_until else "",
        states={
            each.application: choices(language, "standby")[each.state]
            for each in (reserve.entries if reserve else [])
        },
        award=_fields(award.offering(application=offered), f"award-{pot.code}"),
        award_open=here.award is not None,
        departure=_fields(departure.offering(application=offered), f"departure-{pot.code}"),
        departure_open=(here.departure or asked) is not None,
    )


def _full_left(pot: Round) -> int | None:
    """Where all share one pot and more fit than at the whole sum each: how many more that is."""
    if pot.split not in POOLED or not pot.amount_minor or pot.envelope_minor is None:
        return None
    full = max(0, pot.envelope_minor // pot.amount_minor - pot.taken)
    return full if full < pot.free else None


def _last_above(pot: Round) -> str:
    """Under whom the line is drawn: who sits in a kept seat far below does not move it."""
    above = [row for row in pot.rows if row.above_line]
    return next((row.code for row in reversed(above) if not row.seated), above[-1].code if above else "")


def _asked_to_explain(pot: Round, language: str) -> Form[DepartureInput]:
    """The form for a reason, at the first application of the round that departs without one."""
    form = Form(DepartureInput, "departure", language, {"application": pot.unexplained[0]})
    params: dict[str, object] = {"codes": ", ".join(pot.unexplained)}
    return form.refused(Invalid({"reason": ("decision.unexplained_departures", params)}))


def _fields(form: Form[Any], suffix: str) -> Mapping[str, FieldView]:
    return {name: replace(view, id=f"{view.id}-{suffix}") for name, view in form.fields.items()}


def _summary(refused: Refused, views: Sequence[PotView]) -> Summary:
    if refused.unexplained:
        reasons = [view.departure["reason"] for view in views]
        return Summary([Mistake(f"#{each.id}", each.error) for each in reasons if each.error])
    form: Form[Any] | None = refused.award or refused.departure
    if form is None:
        return Summary()
    suffix = f"{'award' if refused.award else 'departure'}-{refused.pot}"
    return Summary([Mistake(f"{each.href}-{suffix}", each.text) for each in form.summary])


def _applications(pots: Sequence[Round]) -> list[Option]:
    seen = {
        row.code: Option(row.code, f"{row.place} · {row.code} · {row.title}")
        for pot in pots
        for row in pot.rows
    }
    return list(seen.values())


@router.get("", name="awards.list")
def list_awards(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return _page(request, session, coordinator, now, call).response(request)


@router.get("/table.csv", name="awards.export")
def export_awards(session: Db, coordinator: AsCoordinator, call: str) -> Response:
    return Response(
        awards_csv(session, coordinator),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="awards-{call}.csv"'},
    )


@router.post("/{pot}/line", name="awards.draw_line")
def draw_line(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    form: DrawnForm,
    typed: Typed,
) -> Response:
    """With a number it comes from the desk of the round, and so does what is wrong with it."""
    try:
        line = form.value()
        given = awards.draw_line(session, coordinator, pot, now, line.count, number(typed, "version") or None)
    except Invalid as error:
        awarding(session, coordinator, now)
        page = line_page(request, session, coordinator, now, call, pot, count=None, form=form.refused(error))
        return page.response(request, 422)
    except Stale:
        count = form.value().count
        page = line_page(request, session, coordinator, now, call, pot, count=count, stale=True)
        return page.response(request, 409)
    except NOTHING_GIVEN as error:
        refused = Refused(nothing_given=_why(request, error))
        return _page(request, session, coordinator, now, call, refused).response(request, 409)
    return see_other(request, "awards.list", call=call, done="line_drawn", count=given)


def _why(request: Request, error: Conflict) -> str:
    return sentence(language_of(request), error.code, error.params)


@router.post("/{pot}/award", name="awards.give")
def give_award(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: AwardForm
) -> Response:
    try:
        awards.award_application(session, coordinator, pot, form.value(), now)
    except Invalid as error:
        awarding(session, coordinator, now)
        refused = Refused(pot=pot, award=form.refused(error))
        return _page(request, session, coordinator, now, call, refused).response(request, 422)
    except NOTHING_GIVEN as error:
        refused = Refused(pot=pot, award=form, nothing_given=_why(request, error))
        return _page(request, session, coordinator, now, call, refused).response(request, 409)
    return see_other(request, "awards.list", call=call, done="awarded")


@router.post("/{pot}/departure", name="awards.explain")
def explain_departure(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    form: DepartureForm,
) -> Response:
    try:
        departures.explain_departure(session, coordinator, pot, form.value(), now)
    except Invalid as error:
        awarding(session, coordinator, now)
        refused = Refused(pot=pot, departure=form.refused(error))
        return _page(request, session, coordinator, now, call, refused).response(request, 422)
    return see_other(request, "awards.list", call=call, done="departure_explained")


@router.post("/{pot}/departure/{code}/withdraw", name="awards.take_back_departure")
def take_back_departure(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, code: str
) -> Response:
    departures.take_back_departure(session, coordinator, pot, code, now)
    return see_other(request, "awards.list", call=call, done="departure_withdrawn")


@router.post("/withdraw/{code}", name="awards.withdraw")
def withdraw_award(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    code: str,
    form: VersionForm,
) -> Response:
    try:
        awards.withdraw_award(session, coordinator, code, form.value().version, now)
    except Stale:
        return _stale(request, session, coordinator, now, call)
    return see_other(request, "awards.list", call=call, done="award_withdrawn")


@router.post("/decide", name="awards.decide")
def decide_now(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    form: VersionForm,
    typed: Typed,
) -> Response:
    known = typed.get("known", [])
    try:
        decide.decide(
            session, coordinator, form.value().version, now, [known] if isinstance(known, str) else known
        )
    except Stale:
        return _stale(request, session, coordinator, now, call)
    except UnexplainedDepartures:
        return _page(request, session, coordinator, now, call, Refused(unexplained=True)).response(
            request, 422
        )
    except NOT_FROZEN as error:
        refused = Refused(not_frozen=_why(request, error))
        return _page(request, session, coordinator, now, call, refused).response(request, 409)
    return see_other(request, "awards.list", call=call, done="decided")


def _stale(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    """Nothing happened: the page as it stands now, and the words that say so."""
    return _page(request, session, coordinator, now, call, Refused(stale=True)).response(request, 409)


@router.get("/reopen", name="awards.reopen")
def reopen(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    decide.reopening_decision(session, coordinator, now)
    language = language_of(request)
    title = call_title(session, coordinator, language)
    return AwardReopen(call=call, call_title=title, form=Form(ReasonInput, "reason", language)).response(
        request
    )


@router.post("/reopen", name="awards.reopen_now")
def reopen_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: ReasonForm
) -> Response:
    try:
        decide.reopen_decision(session, coordinator, form.value().reason, now)
    except Invalid as error:
        decide.reopening_decision(session, coordinator, now)
        title = call_title(session, coordinator, language_of(request))
        return AwardReopen(call=call, call_title=title, form=form.refused(error)).response(request, 422)
    return see_other(request, "awards.list", call=call, done="decision_reopened")


@router.get("/publish", name="awards.publish")
def publish(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return _publish_page(request, session, coordinator, now, call).response(request)


@router.post("/publish", name="awards.publish_now")
def publish_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: PublishForm
) -> Response:
    """The first person's press, or the only one's."""
    given = form.value()
    try:
        public = publication.ask_publication(
            session, coordinator, given.version, given.reason, now, letters_hold(request)
        )
    except Invalid as error:
        return _publish_page(request, session, coordinator, now, call, form.refused(error)).response(
            request, 422
        )
    except Stale:
        return _publish_page(request, session, coordinator, now, call, stale=True).response(request, 409)
    except (PublicationAsked, NotSealed) as error:
        page = _publish_page(request, session, coordinator, now, call, refused=_why(request, error))
        return page.response(request, 409)
    if public:
        return see_other(request, "letters.list", call=call, done="published")
    return see_other(request, "awards.publish", call=call, done="publication_asked")


@router.post("/publish/confirm", name="awards.publish_confirm")
def publish_confirm(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: PublishForm
) -> Response:
    """The second person's press: all of it becomes public."""
    try:
        publication.confirm_publication(
            session, coordinator, form.value().version, now, letters_hold(request)
        )
    except Stale:
        return _publish_page(request, session, coordinator, now, call, stale=True).response(request, 409)
    except (PublicationNotAsked, PublicationSecondPerson, NotSealed) as error:
        page = _publish_page(request, session, coordinator, now, call, refused=_why(request, error))
        return page.response(request, 409)
    return see_other(request, "letters.list", call=call, done="published")


@router.post("/publish/drop", name="awards.publish_drop")
def publish_drop(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    publication.drop_publication(session, coordinator, now)
    return see_other(request, "awards.publish", call=call, done="publication_dropped")


def letters_hold(request: Request) -> timedelta:
    """How long letters wait, by the settings."""
    return timedelta(minutes=request.state.settings.letters_hold_minutes)


def _publish_page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    form: Form[PublishInput] | None = None,
    refused: str = "",
    *,
    stale: bool = False,
) -> AwardPublish:
    language = language_of(request)
    found = publication.publishing(session, coordinator, now)
    names = {code: each.shown for code, each in panel_names(session, coordinator).items()}
    return AwardPublish(
        call=call,
        call_title=call_title(session, coordinator, language),
        publishing=found,
        asked=f"{names.get(found.asked.by, found.asked.by)} · {formats.moment(language, found.asked.at)}"
        if found.asked
        else "",
        classes=_classes(language, found.announcement),
        letters=letter_views(request, session, coordinator, now, call, language),
        hold=request.state.settings.letters_hold_minutes,
        form=form or Form(PublishInput, "publish", language),
        refused=refused,
        stale=stale,
        to_call=count_without_email(session, coordinator),
    )


def _classes(language: str, counted: Announcement) -> TableView:
    gettext = translations(language).ugettext
    words = [
        gettext("Language"),
        gettext("Winners"),
        gettext("On the reserve list"),
        gettext("Others, not selected"),
        gettext("Letters"),
    ]
    names = choices(language, "languages")
    return TableView(
        "classes",
        gettext("Who gets which letter"),
        [ColumnView(words[0]), *(ColumnView(each, number=True) for each in words[1:])],
        [
            RowView(
                [
                    TextCell(names.get(each.language, each.language)),
                    *(
                        TextCell(formats.number(language, count))
                        for count in (each.winners, each.reserve, each.others, each.letters)
                    ),
                ]
            )
            for each in counted.by_language
        ],
    )
