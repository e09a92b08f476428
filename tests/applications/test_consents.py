"""Consents are taken back and given again, and what was said before stays."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.applications import actions
from app.applications.own import own_consents
from app.applications.refusals import ConsentNeeded
from app.errors import NotFound
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.models.people import Consent
from tests.applications.steps import begin, begin_write_send
from tests.world import NOW, World

HOUR = timedelta(hours=1)


def change(
    session: Session, world: World, ref: str, kind: str, given: bool, hours: int, who: str = "ada"
) -> None:
    actions.change_consent(
        session, world.applicant(who), ref, kind, given=given, language="kk", now=NOW + hours * HOUR
    )


def test_a_consent_comes_and_goes_and_nothing_is_overwritten(session: Session, world: World) -> None:
    ref = begin(session, world.applicant())
    for given, hours in ((False, 1), (True, 2), (True, 3), (False, 4), (False, 5), (True, 6)):
        change(session, world, ref, "news", given, hours)
    own = own_consents(session, world.applicant(), ref, NOW)
    assert {each.kind: each.given_at for each in own.consents} == {
        "processing": NOW,
        "publication": NOW,
        "own_picture": None,
        "pictures": None,
        "news": NOW + 6 * HOUR,
    }
    said = [(each.given, each.at - NOW) for each in own.steps if each.kind == "news"]
    assert said == [(True, 2 * HOUR), (False, 4 * HOUR), (True, 6 * HOUR)]
    assert {each.language for each in own.steps} == {"en", "kk"}
    acts = session.exec(select(AuditEntry.action).where(col(AuditEntry.action).startswith("consent."))).all()
    assert acts == ["consent.give", "consent.take_back", "consent.give"]
    mail = session.exec(select(Mail)).one()
    assert (mail.template, mail.params) == ("consent_taken_back", {"ref": ref, "kind": "news"})


def test_what_an_application_needs_is_taken_back_by_leaving(session: Session, world: World) -> None:
    ref = begin_write_send(session, world.applicant())
    for kind in ("processing", "publication"):
        with pytest.raises(ConsentNeeded):
            change(session, world, ref, kind, False, 1)
    with pytest.raises(NotFound):
        change(session, world, ref, "everything", True, 1)
    change(session, world, ref, "pictures", True, 1)
    actions.withdraw_application(session, world.applicant(), ref, NOW + 2 * HOUR, consents=True)
    rows = {row.kind: row.withdrawn_at for row in session.exec(select(Consent))}
    assert rows == {"processing": NOW + 2 * HOUR, "publication": NOW + 2 * HOUR, "pictures": None}
    # An optional one is one's own to take back even then.
    change(session, world, ref, "pictures", False, 3)
    assert session.exec(select(Consent.kind).where(col(Consent.withdrawn_at).is_(None))).all() == []


def test_leaving_for_another_reason_takes_no_consent_back(session: Session, world: World) -> None:
    ref = begin_write_send(session, world.applicant())
    actions.withdraw_application(session, world.applicant(), ref, NOW + HOUR)
    assert session.exec(select(Consent.kind).where(col(Consent.withdrawn_at).is_not(None))).all() == []


def test_nobody_changes_the_consent_of_another(session: Session, world: World) -> None:
    ref = begin(session, world.applicant())
    with pytest.raises(NotFound):
        change(session, world, ref, "news", True, 1, who="ben")
    with pytest.raises(NotFound):
        own_consents(session, world.applicant("ben"), ref, NOW)
