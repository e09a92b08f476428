"""The team in the API: inviting, answering, roles with their versions, leaving."""

from sqlalchemy import Engine
from sqlmodel import select

from app.applications.invitation_keys import invitation_key
from app.database import session_on
from app.models.people import Invitation
from app.settings import Settings
from tests.applications.steps import begin
from tests.conftest import Client
from tests.world import World

API = "/api/v1"
CONSENTS = {"processing": True, "publication": True, "language": "kk"}


def test_the_whole_way(client: Client, engine: Engine, settings: Settings, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    ada, ben, zoe = (client(name, api=True) for name in ("ada", "ben", "zoe"))
    team = f"{API}/applications/{ref}/team"
    asked = {"email": "Ben.Canary@example.org", "role": "reader", "language": "ru"}
    invited = ada.post(f"{team}/invitations", json=asked)
    assert (invited.status_code, invited.headers["location"]) == (201, team)
    assert (invited.json()["email"], invited.json()["answer"]) == ("ben.canary@example.org", "pending")
    assert ada.post(f"{team}/invitations", json=asked).status_code == 422
    assert ada.post(f"{team}/invitations", json=asked | {"role": "owner"}).status_code == 422
    again = ada.post(f"{team}/invitations/{invited.json()['code']}/again")
    assert again.status_code == 200
    with session_on(engine, reading=True) as session:
        row = session.exec(select(Invitation)).one()
        key = invitation_key(settings.secret_key.get_secret_value(), row.code, row.nonce)
    address = f"{API}/invitations/{key}"
    assert ben.get(address).json()["inviter"] == "Ada Canaryname"
    assert zoe.get(address).status_code == 409
    assert zoe.get(f"{API}/invitations/{key[:-1]}").status_code == 404
    assert ben.post(f"{address}/accept", json=CONSENTS | {"publication": False}).status_code == 422
    joined = ben.post(f"{address}/accept", json=CONSENTS)
    assert (joined.status_code, joined.json()["role"], joined.json()["members"]) == (200, "reader", 2)
    assert ben.post(f"{address}/accept", json=CONSENTS).status_code == 409
    members = ada.get(team).json()["members"]
    assert [(each["role"], each["me"]) for each in members] == [("owner", True), ("reader", False)]
    mate = f"{team}/members/{members[1]['code']}"
    tag = ada.get(mate).headers["etag"]
    assert ada.put(mate, json={"role": "editor"}).status_code == 428
    assert ada.put(mate, json={"role": "editor"}, headers={"If-Match": '"9"'}).status_code == 412
    assert ben.put(mate, json={"role": "editor"}, headers={"If-Match": tag}).status_code == 409
    changed = ada.put(mate, json={"role": "editor"}, headers={"If-Match": tag})
    assert (changed.json()["role"], changed.headers["etag"]) == ("editor", '"2"')
    own = f"{team}/members/{members[0]['code']}"
    assert ada.delete(own, headers={"If-Match": '"1"'}).status_code == 409
    handed = ada.put(mate, json={"role": "owner"}, headers={"If-Match": '"2"'})
    assert (handed.status_code, handed.json()["role"]) == (200, "owner")
    assert ada.delete(own, headers={"If-Match": '"1"'}).status_code == 412
    assert ada.delete(own, headers={"If-Match": '"2"'}).status_code == 204
    assert ada.get(team).status_code == 404
    other = ben.post(f"{team}/invitations", json=asked | {"email": "new@example.org"}).json()
    assert ben.delete(f"{team}/invitations/{other['code']}").status_code == 204
    assert ben.get(team).json()["invitations"] == []
