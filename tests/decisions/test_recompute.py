"""`baige recompute`: elsewhere, from the file alone, to the last digit; and every change is found."""

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.decisions.awards import draw_line
from app.decisions.canonical import canonical, digest_of
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.departures import DepartureInput, explain_departure
from app.decisions.held import call_of, decision_version
from app.decisions.protocol import read_protocol
from app.decisions.protocol_file import parsed
from app.decisions.protocol_words import ProtocolWords
from app.decisions.recompute import recompute
from app.decisions.runs import standing_run
from app.decisions.seats import SeatInput, mark_seat
from app.documents.protocol import Facts
from app.models.applications import Packet
from app.models.reviews import Assignment, ReviewScore
from app.scoring.methods import Method, Strata
from app.scoring.shares import Split
from tests.decisions.scored import REASON, pot_now, ranked_call, scored_call, stored_order
from tests.factories import KNOWN, REVIEWING
from tests.world import World

LATER = REVIEWING + timedelta(days=1)
Document = dict[str, Any]
GOLDEN = Path(__file__).parent / "golden" / "protocol.json"


@pytest.fixture
def written(session: Session, world: World) -> str:
    """The protocol of a frozen decision in which the second place was passed over."""
    world.call.method = Method.CALIBRATED
    codes = ranked_call(session, world, 9)
    cora = world.coordinator()
    given = DepartureInput(application=codes[1], reason=REASON)
    explain_departure(session, cora, world.round.code, given, LATER)
    draw_line(session, cora, world.round.code, LATER)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), LATER, KNOWN)
    return read_protocol(session, cora)


def differences(document: Document) -> dict[str, list[str]]:
    protocol, read = parsed(json.dumps(document))
    return {each.title: each.differences for each in recompute(protocol, read) if each.differences}


def _review(document: Document, number: int) -> Document:
    """Scores of the last in the order: codes are random, and nobody above the line may leave by it."""
    last = document["computed"]["orders"]["calibrated"][-1]["application"]
    scores: list[Document] = [row[3] for row in document["input"]["reviews"] if row[0] == last]
    return scores[number]


def a_score(document: Document) -> None:
    _review(document, 0)["need"] = 1


def a_weight(document: Document) -> None:
    document["input"]["criteria"][0][1], document["input"]["criteria"][1][1] = 30, 20


def a_published_weight(document: Document) -> None:
    document["rules"]["criteria"][0]["weight"] += 5


def an_order(document: Document) -> None:
    places = document["computed"]["orders"]["calibrated"]
    places[0]["application"], places[1]["application"] = places[1]["application"], places[0]["application"]


def a_total(document: Document) -> None:
    document["computed"]["orders"]["mean_of_means"][2]["total"] = "1000/11"


def a_figure(document: Document) -> None:
    document["computed"]["calibration"]["applications"][0]["score"] += 1e-6


def a_seed(document: Document) -> None:
    document["input"]["seed"] = document["rules"]["seed"] = "loaded"


def an_amount(document: Document) -> None:
    document["rounds"][0]["awards"][0]["amount_minor"] += 1


def a_winner(document: Document) -> None:
    lowest = document["computed"]["orders"]["calibrated"][-1]
    document["rounds"][0]["awards"][0] |= {"application": lowest["application"], "place": lowest["place"]}


def a_reason(document: Document) -> None:
    document["rounds"][0]["departures"].clear()


def a_second_person(document: Document) -> None:
    document["rounds"][0]["departures"][0]["alone"] = False


def a_hole(document: Document) -> None:
    document["organisations"][0]["reviews"] -= 1


def an_abstention(document: Document) -> None:
    del _review(document, 1)["sustainability"]


STATED: dict[Callable[[Document], None], str] = {
    a_published_weight: "criteria, weights and scales: the file says [('need', 30",
    an_order: "place 1: the file has",
    a_total: "total: the file says 1000/11 (90.909091), recomputed is",
    a_figure: ", score: the file says",
    an_amount: "committed_minor, the sum of all awards: the file says 3000000, recomputed is 3000001",
    a_winner: "departs from the order, and no reason is given",
    a_second_person: "departs from the order, and no second person confirmed it",
    a_hole: "BC: reviewers, reviews, applications, of: the file says (1, 8, 9, 9), recomputed",
}
"""What is stated beside the scores, and how a change of it is said."""
GIVEN: dict[Callable[[Document], None], str] = {
    a_score: "input_sha256: the file says",
    a_weight: "criteria, weights and scales: the file says",
    a_seed: "input_sha256: the file says",
    an_abstention: "sustainability follows only from the scores",
    a_reason: "departs from the order, and no reason is given",
}
"""What the order follows from."""


def test_whoever_changes_anything_is_found_even_with_a_new_digest(written: str) -> None:
    document = json.loads(written)
    assert canonical(document) == written
    assert differences(document) == {}
    for change in (*STATED, *GIVEN):
        changed = deepcopy(document)
        change(changed)
        assert digest_of(changed) != document["digest"], change.__name__
    found: dict[str, list[str]] = {}
    for changes in (STATED, GIVEN):
        changed = deepcopy(document)
        for change in changes:
            change(changed)
        changed["digest"] = digest_of(changed)
        found = differences(changed)
        assert "Digest of the whole file" not in found
        said = "\n".join(each for own in found.values() for each in own)
        for change, words in changes.items():
            assert words in said, (change.__name__, said)
    orders = [title for title in found if title.startswith(("Order by", "Figures of the model"))]
    assert len(orders) == 4


def run(*words: str, at: Path) -> tuple[int, str, str]:
    """As on another machine: no settings, no database, an empty folder."""
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "recompute", *words],
        cwd=at, env={"PYTHONPATH": str(Path(__file__).parents[2])}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_the_command_says_what_it_found_and_fails_where_anything_differs(tmp_path: Path) -> None:
    """Of a protocol that was frozen long ago: what it says must be found again by every later version."""
    written = GOLDEN.read_text()
    file = tmp_path / "protocol.json"
    file.write_text(written)
    status, said, error = run("protocol.json", at=tmp_path)
    assert (status, error) == (0, "")
    lines = said.splitlines()
    assert lines[0].startswith("Protocol 1 of the call 2026 (frozen ")
    # It is of before what the third fingerprint is of was kept, and that is said.
    assert "         the file does not hold what it is of" in lines
    assert lines[-1] == f"All agree: {len(lines) - 3} checks. SHA-256 {json.loads(written)['digest']}"
    assert list(tmp_path.iterdir()) == [file]
    document = json.loads(written)
    an_amount(document)
    file.write_text(json.dumps(document))
    status, said, _ = run("protocol.json", at=tmp_path)
    assert status == 1
    assert "DIFFERS  Digest of the whole file" in said
    assert "committed_minor, the sum of all awards: the file says 3000000, recomputed is 3000001" in said
    assert said.splitlines()[-1].startswith("Differs: 3 of ")


def _golden(*path: str | int) -> str:
    """The frozen file with what stands at a path put in another's place: its last part."""
    document = json.loads(GOLDEN.read_text())
    *steps, name, value = path
    at: Any = document
    for step in steps:
        at = at[step]
    at[name] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "this is not JSON"),
        ("[]", "this is not a protocol of the format"),
        ('{"format": "baige/protocol/1", "format": "baige/protocol/1"}', "a name stands twice"),
        ('{"format": "baige/protocol/1"}', "Field required"),
        (_golden("input", "method", "median_of_means"), "input.method"),
        (_golden("rounds", 0, "rule", "split", "zzz"), "rounds.0.rule.split"),
        (_golden("rounds", 0, "rule", "amount_minor", 0), "rounds.0.rule.amount_minor"),
    ],
)
def test_what_is_no_protocol_is_said_in_a_sentence(text: str, words: str, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from app.cli import cli

    file = tmp_path / "x.json"
    file.write_text(text)
    answer = CliRunner().invoke(cli, ["recompute", str(file)])
    assert answer.exit_code == 2
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert CliRunner().invoke(cli, ["recompute", str(tmp_path / "nothing.json")]).exit_code == 2


def test_the_rule_of_2019_is_computed_again_with_its_seat_its_shares_and_who_stands_by(
    session: Session, world: World
) -> None:
    """At least six awards, more of less each, one seat kept, a threshold, and two who stand by."""
    pot = pot_now(session, world.round.code)
    pot.places, pot.least_places, pot.split, pot.full_places = 8, 6, Split.FIRST_FULL, 4
    pot.reserved_places, pot.reserved_for, pot.threshold = 1, {"en": "The workshop"}, 20
    pot.reserve_places, pot.reserve_until = 2, LATER + timedelta(days=60)
    session.add(pot)
    session.flush()
    codes = ranked_call(session, world, 12)
    cora = world.coordinator()
    given = SeatInput(belongs=True, reason="It was at the workshop of March.")
    mark_seat(session, cora, world.round.code, codes[10], given, LATER)
    draw_line(session, cora, world.round.code, LATER, count=7)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), LATER, KNOWN)
    document = json.loads(read_protocol(session, cora))
    assert differences(document) == {}
    (part,) = document["rounds"]
    assert [each["application"] for each in part["awards"]] == [*codes[:6], codes[10]]
    assert [each["reserved"] for each in part["awards"]] == [False] * 6 + [True]
    assert part["standing_by"] == codes[6:8]
    part["awards"][4]["amount_minor"] -= 1
    part["awards"][5]["amount_minor"] += 1
    part["standing_by"].reverse()
    part["rule"]["threshold"] = 100
    said = "\n".join(each for own in differences(document).values() for each in own)
    for words in ("its share: the file says", "those who stand by: the file says", "below the threshold"):
        assert words in said


def test_groups_that_calibration_knows_are_published_used_and_computed_with_again(
    session: Session, world: World
) -> None:
    world.call.method, world.call.strata, world.call.impute = Method.CALIBRATED, Strata.THEME, True
    codes = scored_call(session, world, 9)
    last = select(ReviewScore).join(Assignment, col(Assignment.id) == col(ReviewScore.assignment_id))
    unjudged = session.exec(last.order_by(col(Assignment.id).desc(), col(ReviewScore.criterion_id))).first()
    assert unjudged is not None
    unjudged.score = None
    session.add(unjudged)
    for number, packet in enumerate(session.exec(select(Packet).order_by(col(Packet.sending_id)))):
        packet.theme = ("ecology", "culture", "")[number % 3]
        session.add(packet)
    cora = world.coordinator()
    close_reviewing(session, cora, REVIEWING)
    draw_line(session, cora, world.round.code, LATER)
    session.flush()
    board = standing_run(session, cora)
    assert board and board.board["strata"] | {"moved": 0, "enter": [], "leave": []} == {
        "by": "theme", "groups": 3, "moved": 0, "enter": [], "leave": [],
        "unnamed": [code for code, *_ in stored_order(session) if code in codes[2::3]],
    }  # fmt: skip
    decide(session, cora, decision_version(session, call_of(session, cora)), LATER, KNOWN)
    document = json.loads(read_protocol(session, cora))
    assert differences(document) == {}
    known = document["input"]["strata"]
    assert known["by"] == document["rules"]["strata"] == "theme"
    assert [known["of"][code] for code in codes] == ["ecology", "culture", ""] * 3
    said = ProtocolWords(parsed(json.dumps(document))[0], "en").chapters()
    (facts,) = [
        each for one in said if one.id == "protocol-method" for each in one.blocks if isinstance(each, Facts)
    ]
    (groups,) = [value for name, value in facts.items if name == "Groups that calibration knows"]
    assert groups.startswith("By theme.") and groups.count("\u00a0– 3") == 3
    ((code, reviewer),) = document["computed"]["imputed"]
    assert (code, document["computed"]["incomplete"]) == (codes[8], [])
    (estimated,) = [
        value
        for one in said
        for block in one.blocks
        if isinstance(block, Facts)
        for name, value in block.items
        if name == "Reviews calibrated with an estimate, with less weight"
    ]
    assert estimated == f"{reviewer} – {code}"
    changed = deepcopy(document)
    changed["input"]["impute"] = False
    found = "\n".join(each for own in differences(changed).values() for each in own)
    assert "estimates of what is missing: the file says True, recomputed is False" in found
    assert "estimated reviews" in found
    # A group that is changed, left out, or not the published one is found.
    known["of"][codes[0]] = "culture"
    del known["of"][codes[3]]
    document["rules"]["strata"] = "language"
    found = "\n".join(each for own in differences(document).values() for each in own)
    assert "groups that calibration knows: the file says language, recomputed is theme" in found
    assert "applications with a group" in found
