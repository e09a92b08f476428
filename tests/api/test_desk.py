"""The desk's list over the API: the filters and the search of its page."""

from sqlalchemy import Engine
from sqlmodel import select

from app.applications.flags import FlagInput, raise_flag
from app.applications.traces import trace
from app.database import session_on
from app.models.applications import Packet, Sending, Status
from app.models.screening import FlagKind
from tests.conftest import Client
from tests.factories import make_sent_application
from tests.world import NOW, World, key

LIST = "/api/v1/calls/2026/applications"


def test_list_is_narrowed_and_searched_like_its_page(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        apples = make_sent_application(session, world, title="Apples")
        again = make_sent_application(session, world, title="Apples again")
        choir = make_sent_application(
            session, world, "zoe", title="A choir", status=Status.WITHDRAWN, language="kk"
        )
        packet = session.exec(select(Packet).join(Sending).where(Sending.application_id == choir.id)).one()
        packet.data = {"need": {"problem": f"Nobody sings in the quarter of {choir.ref}."}}
        packet.summary, packet.theme, packet.districts = "Singing", "culture", ["alatau"]
        raised = FlagInput(kind=FlagKind.OTHER, words="Look.")
        raise_flag(session, key(world.call), key(world.people["cora"]), key(apples), raised, NOW)
        session.flush()
        trace(session)
    cora = client("cora", api=True)

    def refs(query: str) -> set[str]:
        found = cora.get(f"{LIST}?{query}").json()
        assert found["total"] == len(found["items"]), query
        return {each["ref"] for each in found["items"]}

    assert refs("") == refs("screening=to_do&flagged=false") == {apples.ref, again.ref, choir.ref}
    alone = ("theme=culture", "district=alatau", "language=kk", "status=withdrawn", "q=quarter+NOBODY")
    assert {query: refs(query) for query in alone} == {query: {choir.ref} for query in alone}
    assert refs("alike=true") == {apples.ref, again.ref}, "those that may be duplicates"
    assert refs("flagged=true") == refs("alike=true&flagged=true") == {apples.ref}
    assert refs("theme=culture&q=apples") == refs("screening=passed") == refs("q=100%25") == set()
    alike = f"{LIST}/{apples.ref}/alike"
    assert cora.get(alike).json()["items"][0]["ref"] == again.ref
    aside = {"other": again.ref, "reason": "Two yards of one school."}
    assert cora.post(alike, json=aside | {"reason": "Two."}).status_code == 422
    page = cora.get(f"{LIST}?alike=true&limit=1&offset=1").json()
    assert (page["total"], len(page["items"])) == (2, 1)
    assert cora.post(alike, json=aside).json() == {"items": []}
    assert (cora.post(alike, json=aside).status_code, refs("alike=true")) == (422, set())
    for wrong in ("status=lost", "screening=x", "theme=No+code", "flagged=perhaps", f"q={201 * 'x'}"):
        answer = cora.get(f"{LIST}?{wrong}")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, wrong.partition("=")[0])
    assert client("rita", api=True).get(f"{LIST}?theme=culture").status_code == 404
