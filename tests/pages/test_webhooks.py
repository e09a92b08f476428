"""What coordinators set up for others: webhooks with a secret shown once, and corrections for everybody."""

import re

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.database import session_on
from app.decisions.open_data_check import wrong_in
from app.models.audit import AuditEntry
from app.models.public import CorrectionNotice
from tests.conftest import Client, Clock
from tests.pages.test_public_data import LATER, RESULTS, decided, slugs
from tests.world import World

HOOKS = "/en/desk/2026/webhooks"
NOTICES = "/en/desk/2026/notices"


def test_secret_of_a_webhook_is_shown_once(client: Client, world: World) -> None:
    cora = client("cora")
    refused = cora.post(HOOKS, data={"url": "https://10.0.0.1/hook"})
    assert refused.status_code == 422
    assert "not on the public internet" in refused.text and "https://10.0.0.1/hook" in refused.text
    made = cora.post(HOOKS, data={"url": "https://example.org/hook", "events": ["opened", "published"]})
    assert made.status_code == 201
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", made.text)
    page = cora.get(HOOKS).text
    assert secret not in page and "https://example.org/hook" in page
    assert "The call opens, The results are published" in page
    (test,) = re.findall(r'action="([^"]+/test)"', page)
    assert cora.post(test).status_code == 303
    assert "waits" in cora.get(HOOKS).text
    (again,) = re.findall(r'action="([^"]+/secret)"', page)
    assert secret not in cora.post(again).text
    (end,) = re.findall(r'action="([^"]+/end)"', page)
    assert cora.post(end).status_code == 303
    assert "https://example.org/hook" not in cora.get(HOOKS).text
    assert {cora.post(each).status_code for each in (test, again, end)} == {404}


def test_correction_stands_wherever_what_it_corrects_does(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now, cora, anybody = LATER, client("cora"), client()
    words = {f"words.{language}": f"<b>{language} {{x}}</b>" for language in ("kk", "ru", "en")}
    assert cora.post(NOTICES, data={"part": "awarded", **words}).status_code == 409
    decided(engine, world, published=True)
    with session_on(engine, reading=True) as session:
        slug = slugs(session)[-1]
    wrong = {
        "words-kk": {"part": "eligible", **words, "words.kk": " "},
        "winner": {"part": "winner", **words},
        "part": {"part": "nothing", **words},
    }
    for name, given in wrong.items():
        refused = cora.post(NOTICES, data=given)
        assert refused.status_code == 422
        assert f'href="#f-{name}"' in refused.text and "en {x}" in refused.text
    assert "Correction ·" not in anybody.get(RESULTS).text
    for given in ({"part": "eligible"}, {"part": "winner", "winner": slug}):
        assert cora.post(NOTICES, data={**given, **words}).status_code == 303
    pages = {each: anybody.get(each).text for each in
             (RESULTS, "/en/calls/2026/ledger", f"{RESULTS}/{slug}", "/kk/calls/2026/results")}  # fmt: skip
    assert [each.count('id="correction-') for each in pages.values()] == [2, 1, 1, 2]
    assert "&lt;b&gt;kk {x}&lt;/b&gt;" in pages["/kk/calls/2026/results"]
    told = anybody.get("/api/v1/calls/2026/results").json()["corrections"]
    assert [(each["part"], each["winner"]) for each in told] == [("winner", slug), ("eligible", "")]
    assert len(anybody.get("/api/v1/calls/2026/ledger").json()["corrections"]) == 1
    package = anybody.get(f"{RESULTS}/awards.json").json()
    assert wrong_in(package) == []
    corrected = {each["id"].rsplit("-", 1)[1]: len(each["relatedDocument"]) for each in package["grants"]}
    assert corrected.pop(slug) == 1 and set(corrected.values()) == {0}
    assert "<b>en {x}</b>" in anybody.get(f"{RESULTS}/awards.csv").text
    feed = anybody.get(f"{RESULTS}.atom").text
    assert feed.count("&lt;b&gt;en {x}") == 2 and "<b>" not in feed
    # What was published is as it was, and nobody can take a correction back: not in the database either.
    assert package["grants"][0]["title"] == "Idea 1"
    with session_on(engine, reading=True) as session:
        acts = session.exec(select(AuditEntry.action).where(AuditEntry.action == "results.correct")).all()
        assert len(acts) == len(session.exec(select(CorrectionNotice)).all()) == 2
    for act in ("UPDATE correction_notice SET part = 'ties'", "DELETE FROM correction_notice"):
        with pytest.raises(DBAPIError), session_on(engine) as session, session.begin():
            session.execute(text(act))
