"""The page of one's consents: buttons without JavaScript, the way out, and what was said."""

from sqlalchemy import Engine
from sqlmodel import col, select

from app.database import session_on
from app.models.people import Consent
from tests.applications.steps import begin, begin_write_send
from tests.conftest import Client
from tests.world import World


def test_consents_are_changed_by_their_buttons(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    browser = client("ada")
    address = f"/kk/my/{ref}/consents"
    assert f'href="/en/my/{ref}/consents"' in browser.get(f"/en/my/{ref}").text
    assert 'value="give:pictures"' in browser.get(address).text
    assert browser.post(address, data={"_action": "give:pictures"}).status_code == 303
    page = browser.get(address).text
    assert 'value="take_back:pictures"' in page
    assert "Мәтін нұсқасы: 2026-12, тілі: Қазақша" in page
    assert f'href="/kk/apply/{ref}/delete"' in page
    assert browser.post(address, data={"_action": "take_back:processing"}).status_code == 409
    assert browser.post(address, data={"_action": "burn:pictures"}).status_code == 422
    assert browser.post(address).status_code == 422
    stranger = client("ben")
    assert [stranger.get(address).status_code, stranger.post(address).status_code] == [404, 404]


def test_taking_a_needed_consent_back_leads_to_leaving(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
    browser = client("ada")
    leave = f"/en/apply/{ref}/withdraw?consent=yes"
    assert f'href="{leave}"' in browser.get(f"/en/my/{ref}/consents").text
    assert f'action="{leave}"' in browser.get(leave).text
    assert browser.post(leave).status_code == 303
    with session_on(engine, reading=True) as session:
        given = session.exec(select(Consent.kind).where(col(Consent.withdrawn_at).is_(None))).all()
        assert given == []
    assert "can no longer be withdrawn here" in browser.get(f"/en/my/{ref}/consents").text
