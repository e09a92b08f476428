"""What everybody may read of a call, signed in or not. A call in preparation does not exist here."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func
from sqlalchemy import select as sql_select
from sqlmodel import Session, SQLModel, col, select

from app.calls.eligibility import questions_asked, stored_settings
from app.calls.evenings import evenings_of
from app.calls.form import CallForm, form_of
from app.calls.inputs import EligibilityInput
from app.calls.numbers import LastNumbers, last_numbers
from app.calls.organisations import OwnOrganisation, organisations_of
from app.calls.phase import Moment, Phase, grace_ends_at, moment, phase
from app.calls.setup_view import PHASE, columns_of, read_setup, rounds_of
from app.errors import NotFound
from app.models.calls import Call, CallKind
from app.models.columns import Texts
from app.scoring.methods import Method, Strata
from app.scoring.shares import Split
from app.sections.limits import ceiling_in_tiyn

_FACTS = (
    "slug",
    "kind",
    "version",
    "timezone",
    "reviews_due_at",
    "results_expected_at",
    "ceiling_minor",
    "rate_minor",
    "max_months",
    "administration_percent",
    "method",
    "strata",
    "impute",
    "lottery",
    "reviews_per_application",
    "scores_published",
    "divergence_points",
    "divergence_steps",
    "discussion",
    "notices",
    "frozen_hash",
)
_TEXTS = ("title", "purpose", "who_can_apply", "who_cannot", "need_at_hand", "other_ways", "help_hours")


# Asked for at every request of a public page: built once, and read without the mapper.
_CALL = SQLModel.metadata.tables["call"]
_ANY = _CALL.alias()
_EVENT, _ROUND, _LOGO = (SQLModel.metadata.tables[name] for name in ("event", "award_round", "partner_logo"))
_MOMENT = sql_select(
    *(_CALL.c[name] for name in ("version", "timezone", *PHASE)),
    sql_select(func.max(_ANY.c.published_at)).scalar_subquery().label("last_published_at"),
    sql_select(func.sum(_EVENT.c.version))
    .join_from(_EVENT, _ROUND, _ROUND.c.id == _EVENT.c.round_id)
    .where(_ROUND.c.call_id == _CALL.c.id)
    .scalar_subquery()
    .label("evenings"),
    sql_select(func.sum(_LOGO.c.version))
    .where(_LOGO.c.call_id == _CALL.c.id)
    .scalar_subquery()
    .label("logos"),
).where(_CALL.c.slug == bindparam("slug"))


class _Public(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallMoment(_Public):
    """All that the public pages of a call depend on besides what is frozen: a key to keep them by.

    They tell of the round that was published last, so its instant belongs to it, of the call's evenings, and
    of its partners' logos.
    """

    version: int
    moment: Moment
    last_published_at: datetime | None
    evenings: int
    logos: int

    @property
    def phase(self) -> Phase:
        """Where the call stands."""
        return self.moment.phase


class Notice(_Public):
    """Something that happened after opening, with its reason: `kind` is extended or cancelled."""

    kind: str
    at: datetime
    from_: datetime | None = None
    to: datetime | None = None
    reason: Texts


class PublicRound(_Public):
    """What a round gives, and by which rule. Money in euro cents; None in a selection.

    At least `least_places` (None: none is promised) and at most `places`; `split` divides the money, of which
    the first `full_places` get the amount whole. `reserved_places` are kept for `reserved_for`; nobody wins
    below `threshold`; the next `reserve_places` stand by until `reserve_until`. The first `finalists`
    pitch, and that counts `pitch_weight` percent. `held_at` is when its evening is set up, and before that
    when the call promised it; `evening` is the code under which everybody finds it, once it is set up.
    """

    name: Texts
    event: Texts | None
    held_at: datetime | None
    evening: str | None
    places: int
    amount_minor: int | None
    envelope_minor: int | None
    least_places: int | None
    split: Split
    full_places: int | None
    reserved_places: int
    reserved_for: Texts | None
    threshold: int | None
    reserve_places: int
    reserve_until: datetime | None
    finalists: int | None
    pitch_weight: int | None
    pitch_criteria: list[str]


class PublicCall(_Public):
    """A call as its page shows it. Euro in cents, tenge in tiyn; instants are aware.

    `check` are the questions of its eligibility check, `faq` is how many questions are answered, and
    `last_numbers` what people can expect, by the round that was published last before.
    """

    slug: str
    kind: CallKind
    version: int
    phase: Phase
    days_left: int | None
    hours_left: int | None
    closing_soon: bool
    title: Texts
    purpose: Texts
    who_can_apply: Texts
    who_cannot: Texts
    need_at_hand: Texts
    other_ways: Texts
    help_hours: Texts
    timezone: str
    opens_at: datetime | None
    closes_at: datetime | None
    grace_minutes: int
    grace_ends_at: datetime | None
    reviews_due_at: datetime | None
    results_expected_at: datetime | None
    ceiling_minor: int | None
    rate_minor: int | None
    ceiling_tiyn: int | None
    max_months: int
    administration_percent: int
    method: Method
    strata: Strata | None
    impute: bool
    lottery: bool
    reviews_per_application: int | None
    scores_published: bool
    divergence_points: int | None
    divergence_steps: int | None
    discussion: bool
    rounds: list[PublicRound]
    organisations: list[OwnOrganisation]
    notices: list[Notice]
    check: list[str]
    faq: int
    last_numbers: LastNumbers | None
    frozen_hash: str | None


class PublicCallLine(_Public):
    """A call in the list of calls."""

    slug: str
    kind: CallKind
    phase: Phase
    title: Texts
    purpose: Texts
    timezone: str
    opens_at: datetime | None
    closes_at: datetime | None
    days_left: int | None
    hours_left: int | None
    ceiling_minor: int | None


def storable(slug: str) -> str:
    """The slug, unless no database could hold it: PostgreSQL has no text with a NUL."""
    if "\x00" in slug:
        raise NotFound
    return slug


def call_moment(session: Session, slug: str, now: datetime) -> CallMoment:
    """Where a public call stands; NotFound for one in preparation and for one that never was."""
    row = session.connection().execute(_MOMENT, {"slug": storable(slug)}).one_or_none()
    if row is None or row.opened_at is None:
        raise NotFound
    return CallMoment(
        version=row.version,
        moment=moment(row, row.timezone, now),
        last_published_at=row.last_published_at,
        evenings=row.evenings or 0,
        logos=row.logos or 0,
    )


WHERE_ONE_JUDGES = frozenset({Phase.SCHEDULED, Phase.OPEN, Phase.GRACE})
"""The phases in which somebody decides whether to apply, and wants to know their chance."""


def public_call(session: Session, slug: str, now: datetime) -> PublicCall:
    """A call that has opened or will open; NotFound for any other."""
    statement = columns_of(Call, ("id", "faq", "eligibility", *PHASE, *_FACTS, *_TEXTS))
    row = session.execute(statement.where(col(Call.slug) == storable(slug))).one_or_none()
    if row is None or row.opened_at is None:
        raise NotFound
    stands = moment(row, row.timezone, now)
    # A call of the past that was entered afterwards never had a rate of its own here.
    archived = row.published_at is not None and row.reviewing_closed_at is None
    evenings = evenings_of(session, row.id)
    rate = None if archived else row.rate_minor
    return PublicCall(
        **{name: getattr(row, name) for name in (*_FACTS, *_TEXTS) if name not in {"notices", "rate_minor"}},
        rate_minor=rate,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        grace_minutes=row.grace_minutes,
        grace_ends_at=grace_ends_at(row),
        phase=stands.phase,
        days_left=stands.days_left,
        hours_left=stands.hours_left,
        closing_soon=stands.closing_soon,
        check=list(questions_asked(stored_settings(row.eligibility), row.kind, row.ceiling_minor)),
        faq=len(row.faq),
        last_numbers=last_numbers(session) if stands.phase in WHERE_ONE_JUDGES else None,
        ceiling_tiyn=None
        if row.ceiling_minor is None or rate is None
        else ceiling_in_tiyn(row.ceiling_minor, rate),
        rounds=[
            PublicRound(
                **each.model_dump(
                    exclude={"code", "name", "event", "held_at", "reserved_for", "reserved_answer"}
                ),
                held_at=evenings.get(each.code, each.held_at),
                evening=each.code if each.code in evenings else None,
                name=each.name.stored,
                event=each.event.stored or None,
                reserved_for=each.reserved_for.stored or None,
            )
            for each in rounds_of(session, row.id).rounds
        ],
        organisations=organisations_of(session, row.id),
        notices=[
            Notice(**{"from_" if name == "from" else name: value for name, value in each.items()})
            for each in row.notices
        ],
    )


def public_form(session: Session, slug: str, now: datetime) -> CallForm:
    """The questions and the rubric of a public call as they were frozen when it opened."""
    found = session.exec(
        select(col(Call.id), col(Call.opened_at), col(Call.frozen_form)).where(
            col(Call.slug) == storable(slug)
        )
    ).one_or_none()
    call_id, opened_at, stored = found or (None, None, None)
    if call_id is None or opened_at is None:
        raise NotFound
    # A call brought in from an archive was never opened here, so nothing was frozen.
    return CallForm.model_validate(stored) if stored else form_of(read_setup(session, call_id))


class PublicFaqEntry(_Public):
    """A question that people ask about the call, and its answer."""

    question: Texts
    answer: Texts


class PublicFaq(_Public):
    """The questions and answers of a call."""

    slug: str
    title: Texts
    entries: list[PublicFaqEntry]


def public_faq(session: Session, slug: str) -> PublicFaq:
    """What was asked about a public call, in the order of its coordinators."""
    row = session.execute(
        columns_of(Call, ("title", "opened_at", "faq")).where(col(Call.slug) == storable(slug))
    ).one_or_none()
    if row is None or row.opened_at is None:
        raise NotFound
    return PublicFaq(slug=slug, title=row.title, entries=[PublicFaqEntry(**each) for each in row.faq])


class PublicCheck(_Public):
    """The eligibility check of a call: `questions` are asked in this order. Euro in cents, tenge in tiyn."""

    slug: str
    title: Texts
    kind: CallKind
    phase: Phase
    questions: list[str]
    settings: EligibilityInput
    ceiling_minor: int | None
    ceiling_tiyn: int | None


def public_check(session: Session, slug: str, now: datetime) -> PublicCheck:
    """What a public call asks of whoever wonders whether it is for them."""
    names = ("title", "kind", "eligibility", "ceiling_minor", "rate_minor", *PHASE)
    row = session.execute(columns_of(Call, names).where(col(Call.slug) == storable(slug))).one_or_none()
    if row is None or row.opened_at is None:
        raise NotFound
    settings = stored_settings(row.eligibility)
    money = row.ceiling_minor is not None and row.rate_minor is not None
    return PublicCheck(
        slug=slug,
        title=row.title,
        kind=row.kind,
        phase=phase(row, now),
        questions=list(questions_asked(settings, row.kind, row.ceiling_minor)),
        settings=settings,
        ceiling_minor=row.ceiling_minor,
        ceiling_tiyn=ceiling_in_tiyn(row.ceiling_minor, row.rate_minor) if money else None,
    )


_ORDER = {each: position for position, each in enumerate((Phase.OPEN, Phase.GRACE, Phase.SCHEDULED))}


def public_calls(session: Session, now: datetime) -> list[PublicCallLine]:
    """Every public call: open ones by closing, then coming ones by opening, then past ones, newest first."""
    names = ("slug", "kind", "title", "purpose", "ceiling_minor", "version", "timezone", *PHASE)
    rows = session.execute(columns_of(Call, names).where(col(Call.opened_at).is_not(None))).all()
    lines = [
        PublicCallLine(
            phase=stands.phase,
            days_left=stands.days_left,
            hours_left=stands.hours_left,
            **{name: getattr(row, name) for name in PublicCallLine.model_fields if name not in _COMPUTED},
        )
        for row in rows
        for stands in (moment(row, row.timezone, now),)
    ]
    return sorted(lines, key=_place)


_COMPUTED = frozenset({"phase", "days_left", "hours_left"})


def _place(line: PublicCallLine) -> tuple[int, float, str]:
    """Running and coming calls: the next date first; past ones: the last closing first."""
    order = _ORDER.get(line.phase, len(_ORDER))
    when = line.opens_at if line.phase is Phase.SCHEDULED else line.closes_at
    seconds = when.timestamp() if when else 0.0
    return order, seconds if order < len(_ORDER) else -seconds, line.slug
