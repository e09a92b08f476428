"""How to be refused by each form: where it is, what to type, and which button to press."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.calls.readiness import Part
from app.models.calls import Phase
from app.sections import catalogue
from app.sections.catalogue import CATALOGUE
from app.sections.drafts import questions
from tests.journeys.every_phase import LONG, UNDECIDED, Calls
from tests.journeys.stops import Stop

FIRST_BUTTON = "main form button.btn:not(.vh)"


@dataclass(frozen=True)
class Refusal:
    """Selectors of what to press first (to open or to add something), what to type, and what to press."""

    stop: Stop
    button: str = FIRST_BUTTON
    typed: Mapping[str, str] = field(default_factory=dict)
    before: str = ""


def refusals(calls: Calls) -> Iterator[Refusal]:
    """Each form once, refused with 422."""
    opened, ready, undecided, reviewed, decided, reviewing = (
        {"call": calls.of(name).call.slug}
        for name in (Phase.OPEN, Phase.PREPARING, UNDECIDED, Phase.REVIEWED, Phase.DECIDED, Phase.REVIEWING)
    )
    yield Refusal(Stop("sign_in.edit"), "#send-code")
    yield Refusal(Stop("sign_in.code"), "#enter-code", {"main [name=code]": "12"})
    yield Refusal(Stop("account.edit", "ada"), "#make-token")
    yield Refusal(Stop("applications.consent", "max", opened))
    yield Refusal(Stop("check.question", "", {**opened, "step": "1"}))
    scheduled = {"call": calls.of(Phase.SCHEDULED).call.slug}
    yield Refusal(Stop("calls.show", "", scheduled), "#remind button", {"#remind [name=email]": "nobody"})
    yield from _sections(calls)
    yield Refusal(Stop("applications.declare", "ada", {"ref": calls.refs["written"]}))
    yield Refusal(Stop("setup.new", "max"), "#create")
    yield Refusal(Stop("setup.clone", "max", ready), "#clone")
    yield Refusal(Stop("setup.criterion", "cora", {**ready, "criterion": "new"}), "#save")
    yield Refusal(Stop("setup.round", "cora", {**ready, "pot": "new"}), "#save")
    yield Refusal(Stop("setup.criteria", "cora", ready), "#save", {"main input.num": "many"})
    yield Refusal(
        Stop("setup.choices", "cora", ready), "#save", {"main .rowcard input[type=text]:visible": "x" * 500}
    )
    yield Refusal(Stop("setup.organisations", "cora", ready), "#add")
    dates = Stop("setup.edit", "cora", {**ready, "part": Part.DATES})
    yield Refusal(dates, "#save", {"main input[type=date]": ""})
    yield Refusal(Stop("setup.extension", "cora", opened), "#save", {"main input[type=date]": "2026-03-01"})
    yield Refusal(Stop("setup.cancellation", "cora", opened), "#save")
    yield Refusal(Stop("extensions.list", "cora", opened), "#give")
    moved = Stop("extensions.edit", "cora", {**opened, "ref": calls.refs["begun"]})
    yield Refusal(moved, "#take-back")
    yield Refusal(Stop("panel.list", "cora", opened), "#add")
    yield Refusal(Stop("assignments.list", "cora", reviewing), "#assign")
    yield Refusal(Stop("assignments.list", "cora", reviewing), "#read-table")
    yield Refusal(Stop("assignments.proposal", "cora", reviewing), "#give")
    asked = {**reviewing, "code": calls.codes["asked"]}
    yield Refusal(Stop("reviews.edit", "rita", asked))
    begun_review = {**reviewing, "code": calls.codes["begun"]}
    yield Refusal(Stop("reviews.edit", "rita", begun_review), "main [value=send]", {"main textarea": ""})
    yield Refusal(Stop("ranking.reopen", "cora", undecided), "#reopen")
    yield Refusal(Stop("ranking.extra", "cora", undecided), "#ask")
    yield Refusal(Stop("ranking.holes", "cora", reviewed), "#excuse", {"main textarea": "?"})
    award = "#award-" + calls.of(Phase.REVIEWED).round.code
    for button, form in ((award, "/award"), (award.replace("award-", "explain-"), "/departure")):
        before = f"main details:has(form[action$='{form}']) > summary"
        yield Refusal(Stop("awards.list", "cora", reviewed), button, before=before)
    yield Refusal(Stop("awards.reopen", "cora", decided))


TYPED = {"text", "textarea", "number", "money", "email", "tel"}
TOO_LONG = f"{LONG} " * 59 + LONG
"""No number, no address, and longer than every text may be; in it, words that a phone must break."""


def _sections(calls: Calls) -> Iterator[Refusal]:
    """Every page of every section on which something can be typed wrongly, in a row where rows come first."""
    for code, section in CATALOGUE.items():
        if code == "own":
            continue  # no call of these asks a question of its own
        name = "candidate" if code in {"candidate", "motivation"} else "begun"
        who = "ada" if name == "candidate" else "zoe"
        for part in section.parts:
            found = next(_typed(section, part), None)
            if found:
                field, before = found
                params = {"ref": calls.refs[name], "section": code, "page": part.code}
                stop = Stop("applications.write_page", who, params)
                yield Refusal(stop, "[data-primary]", {f"main {field}": TOO_LONG}, before)


def _typed(section: catalogue.Section, part: catalogue.Part) -> Iterator[tuple[str, str]]:
    """Where something is typed on a page, and what adds the row that it is in."""
    for name, ask, row in questions(section.model):
        if name in part.names and row is None and ask.control in TYPED:
            yield f"[name={name}]", ""
        if name in part.names and row is not None:
            columns = ((each, column) for each, column, _ in questions(row) if each != "id")
            for each, column in columns:
                if column.control in TYPED:
                    yield f"[name^='{name}.'][name$='.{each}']", f"#f-{name}-add"
