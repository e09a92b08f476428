"""How to be refused by each form: where it is, what to type, and which button to press."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.calls.readiness import Part
from app.models.calls import Phase
from tests.journeys.every_phase import RANKED, Calls
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
    opened, ready, ranked, reviewed, decided, reviewing = (
        {"call": calls.of(name).call.slug}
        for name in (Phase.OPEN, Phase.PREPARING, RANKED, Phase.REVIEWED, Phase.DECIDED, Phase.REVIEWING)
    )
    yield Refusal(Stop("sign_in.edit"), "#send-code")
    yield Refusal(Stop("sign_in.code"), "#enter-code", {"main [name=code]": "12"})
    yield Refusal(Stop("account.edit", "ada"), "#make-token")
    yield Refusal(Stop("applications.consent", "max", opened))
    yield Refusal(Stop("check.question", "", {**opened, "step": "1"}))
    scheduled = {"call": calls.of(Phase.SCHEDULED).call.slug}
    yield Refusal(Stop("calls.show", "", scheduled), "#remind button", {"#remind [name=email]": "nobody"})
    begun = {"ref": calls.refs["begun"]}
    contact = Stop("applications.write_page", "zoe", {**begun, "section": "team", "page": "contact"})
    yield Refusal(contact, "[data-primary]", {"main [name=phone]": "12", "main [name=email]": "nobody"})
    lines = Stop("applications.write_page", "zoe", {**begun, "section": "budget", "page": "lines"})
    yield Refusal(lines, "[data-primary]", {"main [name$=price]": "much"}, before="#f-lines-add")
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
    asked = {**reviewing, "code": calls.codes["asked"]}
    yield Refusal(Stop("reviews.edit", "rita", asked))
    begun_review = {**reviewing, "code": calls.codes["begun"]}
    yield Refusal(Stop("reviews.edit", "rita", begun_review), "main [value=send]", {"main textarea": ""})
    yield Refusal(Stop("ranking.reopen", "cora", ranked), "#reopen")
    yield Refusal(Stop("ranking.holes", "cora", reviewed), "#excuse", {"main textarea": "?"})
    award = "#award-" + calls.of(Phase.REVIEWED).round.code
    for button, form in ((award, "/award"), (award.replace("award-", "explain-"), "/departure")):
        before = f"main details:has(form[action$='{form}']) > summary"
        yield Refusal(Stop("awards.list", "cora", reviewed), button, before=before)
    yield Refusal(Stop("awards.reopen", "cora", decided))
