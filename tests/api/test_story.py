"""A call from its making to its winners, over the API alone. Only the tokens come from a page."""

from datetime import timedelta
from typing import Any

from tests.api.program import Program, program_of
from tests.applications.typed import CANDIDATE, GRANT, MOTIVATION
from tests.calls.ready import DATES, MONEY, SHORT, TEXTS
from tests.conftest import Client, Clock
from tests.world import CLOSES, NOW

OPENS = NOW + timedelta(days=1)
CALL = "/calls/2027"
CONSENT = {"language": "en", "processing": True, "publication": True}
DECLARATION = {
    "number": 1,
    "truth": True,
    "no_conflict": True,
    "no_double_funding": True,
    "controls": True,
    "name": "Ada",
}
PANEL = {"rita": "BC", "rolf": "AKIM", "anna": "ADC", "karl": "KBTU"}
REASON = "KBTU has one reviewer, and he knows this team."
APPLICANT = ("applicant:read", "applicant:write")
REVIEWER = ("reviewer:read", "reviewer:write")
COORDINATOR = ("coordinator:read", "coordinator:write")


def dumped(model: Any) -> Any:
    return model.model_dump(mode="json")


def criterion(position: int, code: str) -> dict[str, Any]:
    text = dumped(SHORT)
    return {
        "code": code,
        "title": text,
        "asks": text,
        "weight": 50,
        "tie_position": position,
        "anchors": {str(score): text for score in range(1, 6)},
        "sections": ["motivation"],
    }


def set_up(
    max_: Program,
    kind: str,
    *,
    round_: dict[str, Any],
    criteria: list[dict[str, Any]] | None = None,
    **parts: Any,
) -> None:
    """Make the call, give it everything it lacks, and open it for tomorrow."""
    title = dumped(SHORT)
    made = max_.send(
        "POST", "/calls", {"slug": "2027", "ref_prefix": "WA27", "kind": kind, "title": title}, 201
    )
    assert made["kind"] == kind
    dates = dumped(DATES) | {"opens_at": OPENS.isoformat()}
    max_.change("PATCH", CALL, {"texts": dumped(TEXTS), "dates": dates, **parts})
    if criteria is not None:
        max_.change("PUT", f"{CALL}/setup/criteria", {"criteria": criteria})
    pot = {"name": title, "event": title, "held_at": (CLOSES + timedelta(days=45)).isoformat(), **round_}
    max_.change("PUT", f"{CALL}/setup/rounds", {"rounds": [pot]})
    max_.change("PUT", f"{CALL}/setup/organisations", {"organisations": list(PANEL.values())})
    for name, organisation in PANEL.items():
        person = {"email": f"{name}.canary@example.org", "organisation": organisation}
        max_.send("POST", f"{CALL}/reviewers", person, 201)
    assert max_.get(f"{CALL}/setup/missing")["items"] == []
    max_.get(f"{CALL}/setup")
    max_.change("POST", f"{CALL}/open")


def apply(applicant: Program, sections: dict[str, dict[str, Any]]) -> str:
    """Begin, write each section by its entity tag, send; the reference."""
    started = applicant.send("POST", f"{CALL}/applications", CONSENT, 201)
    address = f"/applications/{started['ref']}"
    for code, answers in sections.items():
        applicant.get(f"{address}/sections/{code}")
        written = applicant.change("PUT", f"{address}/sections/{code}", {"answers": answers})
        assert (written["status"], written["problems"]) == ("completed", [])
    sent = applicant.send("POST", f"{address}/send", DECLARATION)
    assert sent == applicant.get(f"{address}/receipt")
    return str(started["ref"])


def review(reviewer: Program, score_of: dict[str, int], tied: str = "") -> dict[str, str]:
    """Answer the question about ties, score by title, send; code by title."""
    codes = {}
    for line in reviewer.get(f"{CALL}/reviews")["items"]:
        address = f"{CALL}/reviews/{line['code']}"
        card = reviewer.get(address)
        assert card["application"] is None
        title = card["card"]["title"]
        codes[title] = line["code"]
        if title == tied:
            reviewer.send("PUT", f"{address}/tie", {"tie": "tie", "note": "My brother's team."}, 204)
            reviewer.get(f"{address}/scores")
            reviewer.change("PUT", f"{address}/scores", {"scores": {}}, 409)
            continue
        reviewer.send("PUT", f"{address}/tie", {"tie": "none"}, 204)
        assert reviewer.get(address)["application"]["title"] == title
        own = reviewer.get(f"{address}/scores")
        scores = {
            code: {"score": score_of[title], "reason": "A reason that is long enough to be sent."}
            for code in own["scores"] or criteria_of(reviewer)
        }
        reviewer.change("PUT", f"{address}/scores", {"scores": scores, "convinced": "The neighbours."})
        assert reviewer.change("POST", f"{address}/send")["sent_at"]
    return codes


def criteria_of(anybody: Program) -> list[str]:
    return [each["code"] for each in anybody.get(f"{CALL}/criteria")["criteria"]]


def test_a_call_from_its_making_to_its_winners(client: Client, clock: Clock) -> None:
    max_ = program_of(client, "max", *COORDINATOR)
    ada, ben = (program_of(client, name, *APPLICANT) for name in ("ada", "ben"))
    anybody = Program(client())
    set_up(
        max_,
        "grant",
        money=dumped(MONEY),
        choices={"themes": [{"code": "ecology", "name": dumped(SHORT)}], "priorities": []},
        round_={"places": 1, "amount_minor": 500_000, "envelope_minor": 500_000},
    )

    ada.send("POST", f"{CALL}/applications", CONSENT, 409)
    assert anybody.get(CALL)["phase"] == "scheduled"
    clock.now = OPENS
    assert anybody.get(CALL)["phase"] == "open"
    refs = {
        "Garden": apply(ada, GRANT | {"brief": GRANT["brief"] | {"title": "Garden"}}),
        "Pond": apply(ben, GRANT | {"brief": GRANT["brief"] | {"title": "Pond"}}),
    }
    ben.get(f"/applications/{refs['Garden']}", 404)
    max_.get(f"{CALL}/ranking", 409)

    max_.send("POST", f"{CALL}/reviewing", status=409)
    clock.now = CLOSES + timedelta(minutes=15)
    ada.send("POST", f"/applications/{refs['Garden']}/take-back", status=409)
    assert max_.send("POST", f"{CALL}/assignments/distribute") == {"made": 6, "holes": 2}
    # Both teams named a link with one partner: nobody of it is given them before that is decided.
    suspected = [each["key"] for each in max_.get(f"{CALL}/ties")["suspected"]]
    met = {"finding": "no_tie", "reason": "Its reviewer has never met them."}
    max_.send("POST", f"{CALL}/ties/decide", {"suspected": suspected, **met}, 204)
    assert max_.send("POST", f"{CALL}/assignments/distribute") == {"made": 2, "holes": 0}
    max_.send("POST", f"{CALL}/reviewing", status=409)
    clear_all(max_)
    assert max_.send("POST", f"{CALL}/reviewing", status=201) == {"applications": 2}
    reviewers = {name: program_of(client, name, *REVIEWER) for name in PANEL}
    for name in ("rita", "rolf", "anna"):
        review(reviewers[name], {"Garden": 4, "Pond": 3})
    codes = review(reviewers["karl"], {"Pond": 3}, tied="Garden")
    max_.get(f"{CALL}/ranking", 409)

    max_.send("POST", f"{CALL}/ranking/close", status=204)
    order = max_.get(f"{CALL}/ranking")
    assert [(row["code"], row["total"]) for row in order["items"]] == [
        (codes["Garden"], "75.0"),
        (codes["Pond"], "50.0"),
    ]
    hole = {"application": codes["Garden"], "organisation": "KBTU"}
    (missing,) = max_.get(f"{CALL}/ranking/holes")["items"]
    assert hole.items() <= missing.items()

    (pot,) = max_.get(f"{CALL}/rounds")["items"]
    round_ = pot["code"]
    assert max_.send("POST", f"{CALL}/rounds/{round_}/line") == {"given": 1}
    pond = {"application": codes["Pond"], "round": round_, "reason": REASON}
    max_.send("POST", f"{CALL}/awards", pond, 409)
    (award,) = max_.get(f"{CALL}/awards")["items"]
    assert (award["application"], award["amount_minor"]) == (codes["Garden"], 500_000)

    max_.get(f"{CALL}/decision")
    max_.change("POST", f"{CALL}/decision?known=wide", status=409)
    max_.send("PUT", f"{CALL}/ranking/holes", {"excuses": [hole | {"reason": REASON}]}, 204)
    max_.get(f"{CALL}/decision")
    assert len(max_.change("POST", f"{CALL}/decision?known=wide", status=201)["sha256"]) == 64

    announced(max_, anybody, round_, "Garden", 500_000)
    assert ada.get(f"/applications/{refs['Garden']}")["status"] == "awarded"
    assert ben.get(f"/applications/{refs['Pond']}")["status"] == "not_selected"


def clear_all(max_: Program) -> None:
    """Nothing in these texts gives anybody away, and there are no files: one press clears them all."""
    counts = max_.get(f"{CALL}/redaction")["counts"]
    assert (counts["found"], counts["cleared"]) == (0, 0)
    max_.send("POST", f"{CALL}/redaction", {"count": counts["plain"]})


def announced(max_: Program, anybody: Program, round_: str, winner: str, amount: int | None) -> None:
    """Reveal one winner on stage, publish the rest; nobody is known before they are announced."""
    assert anybody.get(f"{CALL}/results")["winners"] == []
    assert anybody.get(f"/stage/{round_}")["winner"] is None
    control = max_.get(f"{CALL}/stage/{round_}")
    assert control["next_title"] == winner
    tag = max_.tag
    shown = max_.send("POST", f"{CALL}/stage/{round_}/reveal", tag=tag)
    assert (shown["winner"]["title"], shown["winner"]["amount_minor"]) == (winner, amount)
    max_.send("POST", f"{CALL}/stage/{round_}/reveal", status=412, tag=tag)
    assert [each["title"] for each in anybody.get(f"{CALL}/results")["winners"]] == [winner]
    plan = max_.get(f"{CALL}/announcement")
    why = {"reason": "There is nobody else in this small town."}
    max_.send("POST", f"{CALL}/results", why, tag=f'"{plan["version"]}"')
    max_.send("POST", f"{CALL}/results", why, status=409, tag=f'"{plan["version"]}"')
    (own,) = [each for each in anybody.get(f"{CALL}/results")["winners"] if each["title"] == winner]
    assert own["amount_minor"] == amount
    assert anybody.get(f"/results/{own['slug']}")["title"] == winner


def test_a_selection_without_money(client: Client, clock: Clock) -> None:
    max_ = program_of(client, "max", *COORDINATOR)
    names = ("ada", "ben", "zoe")
    candidates = {name: program_of(client, name, *APPLICANT) for name in names}
    anybody = Program(client())
    set_up(
        max_,
        "selection",
        sections={"sections": ["candidate", "motivation"]},
        criteria=[criterion(1, "motivation"), criterion(2, "experience")],
        round_={"places": 6},
    )
    clock.now = OPENS
    refs = {
        name: apply(who, {"candidate": CANDIDATE, "motivation": MOTIVATION | {"title": f"I am {name}"}})
        for name, who in candidates.items()
    }
    clock.now = CLOSES + timedelta(minutes=15)
    assert max_.send("POST", f"{CALL}/assignments/distribute") == {"made": 12, "holes": 0}
    clear_all(max_)
    max_.send("POST", f"{CALL}/reviewing", status=201)
    for name in PANEL:
        review(program_of(client, name, *REVIEWER), {"I am ada": 5, "I am ben": 4, "I am zoe": 2})
    max_.send("POST", f"{CALL}/ranking/close", status=204)
    assert [row["title"] for row in max_.get(f"{CALL}/ranking")["items"]] == [
        "I am ada", "I am ben", "I am zoe",
    ]  # fmt: skip
    (pot,) = max_.get(f"{CALL}/rounds")["items"]
    assert (pot["amount_minor"], pot["envelope_minor"], pot["left_minor"]) == (None, None, None)
    assert max_.send("POST", f"{CALL}/rounds/{pot['code']}/line") == {"given": 3}
    assert {each["amount_minor"] for each in max_.get(f"{CALL}/awards")["items"]} == {None}
    max_.get(f"{CALL}/decision")
    max_.change("POST", f"{CALL}/decision?known=wide", status=201)
    announced(max_, anybody, pot["code"], max_.get(f"{CALL}/stage/{pot['code']}")["next_title"], None)
    winners = anybody.get(f"{CALL}/results")["winners"]
    assert {each["amount_minor"] for each in winners} == {None}
    assert len(winners) == 3
    assert {who.get(f"/applications/{refs[name]}")["status"] for name, who in candidates.items()} == {
        "awarded"
    }
