"""The protocol of a decision as a file: what is in it, by codes, and how it is written. Pure.

Times are ISO 8601 in UTC, amounts whole euro cents, exact numbers fractions ("265/3"). No person is named:
reviewers and coordinators stand there by the code of their membership, applications by the spoken code.
"""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from app.decisions.addendum_file import AddendumPart
from app.scoring.methods import Method
from app.scoring.shares import Split

FORMAT = "baige/protocol/1"

Texts = dict[str, str]
"""A text by language: kk, ru, en."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CallPart(_Part):
    """The call. `form_sha256` is of all questions and criteria as they were frozen when it opened."""

    slug: str
    title: Texts
    programme: Texts
    funder: Texts | None
    kind: str
    form_sha256: str | None
    opened_at: str | None
    closes_at: str | None
    reviewing_opened_at: str | None
    reviewing_closed_at: str | None
    decided_at: str | None


class CriterionPart(_Part):
    """A criterion as published; `weight` in percent."""

    code: str
    title: Texts
    weight: int
    minimum: int
    maximum: int


class RulesPart(_Part):
    """What the call published of how reviews become an order.

    `reviews_per_application` is NULL where every organisation scores each application. `tie_order` are
    criteria, the first decides first; then the draw by `seed`. From a difference of `divergence_points` (of
    100) or `divergence_steps` (on one criterion) a third review is asked for. `strata` are the groups that
    calibration knows, and `groups` what those of a theme are called, by code. `impute`: what a review lacks
    is estimated for calibration, and such a review weighs less. `lottery`: who cannot be told from the line
    draws for its places.
    """

    method: str
    criteria: list[CriterionPart]
    tie_order: list[str]
    seed: str
    reviews_per_application: int | None
    divergence_points: int | None
    divergence_steps: int | None
    strata: str | None = None
    groups: dict[str, Texts] = {}
    impute: bool = False
    lottery: bool = False


class OrganisationPart(_Part):
    """A partner organisation: `applications` of the `ranked` ones were scored by it, in `reviews` by
    `reviewers` people; `missing` were not, `excused` of them in writing."""

    code: str
    name: Texts
    reviewers: int
    reviews: int
    applications: int
    ranked: int
    missing: int
    excused: int


class TiePart(_Part):
    """Somebody on the panel with a tie to an application, who neither scored nor decided it."""

    application: str
    member: str
    ground: str
    at: str | None


class AbstentionPart(_Part):
    """A reviewer who could not judge an application on a criterion, and said so."""

    application: str
    reviewer: str
    criterion: str


class MissingPart(_Part):
    """A review that was to be written and was not; `reason` is why that is excused."""

    application: str
    organisation: str
    reason: str


class StrataPart(_Part):
    """By what the applications are sorted into groups, and the group of each; "" is one of its own."""

    by: Literal["theme", "language"]
    of: dict[str, str]


class InputPart(_Part):
    """All that the order follows from. A criterion is (code, weight, lowest, highest); a review is
    (application, reviewer, organisation, scores by criterion)."""

    call: str
    seed: str
    method: Method
    criteria: list[tuple[str, int, int, int]]
    tie_order: list[str]
    lines: list[int]
    applications: list[str]
    reviews: list[tuple[str, str, str, dict[str, int]]]
    strata: StrataPart | None = None
    impute: bool = False
    lottery: bool = False


class PlacePart(_Part):
    """Where an application stands by one method. `merit` orders, higher first; `total` is of 100."""

    application: str
    place: int
    label: str
    decided_by: str
    merit: str | None
    total: str | None
    means: dict[str, str]


class FirmPart(_Part):
    """What the model says of one application: `inner` and `outer` are the first and last place of the 50 and
    of the 90 % interval, `chances` those to be among the first places, by their number."""

    application: str
    score: float
    deviation: float
    expected_rank: float
    inner: list[int]
    outer: list[int]
    chances: dict[str, float]


class CalibrationPart(_Part):
    """The model: spreads in points, reliability from 0 to 1. `unranked` says why there is none."""

    unranked: str
    model: dict[str, float]
    applications: list[FirmPart]


class LotteryPart(_Part):
    """The draw that was held at the line, below the place `line` of the calibrated order.

    Who has the whole 50 % interval of places above the expected rank of the application that stands there is
    `accepted`, who has it below `rejected`; the others are `drawing`, in the order of their tickets, the
    first `left` of them for the places that are left. A ticket is HMAC-SHA256(lottery seed, call + newline +
    code) in hex, the lowest first; the lottery seed HMAC-SHA256(seed, "lottery") in hex. All three in their
    order make the order that the rounds go by. Nobody is `drawing` where the places are enough for all.
    """

    line: int
    accepted: list[str]
    drawing: list[str]
    rejected: list[str]
    left: int

    @property
    def order(self) -> list[str]:
        """Everybody, the first place first."""
        return [*self.accepted, *self.drawing, *self.rejected]


class ComputedPart(_Part):
    """What came out of the input, by every method; `number` counts the computings of this call.

    `incomplete` are (application, reviewer) that calibration leaves out, `imputed` those it estimates for.
    `lottery` is there where a draw was held: it stands over the order of the published method.
    """

    number: int
    at: str
    versions: dict[str, str]
    orders: dict[str, list[PlacePart]]
    calibration: CalibrationPart
    incomplete: list[tuple[str, str]]
    imputed: list[tuple[str, str]] = []
    lottery: LotteryPart | None = None


class DeparturePart(_Part):
    """Why an application was raised above the line or passed over; by whom, and which second person agreed.

    `alone`: there was nobody who could have.
    """

    application: str
    kind: Literal["raised", "passed_over"]
    reason: str
    decided_by: str
    decided_at: str
    confirmed_by: str
    confirmed_at: str | None
    alone: bool


class AwardPart(_Part):
    """A place, and for a grant its amount in euro cents; `reserved`: it holds a seat kept for the group."""

    application: str
    place: int
    amount_minor: int | None
    reserved: bool


class SeatPart(_Part):
    """A coordinator's mark: an application belongs to the group for which seats are kept, or does not."""

    application: str
    belongs: bool
    reason: str


class RulePart(_Part):
    """The published rule of a round.

    At most `places` are given, at least `least`; `split` says how the money is divided, `amount_minor` is the
    most for one award, and `full` of the first get it whole where the rest share. `reserved` seats are kept
    for `reserved_for`; nobody wins below `threshold`; `reserve` stand by until `reserve_until`.
    The first `finalists` pitch, and that makes `pitch_weight` percent of their total; None where nobody
    pitches. The jury scores `pitch_criteria`, all of the call's where the list is empty.
    """

    places: int
    least: int | None
    split: Split
    amount_minor: PositiveInt | None
    envelope_minor: int | None
    full: int
    reserved: int
    reserved_for: Texts | None
    threshold: int | None
    reserve: int
    reserve_until: str | None
    pitch_weight: int | None = None
    finalists: int | None = None
    pitch_criteria: list[str] | None = None


class PitchInputPart(_Part):
    """All that the order of a round with pitches follows from, beside the reviews, whose input has the digest
    `written_sha256`. `weight` of the pitch in percent; a ballot is (application, juror, organisation, scores
    by criterion); `ties` are (application, juror): who did not score it for that reason."""

    call: str
    round: str
    seed: str
    method: str
    weight: int
    criteria: list[tuple[str, int, int, int]]
    tie_order: list[str]
    lines: list[int]
    finalists: list[str]
    ballots: list[tuple[str, str, str, dict[str, int]]]
    ties: list[tuple[str, str]]
    written_sha256: str


class PitchPlacePart(PlacePart):
    """A finalist's place; `total` is made of `written` and `pitch`, each of 100; `means` are the pitch's."""

    written: str | None
    pitch: str | None


class PitchComputedPart(_Part):
    """What came of it: the order, and how firm its places are among those who have both scores."""

    versions: dict[str, str]
    order: list[PitchPlacePart]
    firm: list[FirmPart]


class JurorPart(_Part):
    """Somebody of the jury, by label, and how their scoring ended: "finished" by themselves, or "closed" by a
    coordinator for a `reason`."""

    juror: str
    organisation: str
    ended: str
    reason: str
    at: str


class PitchPart(_Part):
    """The jury's scores and the order that the round goes by. `paper` and `missed` are (application, juror):
    ballots that were keyed in from paper, and pitches that a juror did not see. `run` is that of the written
    order."""

    input: PitchInputPart
    input_sha256: str
    computed: PitchComputedPart
    jurors: list[JurorPart]
    paper: list[tuple[str, str]]
    missed: list[tuple[str, str]]
    run: int


class RoundPart(_Part):
    """A pot with its rule and what was given out of it.

    `members` belong to the group for which seats are kept, `asked` is what applications asked for in euro
    cents, each empty where the rule needs neither; `standing_by` is the reserve list from its first on.
    `pitch` is there where pitches count: then the round goes by its order.
    """

    code: str
    name: Texts
    rule: RulePart
    committed_minor: int
    members: list[str]
    marks: list[SeatPart]
    asked: dict[str, int]
    awards: list[AwardPart]
    standing_by: list[str]
    departures: list[DeparturePart]
    pitch: PitchPart | None = None


class PresentPart(_Part):
    """Somebody who was at the meeting: role, and for a reviewer the organisation."""

    member: str
    role: str
    organisation: str | None


class CasePart(_Part):
    """A case of the meeting: why it was on the agenda, who was out of the room, and what came of it."""

    application: str
    grounds: list[str]
    away: list[str]
    minutes: str
    outcome: str | None
    reason: str


class PanelPart(_Part):
    """The meeting of the panel."""

    held_on: str | None
    present: list[PresentPart]
    notes: str
    cases: list[CasePart]


class BlindPart(_Part):
    """That names were looked at together before the decision: who asked, who agreed, and why."""

    asked_by: str
    confirmed_by: str
    reason: str
    at: str


class DecisionPart(_Part):
    """What was decided, as it is hashed: rows of codes, exact merits and euro cents, each list sorted.

    `order` is (place, application, merit), `awards` (round, application, amount), `departures` (round,
    application, reason), `excused` (application, organisation, reason). What follows is there only where a
    round's rule has it: `pitched` (round, application, place, total, exact total, weight), `marked_seats`
    (round, application, whether it belongs, reason), `reserved` (round, application), and `reserve` (round,
    position, application, until when).
    """

    call: str
    method: str
    form: str | None
    seed: str | None
    order: list[tuple[int, str, str | None]]
    awards: list[tuple[str, str, int | None]]
    departures: list[tuple[str, str, str]]
    excused: list[tuple[str, str, str]]
    pitched: list[tuple[str, str, int, str | None, str | None, int | None]] = []
    marked_seats: list[tuple[str, str, bool, str]] = []
    reserved: list[tuple[str, str]] = []
    reserve: list[tuple[str, int, str, str]] = []


class ReplacedPart(_Part):
    """A protocol that was frozen before the decision was opened again, and why it was."""

    number: int
    digest: str
    made_at: str
    reason: str


class Protocol(_Part):
    """The protocol of a decision, frozen or as a draft.

    `digest` is the SHA-256 of the rest: JSON with sorted names, without spaces, in UTF-8. `input_sha256` is
    that of `input` alone; `decision_sha256` that of `decision`, which was shown when the decision was frozen
    and stands with the published results. `decision` is missing in a draft, and in files of before it was
    kept. `addendum` is what came after the results were public; it is no part of what `digest` is of.
    """

    format: str = FORMAT
    draft: bool
    number: int
    made_at: str | None
    call: CallPart
    decision_sha256: str | None
    decision: DecisionPart | None = None
    rules: RulesPart
    organisations: list[OrganisationPart]
    ties: list[TiePart]
    abstentions: list[AbstentionPart]
    missing: list[MissingPart]
    input: InputPart
    input_sha256: str
    computed: ComputedPart
    withdrawn: list[str]
    rounds: list[RoundPart]
    panel: PanelPart | None
    blind: BlindPart | None
    replaced: list[ReplacedPart]
    digest: str = Field(min_length=64, max_length=64)
    addendum: AddendumPart | None = None


class Malformed(ValueError):
    """The file is not a protocol."""


def parsed(text: str) -> tuple[Protocol, dict[str, Any]]:
    """The protocol, and the JSON it is made of; Malformed where it is none."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"this is not JSON: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Malformed(f"this is not a protocol of the format {FORMAT}")
    try:
        return Protocol.model_validate_json(text), document
    except ValueError as error:
        first = str(error).splitlines()
        raise Malformed("; ".join(each.strip() for each in first[1:3])) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")
