"""The eligibility check: which questions a call asks, and what the answers say. Pure; nothing is stored.

Whoever does not fit is told why and where else to go. That is a verdict, never an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.calls.inputs import EligibilityInput
from app.models.calls import CallKind
from app.sections.team import ApplicantKind

Verdict = Literal["yes", "probably", "no"]
YES_NO = ("yes", "no")
PARTLY = ("yes", "partly", "no")
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "age": YES_NO,
    "place": PARTLY,
    "kind": ("person", "group", "ngo", "company", "public_body"),
    "amount": ("no", "yes", "unsure"),
    "started": ("no", "partly", "yes"),
    "dates": PARTLY,
}
"""Every question there is, in the order in which they are asked, with its answers."""
OF_KIND: Mapping[CallKind, frozenset[str]] = {
    CallKind.GRANT: frozenset({"age", "place", "kind", "amount", "started"}),
    CallKind.SELECTION: frozenset({"age", "place", "dates"}),
}
"""What can be asked: a selection of people gives no money and pays for no work."""
OBSTACLES: Mapping[tuple[str, str], Verdict] = {
    ("age", "no"): "no",
    ("place", "partly"): "probably",
    ("place", "no"): "no",
    ("amount", "yes"): "probably",
    ("started", "partly"): "probably",
    ("started", "yes"): "no",
    ("dates", "partly"): "probably",
    ("dates", "no"): "no",
}
"""The answers that stand in the way, and how much; which kinds of applicant do is for the call to say."""


class EligibilityAnswers(BaseModel):
    """What somebody answered; None where they have not, or were not asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    age: Literal["yes", "no"] | None = None
    place: Literal["yes", "partly", "no"] | None = None
    kind: ApplicantKind | None = None
    amount: Literal["no", "yes", "unsure"] | None = None
    started: Literal["no", "partly", "yes"] | None = None
    dates: Literal["yes", "partly", "no"] | None = None

    @property
    def given(self) -> dict[str, str]:
        """Question -> answer, of what was answered."""
        return {name: value for name, value in self if value is not None}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One answer that stands in the way."""

    question: str
    answer: str
    weight: Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the check says, and because of which answers."""

    verdict: Verdict
    obstacles: Sequence[Obstacle]


def questions_asked(settings: EligibilityInput, kind: CallKind, ceiling_minor: int | None) -> tuple[str, ...]:
    """The questions of a call: those it has switched on and that have something to ask about."""
    without = set()
    if not settings.place.stored:
        without.add("place")
    if ceiling_minor is None:
        without.add("amount")
    wanted = OF_KIND[kind] & set(settings.questions) - without
    return tuple(code for code in ANSWERS if code in wanted)


def outcome_of(settings: EligibilityInput, asked: Sequence[str], answers: EligibilityAnswers) -> Outcome:
    """The worst that any answer says decides; a question that was not answered stands in nobody's way."""
    found = [
        Obstacle(code, answer, weight)
        for code, answer in answers.given.items()
        if code in asked and (weight := _weight(settings, code, answer)) is not None
    ]
    verdict: Verdict = "yes"
    if found:
        verdict = "no" if any(each.weight == "no" for each in found) else "probably"
    return Outcome(verdict, found)


def _weight(settings: EligibilityInput, code: str, answer: str) -> Verdict | None:
    if code == "kind":
        return None if answer in settings.kinds else "no"
    return OBSTACLES.get((code, answer))


def stored_settings(stored: Mapping[str, object]) -> EligibilityInput:
    """A call's settings; one that never said anything has the usual ones."""
    return EligibilityInput.model_validate(stored)
