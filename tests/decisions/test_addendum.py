"""What came after publication stands beside the frozen protocol, and is checked from the file alone."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.decisions.protocol import full_protocol, kept_protocols, read_protocol
from app.decisions.protocol_file import parsed
from app.decisions.protocol_words import ProtocolWords
from app.decisions.recompute import recompute
from app.decisions.reserve import PromotionConfirm, PromotionInput, ask_promotion, confirm_promotion
from app.decisions.standing import standing
from app.documents.protocol import Said
from tests.decisions.scored import REASON
from tests.decisions.test_meeting import second
from tests.decisions.test_reserve import ENDS, back, listed, published, up
from tests.factories import REVIEWING
from tests.world import World

Document = dict[str, Any]


def differences(document: Document) -> list[str]:
    protocol, read = parsed(json.dumps(document))
    return [each for check in recompute(protocol, read) for each in check.differences]


@pytest.fixture
def later(session: Session, world: World) -> Document:
    """Two awards were given back; the next came up for one, and the last of the list out of turn."""
    codes = published(session, world)
    cora = world.coordinator()
    before = read_protocol(session, cora)
    assert "addendum" not in json.loads(before)
    back(session, world, codes[0])
    back(session, world, codes[1], REVIEWING + timedelta(hours=1))
    assert up(session, world, now=REVIEWING + timedelta(hours=2)) == codes[3]
    max_, pot, now = second(session, world), world.round.code, REVIEWING + timedelta(hours=3)
    wanted = PromotionInput(application=codes[5], reason=REASON)
    ask_promotion(session, cora, pot, standing(session, cora, now).version, wanted, now)
    session.flush()
    (waits,) = listed(session, world).out_of_turn
    seen = PromotionConfirm(application=codes[5], decided_at=waits.decided_at)
    confirm_promotion(session, max_, pot, seen, now + timedelta(hours=1))
    session.flush()
    document: Document = json.loads(read_protocol(session, cora))
    # The frozen one keeps every byte.
    assert read_protocol(session, cora, 1) == before
    assert {name: each for name, each in document.items() if name != "addendum"} == json.loads(before)
    assert kept_protocols(session, cora)[0].digest == document["digest"] == document["addendum"]["protocol"]
    return document


def test_returns_and_promotions_stand_there_with_day_reason_and_second_person(
    session: Session, world: World, later: Document
) -> None:
    won = [each["application"] for each in later["rounds"][0]["awards"]]
    by, part = later["rounds"][0]["standing_by"], later["addendum"]
    first, last = part["promotions"]
    assert [(each["application"], each["by"], each["amount_minor"]) for each in part["returns"]] == [
        (code, first["by"], 500_000) for code in won[:2]
    ]
    assert (first["application"], first["instead_of"], first["position"]) == (by[0], won[0], 1)
    assert (first["reason"], first["asked_by"], first["alone"]) == ("", "", False)
    assert (last["application"], last["instead_of"], last["position"]) == (by[2], won[1], 3)
    assert (last["reason"], last["confirmed_by"], last["alone"]) == (REASON, "SECOND", False)
    assert last["asked_by"] not in ("", "SECOND")
    assert (last["asked_at"], last["confirmed_at"]) == tuple(
        (REVIEWING + timedelta(hours=hours)).isoformat() for hours in (3, 4)
    )
    assert differences(later) == []
    for language, words in (("en", "The next in turn"), ("kk", "Кезектегі"), ("ru", "Следующая по очереди")):
        chapters = ProtocolWords(full_protocol(session, world.coordinator()), language).chapters()
        (chapter,) = [each for each in chapters if each.id == "protocol-addendum"]
        said = [each for each in chapter.blocks if isinstance(each, Said)]
        assert [each.title.split(":")[0] for each in said] == [*won[:2], by[0], by[2]]
        assert any(words in line for line in said[2].lines)
        assert said[3].texts[0][1] == REASON


def _promotion(document: Document) -> Document:
    found: Document = document["addendum"]["promotions"][1]
    return found


def no_reason(document: Document) -> None:
    _promotion(document)["reason"] = ""


def nobody_else(document: Document) -> None:
    _promotion(document)["confirmed_by"] = _promotion(document)["asked_by"]


def unconfirmed(document: Document) -> None:
    _promotion(document)["confirmed_at"] = None


def too_late(document: Document) -> None:
    _promotion(document)["at"] = ENDS.isoformat()


def somebody_else(document: Document) -> None:
    # Codes are drawn: the first of all may be the very one that came up.
    promoted = _promotion(document)
    others = (each for each in document["input"]["applications"] if each != promoted["application"])
    promoted["application"] = next(others)


def nothing_was_free(document: Document) -> None:
    document["addendum"]["returns"].pop()


def more_money(document: Document) -> None:
    _promotion(document)["amount_minor"] = 10_000_000


def a_returned_sum(document: Document) -> None:
    document["addendum"]["returns"][0]["amount_minor"] += 1


def another_protocol(document: Document) -> None:
    document["addendum"]["protocol"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (no_reason, "and hardly a reason is given"),
        (nobody_else, "confirmed by the one who asked for it"),
        (unconfirmed, "no second person confirmed it"),
        (too_late, "after the reserve list had ended"),
        (somebody_else, "position on the reserve list"),
        (nothing_was_free, "whose award was not free"),
        (more_money, "the envelope is 3000000"),
        (a_returned_sum, "given back: the file says 500001"),
        (another_protocol, "protocol that the addendum is of"),
    ],
    ids=lambda each: each.__name__ if callable(each) else "",
)
def test_what_could_not_have_come_is_found(
    later: Document, change: Callable[[Document], None], words: str
) -> None:
    changed = deepcopy(later)
    change(changed)
    found = differences(changed)
    assert any(words in each for each in found), found
    assert any(each.startswith("digest of the addendum") for each in found)
