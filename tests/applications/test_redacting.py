"""Clearing at the rule: reviewers read a cleared copy or nothing, and a copy says what was decided of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.applications.actions.redacting import (
    DecisionsInput,
    TextDecision,
    clear_application,
    clear_plain,
    decide_redaction,
)
from app.applications.coverings import BLOCKS, FileHow, TextHow, covered
from app.applications.redaction import (
    RedactionState,
    count_uncleared,
    full_redaction,
    next_uncleared,
    read_redaction,
    redaction_counts,
    redaction_list,
)
from app.applications.redaction_refusals import NotPlainAnyMore, RedactionUndecided, SentMeanwhile
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.people import Identity
from app.models.redaction import ClearedPacket
from app.privacy.erasing import GONE, erase_application
from app.reviews.opening import open_reviewing
from app.reviews.queries import file_in_hand, in_hand, own_calls, own_queue
from app.reviews.refusals import NotCleared
from tests.applications.steps import begin, send, take_back_and_change, write
from tests.applications.test_leaking import NAMED, SAID, keep_file
from tests.factories import REVIEWING, make_assignment, make_sent_application
from tests.world import NOW, World, key

LEAD, STRENGTHS, SOURCE = (
    "work_plan.activities.a1.lead",
    "work_plan.strengths",
    "need.sources.q1.shows",
)
PLACES = (SOURCE, LEAD, STRENGTHS)


def sent(session: Session, world: World) -> str:
    """An application with three places that give Ada away, and a plan in which her name stands."""
    ref = begin(session, world.applicant())
    write(session, world.applicant(), ref, NAMED)
    keep_file(session, world, ref, "Our plan", "Ada Canaryname made this plan.")
    send(session, world.applicant(), ref)
    session.flush()
    return ref


def decide(session: Session, world: World, ref: str, seen: int = 0, **hows: object) -> int:
    """Cover every place, unless told, and let the plan be seen."""
    texts = {place: TextDecision(how=TextHow.COVERED) for place in PLACES} | hows.pop("texts", {})  # type: ignore[operator]
    files = hows.pop("files", {1: FileHow.CLEARED})
    given_ = DecisionsInput(number=hows.pop("number", 1), texts=texts, files=files)  # type: ignore[arg-type]
    return decide_redaction(session, world.coordinator(), ref, given_, seen, NOW)


def clear(session: Session, world: World, ref: str, seen: int, number: int = 1) -> int:
    return clear_application(session, world.coordinator(), ref, number=number, seen=seen, now=NOW)


def read_by_rita(session: Session, world: World, code: str) -> str:
    session.expire_all()
    text = in_hand(session, world.reviewer(), code, REVIEWING).own.text
    assert text is not None
    return text.model_dump_json()


def test_without_a_cleared_copy_there_is_nothing_for_a_reviewer(session: Session, world: World) -> None:
    """Not in the queue, in no count, at no address, whatever the assignment says."""
    application = make_sent_application(session, world, cleared=False)
    world.call.reviewing_opened_at = REVIEWING
    application.status = application.status.IN_REVIEW
    session.add_all([world.call, application])
    make_assignment(session, world, application)
    rita = world.reviewer()
    queue = own_queue(session, rita, REVIEWING)
    assert (queue.lines, queue.total, queue.next_code) == ([], 0, "")
    assert [each.total for each in own_calls(session, world.signed_in("rita"), REVIEWING)] == [0]
    with pytest.raises(NotFound):
        in_hand(session, rita, application.code, REVIEWING)
    with pytest.raises(NotFound):
        file_in_hand(session, rita, application.code, 1, REVIEWING)


def test_what_was_found_is_decided_before_it_is_cleared(session: Session, world: World) -> None:
    ref, cora = sent(session, world), world.coordinator()
    found = read_redaction(session, cora, ref, NOW)
    assert [each.place for each in found.texts if each.spans] == [*PLACES]
    assert [(each.number, len(each.spans), each.how) for each in found.files] == [(1, 1, None)]
    assert (found.state, found.undecided, found.version) == (RedactionState.FOUND, 4, 0)
    assert session.exec(select(AuditEntry.subject).where(AuditEntry.action == "identity.read")).all() == [ref]
    with pytest.raises(RedactionUndecided) as refused:
        clear(session, world, ref, 0)
    assert refused.value.params == {"count": 4}
    with pytest.raises(NotCleared):
        open_reviewing(session, cora, REVIEWING)
    for given_ in (
        {"texts": {"need.nothing": TextDecision(how=TextHow.KEPT)}},
        {"files": {7: FileHow.DROPPED}},
    ):
        with pytest.raises(Invalid):
            decide(session, world, ref, **given_)
    version = decide(session, world, ref, texts={LEAD: TextDecision(how=TextHow.EDITED, text="")})
    assert decide(session, world, ref, texts={LEAD: TextDecision(how=TextHow.EDITED, text="")}) == version
    with pytest.raises(Stale):
        decide(session, world, ref, 0, files={1: FileHow.DROPPED})
    with pytest.raises(SentMeanwhile):
        decide(session, world, ref, version, number=2)
    with pytest.raises(Stale):
        clear(session, world, ref, version + 1)
    assert clear(session, world, ref, version) == 1
    assert clear(session, world, ref, version) == 1, "again it does nothing"
    assert count_uncleared(session, cora.call_id) == 0
    assert open_reviewing(session, cora, REVIEWING) == 1
    application = session.exec(select(Application)).one()
    make_assignment(session, world, application)
    text = read_by_rita(session, world, application.code)
    assert f"{BLOCKS} leads, {BLOCKS}." in text
    assert f'"lead":"{BLOCKS}"' in text, "what was emptied is marked, and does not look unanswered"
    assert "Bota" not in text
    assert "canary" not in text.lower()


def test_a_coordinators_own_words_are_looked_through_as_well(session: Session, world: World) -> None:
    """In an answer, a document's words and its title: nothing of them is kept unless it is meant."""
    ref, cora = sent(session, world), world.coordinator()
    said, title, words = (
        "Ada Canaryname leads: +7 701 555 00 11.",
        "The plan of Ada Canaryname",
        "Ask Ada Canaryname.",
    )
    given_ = {
        "number": 1,
        "texts": {
            LEAD: TextDecision(how=TextHow.EDITED, text=said),
            "files.1.title": TextDecision(how=TextHow.EDITED, text=title),
            STRENGTHS: TextDecision(how=TextHow.EDITED, text="Somebody leads."),
        },
        "files": {1: FileHow.IN_WORDS},
        "words": {1: words},
    }
    with pytest.raises(Invalid) as refused:
        decide_redaction(session, cora, ref, DecisionsInput.model_validate(given_), 0, NOW)
    assert refused.value.fields == {
        f"texts.{LEAD}": ("redaction.gives_away", {"words": "Ada Canaryname, +7 701 555 00 11"}),
        "texts.files.1.title": ("redaction.gives_away", {"words": "Ada Canaryname"}),
        "words.1": ("redaction.gives_away", {"words": "Ada Canaryname"}),
    }
    assert full_redaction(session, cora, ref).version == 0
    meant = {
        LEAD: TextDecision(how=TextHow.EDITED, text=said, knowingly=True),
        STRENGTHS: TextDecision(how=TextHow.EDITED, text="Somebody leads.", knowingly=True),
    }
    version = decide(session, world, ref, texts=meant)
    assert decide(session, world, ref, version, texts=meant) == version
    logged = select(AuditEntry.detail).where(AuditEntry.action == "redaction.knowingly")
    assert session.exec(logged).all() == [{"number": 1, "places": [LEAD]}], "once, and no name"
    kept = {each.place: each.knowingly for each in full_redaction(session, cora, ref).texts}
    assert (kept[LEAD], kept[STRENGTHS]) == (["Ada Canaryname", "+7 701 555 00 11"], [])
    # Who applies is another by now: what was written then names them.
    identity = session.exec(select(Identity)).one()
    team = identity.data["team"]
    identity.data = identity.data | {
        "team": team | {"members": [*team.get("members", []), {"name": "Somebody Newname"}]}
    }
    session.add(identity)
    session.flush()
    with pytest.raises(Invalid) as refused:
        clear(session, world, ref, version)
    assert refused.value.fields.keys() == {f"texts.{STRENGTHS}"}


def test_a_changed_mind_reaches_reviewers_with_the_next_clearing_only(session: Session, world: World) -> None:
    ref, cora = sent(session, world), world.coordinator()
    clear(session, world, ref, decide(session, world, ref))
    open_reviewing(session, cora, REVIEWING)
    application = session.exec(select(Application)).one()
    make_assignment(session, world, application)
    before = read_by_rita(session, world, application.code)
    assert '"files":[{"number":1' in before
    place = {"brief.title": TextDecision(how=TextHow.EDITED, text="A quiet garden")}
    version = decide(session, world, ref, 1, texts=place, files={1: FileHow.DROPPED})
    assert read_by_rita(session, world, application.code) == before
    found = full_redaction(session, cora, ref)
    assert found.state is RedactionState.CHANGED
    assert found.change is not None
    assert list(found.change.after) == ["brief"]
    assert found.change.after["brief"] == {"title": "A quiet garden"}
    assert count_uncleared(session, cora.call_id) == 1
    assert clear(session, world, ref, version) == 2
    after = read_by_rita(session, world, application.code)
    assert '"title":"A quiet garden"' in after
    assert '"files":[]' in after
    assert own_queue(session, world.reviewer(), REVIEWING).lines[0].title == "A quiet garden"
    with pytest.raises(NotFound):
        file_in_hand(session, world.reviewer(), application.code, 1, REVIEWING)
    row = session.get_one(ClearedPacket, application.id)
    assert row.changes == {"2": ["brief.title", "files.1.title", "files.1"]}


def test_what_is_sent_anew_comes_back_with_a_difference(session: Session, world: World) -> None:
    """What was decided of texts that are the same still holds; the copy stays as it was."""
    ref, cora = sent(session, world), world.coordinator()
    clear(session, world, ref, decide(session, world, ref))
    was = session.exec(select(ClearedPacket)).one().model_dump()
    take_back_and_change(session, world, ref, "work_plan", {"strengths": f"{SAID} And we dig."})
    found = full_redaction(session, cora, ref)
    assert (found.state, found.number, found.cleared_number, found.undecided) == (
        RedactionState.CHANGED, 2, 1, 1,
    )  # fmt: skip
    assert [each.place for each in found.texts if each.spans and each.how is None] == [STRENGTHS]
    assert found.change is not None
    assert "▇▇▇" in found.change.before["work_plan"]["strengths"]
    assert found.change.after["work_plan"]["strengths"].endswith("And we dig.")
    session.expire_all()
    assert session.exec(select(ClearedPacket)).one().model_dump() == was
    with pytest.raises(NotCleared):
        open_reviewing(session, cora, REVIEWING)
    with pytest.raises(SentMeanwhile):
        clear(session, world, ref, 1)
    only = DecisionsInput(number=2, texts={STRENGTHS: TextDecision(how=TextHow.COVERED)})
    version = decide_redaction(session, cora, ref, only, 1, NOW)
    assert clear(session, world, ref, version, number=2) == 2
    row = session.exec(select(ClearedPacket)).one()
    session.refresh(row)
    assert row.data["work_plan"]["strengths"] == "▇▇▇ leads, ▇▇▇. And we dig."
    erase_application(session, row.application_id)
    session.refresh(row)
    assert (row.title, row.summary, row.data, row.files) == (GONE, "", {}, [])


def test_plain_ones_are_cleared_by_one_press_that_says_how_many(session: Session, world: World) -> None:
    ref, cora = sent(session, world), world.coordinator()
    others = [make_sent_application(session, world, "ben", f"Idea {n}", cleared=False) for n in range(3)]
    assert redaction_counts(session, cora.call_id).model_dump() == {
        "found": 1, "plain": 3, "changed": 0, "cleared": 0,
    }  # fmt: skip
    with pytest.raises(NotPlainAnyMore) as refused:
        clear_plain(session, cora, 2, NOW)
    assert refused.value.params == {"count": 3}
    assert session.exec(select(ClearedPacket)).all() == []
    assert clear_plain(session, cora, 3, NOW) == 3
    assert clear_plain(session, cora, 0, NOW) == 0
    (act,) = session.exec(select(AuditEntry).where(col(AuditEntry.action).startswith("redaction."))).all()
    assert (act.action, act.person_id, act.detail) == (
        "redaction.clear_plain", cora.person_id, {"count": 3},
    )  # fmt: skip
    copies = session.exec(select(ClearedPacket).order_by(ClearedPacket.application_id)).all()  # type: ignore[arg-type]
    assert [each.application_id for each in copies] == [key(each) for each in others]
    assert [each.title for each in copies] == ["Idea 0", "Idea 1", "Idea 2"]
    assert {each.cleared_by for each in copies} == {cora.person_id}
    assert [each.ref for each in redaction_list(session, cora, state=RedactionState.FOUND).lines] == [ref]
    assert redaction_list(session, cora, limit=2, offset=1).total == 4
    assert (next_uncleared(session, cora, others[0].ref), next_uncleared(session, cora, ref)) == (ref, "")
    world.call.reviewing_opened_at = None
    with pytest.raises(NotFound):
        full_redaction(session, cora, "WA26-NOBODY")


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda each: (each[0], sum(each)))),
)
def test_covered_text_holds_no_letter_of_a_span_and_all_others(
    text: str, spans: list[tuple[int, int]]
) -> None:
    hidden = {place for start, end in spans for place in range(start, end)}
    shown = covered(text, [span for span in spans if span[0] < len(text)])
    left = "".join(letter for place, letter in enumerate(text) if place not in hidden)
    assert shown.replace(BLOCKS, "") == left.replace(BLOCKS, "")
    assert (BLOCKS in shown) == (any(place < len(text) for place in hidden) or BLOCKS in text)
