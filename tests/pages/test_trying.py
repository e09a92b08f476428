"""The demo leads to its evenings: as a coordinator, as a juror, and beside them what everybody sees."""

import re

from fastapi import FastAPI
from sqlalchemy import Engine

from app.database import session_on
from app.settings import Settings
from tests.conftest import Clock, entered, put_on
from tests.events.evening import EVENING, announced
from tests.events.jury import seated
from tests.world import World


def test_whoever_tries_the_demo_is_led_to_the_evening(
    built: FastAPI, engine: Engine, settings: Settings, world: World, clock: Clock
) -> None:
    clock.now = EVENING
    with session_on(engine) as session, session.begin():
        announced(session, world, 2)
        seated(session, world)
    pot = world.round.code
    put_on(built, settings.model_copy(update={"demo": True}), engine)
    with entered(built) as opened:
        home = opened().get("/en/").text
        part = re.search(f'<article class="card" id="try-{pot}">(.*?)</article>', home, re.DOTALL)
        assert part
        for address in (f"/en/stage/{pot}/screen", f"/en/live/{pot}", f"/en/calls/2026/event/{pot}"):
            assert f'href="{address}"' in part[1] and opened().get(address).status_code == 200
        coordinator = re.search(r'name="email" value="([^"]+)"', part[1])
        assert coordinator
        here = {"email": coordinator[1], "pot": pot}
        cora = opened()
        hub = cora.post("/en/demo/enter", data={**here, "place": "event"})
        assert hub.headers["location"] == f"/en/desk/2026/event/{pot}"
        page = cora.get(hub.headers["location"]).text
        assert 'id="step">Each juror needs a link and a code. They have them: 0 of 4.<' in page
        letters = cora.post("/en/demo/enter", data={**here, "place": "letters"})
        assert letters.headers["location"] == "/en/desk/2026/letters"
        elsewhere = cora.post("/en/demo/enter", data={**here, "place": "//evil.example"})
        assert elsewhere.headers["location"] == "/en/my"
        assert cora.post("/en/demo/enter", data={**here, "pot": "NOSUCHROUND"}).status_code == 404
        jurors = re.findall(r'name="juror" value="([A-Z0-9]+)">([^<]+)<', part[1])
        assert jurors[0][1].startswith("Juror Canaryname 1 · ")
        juror = opened()
        entered_as = juror.post("/en/demo/enter", data={"pot": pot, "juror": jurors[3][0]})
        assert entered_as.headers["location"] == f"/en/jury/{pot}"
        assert juror.get(f"/en/jury/{pot}").status_code == 200
        assert juror.post("/en/demo/enter", data={"pot": pot, "juror": "NOBODY"}).status_code == 404
    put_on(built, settings.model_copy(update={"demo": False}), engine)
    with entered(built) as opened:
        assert f'id="try-{pot}"' not in opened().get("/en/").text
        refused = opened().post("/en/demo/enter", data={"pot": pot, "juror": jurors[0][0]})
        assert refused.status_code == 404
