"""What a coordinator gives when setting up a call. Every part can be saved incomplete.

Instants are aware; money is in minor units: `*_minor` in euro cents, `rate_minor` in tiyn for one euro.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.accounts.actions import Email
from app.asking import Ask
from app.calls.texts import LINE_CAP, PROSE_CAP, LongTexts, ShortTexts
from app.models.calls import CallKind
from app.models.panel import PanelRole
from app.scoring.methods import Method, Strata
from app.scoring.shares import Split
from app.sections.team import ApplicantKind
from app.sections.text import LINE, PROSE

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
RESERVED_SLUGS = frozenset({"new", "start"})
"""What stands where a call's address does: `/desk/new`, `/review/start`."""
MOST_CRITERIA = 12
MOST_ROUNDS = 20
MOST_FAQ = 30


def _in_our_time(value: datetime) -> datetime:
    if not EARLIEST <= value <= LATEST:
        raise PydanticCustomError("date.out_of_range", "not in our time")
    return value.astimezone(UTC)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(value: str) -> str:
    if value not in _zones():
        raise PydanticCustomError("date.unknown_zone", "not a time zone")
    return value


def _free_slug(value: str) -> str:
    if value in RESERVED_SLUGS:
        raise PydanticCustomError("call.slug_taken", "reserved")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Zone = Annotated[str, Field(max_length=60), AfterValidator(_known_zone)]
Slug = Annotated[
    str,
    Field(min_length=2, max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
    AfterValidator(_free_slug),
]
Prefix = Annotated[str, Field(min_length=2, max_length=8, pattern=r"^[A-Z][A-Z0-9]+$")]
Word = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Cents = Annotated[int, Field(ge=1, le=10**12)]


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewCallInput(_Input):
    """A call begins with an address, a prefix for references, a kind and a title in any language."""

    slug: Annotated[Slug, Ask(width="short", spellcheck=False)]
    ref_prefix: Annotated[Prefix, Ask(width="short", spellcheck=False)]
    kind: Annotated[CallKind, Ask("radios", choices="call_kind")] = CallKind.GRANT
    title: Annotated[ShortTexts, Ask(optional=True, cap=LINE_CAP)] = ShortTexts()


class CloneInput(_Input):
    """What a copy of a call must have of its own."""

    slug: Annotated[Slug, Ask(width="short", spellcheck=False)]
    ref_prefix: Annotated[Prefix, Ask(width="short", spellcheck=False)]


class TextsInput(_Input):
    """What the public reads about the call."""

    title: Annotated[ShortTexts, Ask(cap=LINE_CAP)] = ShortTexts()
    purpose: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()
    who_can_apply: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()
    who_cannot: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()
    need_at_hand: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()
    other_ways: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()
    help_hours: Annotated[ShortTexts, Ask(optional=True, cap=LINE_CAP)] = ShortTexts()


class DatesInput(_Input):
    """The instants of the call and the zone in which people read them."""

    timezone: Zone = "Asia/Almaty"
    opens_at: Instant | None = None
    closes_at: Instant | None = None
    grace_minutes: Annotated[int, Field(ge=0, le=120)] = 15
    reviews_due_at: Instant | None = None
    results_expected_at: Instant | None = None


class MoneyInput(_Input):
    """The most that one application may ask for, and the rate that fixes it in tenge."""

    ceiling_minor: Cents | None = None
    rate_minor: Annotated[int, Field(ge=1, le=10**9)] | None = None
    max_months: Annotated[int, Field(ge=1, le=60)] = 8
    administration_percent: Annotated[int, Field(ge=0, le=100)] = 10


class SectionsInput(_Input):
    """The sections an application has, by their codes in the catalogue, in the catalogue's order."""

    sections: Annotated[list[Word], Field(max_length=20), Ask("checkboxes")] = []


class ChoiceInput(_Input):
    """One answer that applicants may choose; its code is made from its English name if none is given."""

    code: Annotated[str, Field(max_length=40, pattern=r"^([a-z][a-z0-9_]*)?$"), Ask("hidden")] = ""
    name: Annotated[ShortTexts, Ask(cap=LINE_CAP)] = ShortTexts()


class ChoicesInput(_Input):
    """The themes of projects, the priorities of the city they may serve, and a question of the call's own.

    The latter is asked in the section "own"; without `own_answers` it is answered by "yes" or "no".
    """

    themes: Annotated[list[ChoiceInput], Field(max_length=20), Ask("rows", rows=(0, 20))] = []
    priorities: Annotated[list[ChoiceInput], Field(max_length=20), Ask("rows", rows=(0, 20))] = []
    own_question: Annotated[ShortTexts, Ask(optional=True, cap=LINE_CAP)] = ShortTexts()
    own_answers: Annotated[list[ChoiceInput], Field(max_length=10), Ask("rows", rows=(0, 10))] = []


class FaqEntryInput(_Input):
    """One question that people ask about the call, and its answer."""

    question: Annotated[ShortTexts, Ask(cap=LINE_CAP)] = ShortTexts()
    answer: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()


class FaqInput(_Input):
    """The questions and answers of a call, in the order in which they are read."""

    entries: Annotated[
        list[FaqEntryInput], Field(max_length=MOST_FAQ), Ask("rows", optional=True, rows=(0, MOST_FAQ))
    ] = []


CheckQuestion = Literal["age", "place", "kind", "amount", "started", "dates"]


class EligibilityInput(_Input):
    """What the eligibility check asks, and where else to go for whom the call is not.

    `place` is where projects happen (or people take part): without it nothing is asked about it.
    """

    questions: Annotated[
        list[CheckQuestion], Field(max_length=6), Ask("checkboxes", optional=True, choices="check_questions")
    ] = ["age", "place", "kind", "amount", "started", "dates"]
    least_age: Annotated[int, Field(ge=1, le=99), Ask("number", inputmode="numeric", width="short")] = 18
    place: Annotated[ShortTexts, Ask(optional=True, cap=LINE_CAP)] = ShortTexts()
    kinds: Annotated[
        list[ApplicantKind],
        Field(max_length=5),
        Ask("checkboxes", optional=True, choices="applicant_kind"),
    ] = ["person", "group", "ngo", "company", "public_body"]
    elsewhere_age: Annotated[LongTexts, Ask("textarea", optional=True, cap=PROSE_CAP)] = LongTexts()
    elsewhere_place: Annotated[LongTexts, Ask("textarea", optional=True, cap=PROSE_CAP)] = LongTexts()
    elsewhere_kind: Annotated[LongTexts, Ask("textarea", optional=True, cap=PROSE_CAP)] = LongTexts()
    elsewhere_amount: Annotated[LongTexts, Ask("textarea", optional=True, cap=PROSE_CAP)] = LongTexts()
    elsewhere_started: Annotated[LongTexts, Ask("textarea", optional=True, cap=PROSE_CAP)] = LongTexts()
    elsewhere_dates: Annotated[LongTexts, Ask("textarea", optional=True, cap=PROSE_CAP)] = LongTexts()

    def elsewhere(self, question: str) -> dict[str, str]:
        """Where else to go if the answer to this question stands in the way."""
        texts: LongTexts = getattr(self, f"elsewhere_{question}")
        return texts.stored


class CriterionInput(_Input):
    """One criterion. `weight` in percent; `tie_position` 1 breaks ties first; `anchors` by score."""

    code: Word
    title: ShortTexts = ShortTexts()
    asks: LongTexts = LongTexts()
    weight: Annotated[int, Field(ge=0, le=100)] = 0
    tie_position: Annotated[int, Field(ge=1, le=MOST_CRITERIA)] = 1
    scale_min: Annotated[int, Field(ge=0, le=9)] = 1
    scale_max: Annotated[int, Field(ge=1, le=10)] = 5
    anchors: dict[str, LongTexts] = {}
    sections: Annotated[list[Word], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _scale_is_in_order(self) -> Self:
        if self.scale_min >= self.scale_max:
            raise PydanticCustomError("criterion.scale", "the scale has no steps")
        if set(self.anchors) - {str(score) for score in self.scores}:
            raise PydanticCustomError("criterion.anchor_off_scale", "an anchor off the scale")
        return self

    @property
    def scores(self) -> range:
        """Every score of the scale."""
        return range(self.scale_min, self.scale_max + 1)


class CriteriaInput(_Input):
    """All criteria in the order in which they are shown."""

    criteria: Annotated[list[CriterionInput], Field(max_length=MOST_CRITERIA)] = []


class ScoringInput(_Input):
    """The method that orders, how many reviews each application gets (None: one of every organisation), and
    what is published.

    `strata`: by what applications are sorted into groups that calibration knows, so that a difference between
    groups is not taken for strictness (None: by nothing). `impute`: calibration estimates the criteria that a
    review could not judge, and lets it weigh less; else it leaves such a review out. `lottery`: applications
    that calibration cannot tell from the line draw for its places.
    `divergence_points` and `divergence_steps`: from which difference of two reviews on a third is asked for
    (None: never). `discussion`: whether reviewers may read each other's reasons at last.
    """

    method: Method = Method.MEAN_OF_MEANS
    strata: Strata | None = None
    impute: bool = False
    lottery: bool = False
    reviews_per_application: Annotated[int, Field(ge=1, le=20)] | None = None
    divergence_points: Annotated[int, Field(ge=1, le=100)] | None = 30
    divergence_steps: Annotated[int, Field(ge=1, le=10)] | None = 2
    discussion: bool = False
    scores_published: bool = True


class RoundInput(_Input):
    """A pot. Without `code` it is a new one. In a selection it has places and no money.

    At most `places` awards, at least `least_places` (None: none is promised). `split` divides the money:
    `amount_minor` is the most for one, which the first `full_places` get whole where the rest share.
    `reserved_places` are kept for `reserved_for`; who belongs follows from `reserved_answer` ("theme=CODE",
    "kind=KIND", or "won=CALL" for whoever won in another call) or from a coordinator's mark. An answer to
    another question of the form ("need.permit=yes") is only said: a coordinator confirms it for each
    application. Nobody wins with a total below `threshold`. The next `reserve_places` stand by until
    `reserve_until`. With an event the first `finalists` pitch, and that counts `pitch_weight` percent; the
    jury scores the criteria of `pitch_criteria` (none: all of the call's).
    """

    code: Annotated[str, Field(max_length=16, pattern=r"^[A-Z2-9]*$")] = ""
    name: ShortTexts = ShortTexts()
    event: ShortTexts = ShortTexts()
    held_at: Instant | None = None
    places: Annotated[int, Field(ge=1, le=1000)] = 1
    least_places: Annotated[int, Field(ge=1, le=1000)] | None = None
    amount_minor: Cents | None = None
    envelope_minor: Cents | None = None
    split: Split = Split.FIXED
    full_places: Annotated[int, Field(ge=1, le=1000)] | None = None
    reserved_places: Annotated[int, Field(ge=0, le=1000)] = 0
    reserved_for: ShortTexts = ShortTexts()
    reserved_answer: (
        Annotated[
            str,
            Field(
                max_length=80,
                pattern=r"^((theme|kind|won)=[a-z0-9_-]{1,60}|[a-z_]{1,20}\.[a-z_]{1,20}=[a-z0-9_]{1,36})$",
            ),
        ]
        | None
    ) = None
    threshold: Annotated[int, Field(ge=1, le=100)] | None = None
    reserve_places: Annotated[int, Field(ge=0, le=1000)] = 0
    reserve_until: Instant | None = None
    finalists: Annotated[int, Field(ge=1, le=1000)] | None = None
    pitch_weight: Annotated[int, Field(ge=1, le=100)] | None = None
    pitch_criteria: Annotated[list[Word], Field(max_length=MOST_CRITERIA)] = []


class RoundsInput(_Input):
    """All award rounds in the order in which they are held."""

    rounds: Annotated[list[RoundInput], Field(max_length=MOST_ROUNDS)] = []


class OrganisationInput(_Input):
    """A partner organisation that is not known here yet."""

    code: Annotated[
        str,
        Field(min_length=2, max_length=20, pattern=r"^[A-Z][A-Z0-9]*$"),
        Ask(width="short", spellcheck=False),
    ]
    name: Annotated[ShortTexts, Ask(cap=LINE_CAP)] = ShortTexts()


class OrganisationsInput(_Input):
    """The partner organisations of the call, by code."""

    organisations: Annotated[list[str], Field(max_length=30), Ask("checkboxes")] = []


class MemberInput(_Input):
    """Somebody who joins the panel. A reviewer speaks for one of the call's organisations."""

    email: Annotated[Email, Ask("email", spellcheck=False)]
    name: Annotated[str, Field(max_length=200), LINE, Ask(optional=True, spellcheck=False)] = ""
    role: Annotated[PanelRole, Ask("radios", choices="panel_role")] = PanelRole.REVIEWER
    organisation: Annotated[str, Field(max_length=20), Ask("select", optional=True)] = ""


def _blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _there(value: object) -> object:
    """Nothing typed where a number is needed is a missing answer, not a wrong one."""
    if _blank(value) is None:
        raise PydanticCustomError("missing", "nothing was typed")
    return value


BLANK = BeforeValidator(_blank)
THERE = BeforeValidator(_there)
Language = Literal["kk", "ru", "en"]
NOTE_CAP = 1000
OwnWords = Annotated[str, Field(min_length=1, max_length=NOTE_CAP), PROSE, Ask("textarea", cap=NOTE_CAP)]
Name = Annotated[str, Field(max_length=200), LINE, Ask(optional=True, spellcheck=False)]


class ReadingInput(_Input):
    """What a reviewer reads, and the most applications they take. Nothing said of one: no limit there."""

    languages: Annotated[
        list[Language], Field(max_length=3), Ask("checkboxes", optional=True, choices="languages")
    ] = []
    topics: Annotated[list[Word], Field(max_length=40), Ask("checkboxes", optional=True)] = []
    capacity: Annotated[
        Annotated[int, Field(ge=1, le=1000)] | None,
        BLANK,
        Ask("number", optional=True, inputmode="numeric", width="short"),
    ] = None


class SeatWords(_Input):
    """Whom to invite as a reviewer, for which organisation, for how many applications and hours."""

    email: Annotated[Email, Ask("email", autocomplete="off", spellcheck=False)]
    name: Name = ""
    organisation: Annotated[str, Field(min_length=1, max_length=20), Ask("select")]
    language: Annotated[Language, Ask("radios", choices="languages")] = "kk"
    proposals: Annotated[int, Field(ge=1, le=1000), THERE, Ask("number", inputmode="numeric", width="short")]
    hours: Annotated[int, Field(ge=1, le=500), THERE, Ask("number", inputmode="numeric", width="short")]
    note: Annotated[str, Field(max_length=NOTE_CAP), PROSE, Ask("textarea", optional=True, cap=NOTE_CAP)] = ""


class SeatInput(SeatWords):
    """The same, and by when."""

    due_at: Instant


class AcceptInput(ReadingInput):
    """What whoever accepts says of themselves; their name where the account has none yet."""

    own_name: Annotated[str, Field(max_length=200), LINE, Ask(autocomplete="name", spellcheck=False)] = ""


class DeclineInput(_Input):
    """Why somebody does not review, and a colleague who might."""

    reason: OwnWords
    colleague_email: Annotated[
        Email | None, BLANK, Ask("email", optional=True, autocomplete="off", spellcheck=False)
    ] = None
    colleague_name: Name = ""


class ProposalInput(_Input):
    """A person whom an organisation's contact proposes as its reviewer."""

    email: Annotated[Email, Ask("email", autocomplete="off", spellcheck=False)]
    name: Name = ""


class ExtensionInput(_Input):
    """A later closing, and why, for everybody to read."""

    closes_at: Instant
    reason: LongTexts = LongTexts()


class CancellationInput(_Input):
    """Why the call is cancelled, for everybody to read."""

    reason: LongTexts = LongTexts()
