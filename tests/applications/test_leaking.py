"""The warning at the rule: what is found in a draft, leaving it, what a sending keeps, and who may know."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.applications import actions
from app.applications.actions.asking import CorrectionInput, ask_correction
from app.applications.full import full_one, read_identity
from app.applications.own import own_draft
from app.applications.own_leaks import OwnLeak, own_leaks
from app.applications.refusals import LeakGone, NotADraft
from app.errors import NotFound
from app.leaks.kinds import Kind
from app.models.applications import Application, Sending
from app.models.files import ApplicationFile, FileKind
from app.models.people import LeakLeft, OriginalFile, SentLeak
from app.privacy.copying import kept_data
from app.privacy.erasing import erase_application
from tests.applications.steps import begin, send, write
from tests.applications.typed import GRANT
from tests.world import NOW, World, key

SAID = "Ada Canaryname leads, 8 701 234 56 78."
NAMED: dict[str, dict[str, Any]] = {
    **GRANT,
    "work_plan": {
        **GRANT["work_plan"],
        "strengths": SAID,
        "activities": [
            {**GRANT["work_plan"]["activities"][0], "lead": "Bota Canarymember"},
            GRANT["work_plan"]["activities"][1],
        ],
    },
    "need": {
        **GRANT["need"],
        "sources": [{"id": "q1", "link": "stat.example.org/2026", "shows": "See ada.canary@example.org"}],
    },
}
PLACES = [
    (Kind.EMAIL, "need", "sources.q1.shows", ["ada.canary@example.org"], True),
    (Kind.TEAM_NAME, "work_plan", "activities.a1.lead", ["Bota Canarymember"], True),
    (Kind.OWN_NAME, "work_plan", "strengths", ["Ada Canaryname"], True),
    (Kind.PHONE, "work_plan", "strengths", ["8 701 234 56 78"], True),
]


def _draft(session: Session, world: World) -> str:
    ref = begin(session, world.applicant())
    write(session, world.applicant(), ref, NAMED)
    return ref


def _leaks(session: Session, world: World, ref: str) -> list[OwnLeak]:
    return own_leaks(session, own_draft(session, world.applicant(), ref, NOW))


def _leave(session: Session, world: World, ref: str, code: str, *, left: bool = True) -> None:
    actions.leave_leak(session, world.applicant(), ref, code, left=left, now=NOW)


def keep_file(session: Session, world: World, ref: str, title: str, text: str) -> None:
    application = session.exec(select(Application).where(Application.ref == ref)).one()
    row = ApplicationFile(
        code="PLAN", application_id=key(application), kind=FileKind.DOCUMENT, position=1, title=title,
        media_type="application/pdf", sha256="0" * 64, size=1, pages=1, added_at=NOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    before = OriginalFile(
        file_id=key(row), name="plan.pdf", media_type="application/pdf", sha256="0" * 64, size=1, text=text,
        added_by=key(world.people["ada"]),
    )  # fmt: skip
    session.add(before)
    session.flush()


def test_places_of_a_draft_are_found_with_their_field_and_row(session: Session, world: World) -> None:
    ref = _draft(session, world)
    found = _leaks(session, world, ref)
    assert [(each.kind, each.section, each.field, each.words, each.sure) for each in found] == PLACES
    assert [SAID[start:end] for each in found[2:] for start, end in each.spans] == [
        "Ada Canaryname",
        "8 701 234 56 78",
    ]
    assert not any(each.left for each in found)


def test_leaving_holds_until_the_text_changes_and_can_be_undone(session: Session, world: World) -> None:
    ref = _draft(session, world)
    code = _leaks(session, world, ref)[2].code
    _leave(session, world, ref, code)
    _leave(session, world, ref, code)
    assert [each.left for each in _leaks(session, world, ref)] == [False, False, True, False]
    _leave(session, world, ref, code, left=False)
    assert not any(each.left for each in _leaks(session, world, ref))
    _leave(session, world, ref, code)
    actions.save_section(
        session, world.applicant(), ref, "work_plan", {"strengths": f"{SAID} Today."}, version=2, now=NOW
    )
    again = _leaks(session, world, ref)
    assert [each.left for each in again] == [False] * 4
    with pytest.raises(LeakGone):
        _leave(session, world, ref, code)
    _leave(session, world, ref, again[3].code)
    assert session.exec(select(LeakLeft.code)).all() == [again[3].code], "what is gone is forgotten"
    with pytest.raises(NotFound):
        actions.leave_leak(session, world.applicant("ben"), ref, code, left=True, now=NOW)


def test_sending_keeps_every_place_for_the_coordinator_alone(session: Session, world: World) -> None:
    ref = _draft(session, world)
    keep_file(session, world, ref, "Plan of Ada Canaryname", "The yard.\nBota Canarymember drew it.")
    found = _leaks(session, world, ref)
    in_files = [(each.file, each.field, each.words) for each in found[4:]]
    assert in_files == [("PLAN", "title", ["Ada Canaryname"]), ("PLAN", "text", ["Bota Canarymember"])]
    _leave(session, world, ref, found[2].code)
    _leave(session, world, ref, found[5].code)
    send(session, world.applicant(), ref)
    with pytest.raises(NotADraft):
        _leave(session, world, ref, found[0].code)
    sent = read_identity(session, world.coordinator(), ref, NOW).leaks
    assert [(each.kind, each.section, each.field, each.words) for each in sent[:4]] == [
        place[:4] for place in PLACES
    ]
    assert [(each.file, each.field, each.words) for each in sent[4:]] == [
        (1, "title", ["Ada Canaryname"]),
        (1, "text", ["Bota Canarymember"]),
    ]
    assert [each.left for each in sent] == [False, False, True, False, False, True]
    assert "leaks" not in full_one(session, world.coordinator(), ref).model_dump(), "not without the log"


def test_correction_is_searched_again(session: Session, world: World) -> None:
    ref = _draft(session, world)
    send(session, world.applicant(), ref)
    asked = CorrectionInput(fields=["work_plan.strengths"], question="Please leave out the name.")
    ask_correction(session, world.coordinator(), ref, asked, NOW)
    given = actions.AnswerInput(number=2, answers={"work_plan": {"strengths": "We know the yard."}})
    actions.answer_correction(session, world.applicant(), ref, given, NOW)
    kinds = [each.kind for each in read_identity(session, world.coordinator(), ref, NOW).leaks]
    assert kinds == [Kind.EMAIL, Kind.TEAM_NAME]
    before = session.exec(
        select(SentLeak.kind)
        .join(Sending, col(Sending.id) == col(SentLeak.sending_id))
        .where(Sending.number == 1)
        .order_by(col(SentLeak.position))
    ).all()
    assert list(before) == [place[0] for place in PLACES], "what was found before is kept as it was"


def test_copy_of_ones_data_has_them_and_erasing_leaves_none(session: Session, world: World) -> None:
    ref = _draft(session, world)
    _leave(session, world, ref, _leaks(session, world, ref)[0].code)
    send(session, world.applicant(), ref)
    session.flush()
    (kept,) = kept_data(session, world.applicant(), NOW).applications
    assert [each.left for each in kept.leaks] == [True, False, False, False]
    assert [(each.kind, each.left_by_applicant) for each in kept.sendings[0].leaks] == [
        (place[0], place[0] is Kind.EMAIL) for place in PLACES
    ]
    erase_application(session, key(session.exec(select(Application)).one()))
    assert not session.exec(select(SentLeak)).all() + session.exec(select(LeakLeft)).all()  # type: ignore[operator]


def test_deleted_draft_takes_what_was_left_with_it(session: Session, world: World) -> None:
    ref = _draft(session, world)
    _leave(session, world, ref, _leaks(session, world, ref)[0].code)
    actions.delete_draft(session, world.applicant(), ref, NOW)
    assert session.exec(select(LeakLeft)).all() == []
