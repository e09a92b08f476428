"""A check looks at the site with each reviewer's eyes: it finds what is planted, and nothing elsewhere."""

import json
from hashlib import sha256

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.messages import keep_message
from app.database import session_on
from app.leaks.kinds import Kind
from app.messages.words.leaks import CHOICES
from app.models.applications import Application
from app.models.panel import PanelMember
from app.models.people import BlindnessProof
from app.models.proof import ProofState
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Tie
from app.proof.reports import FullProof, check_blindness, full_proof
from app.proof.running import MOST_TRIES, AlreadyChecking
from app.proving import prove_next
from app.settings import Settings
from app.wall import Wall, put_up
from tests.conftest import Client, Clock
from tests.documents.opened import text_of
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import World, key

EVERYWHERE = {"reviews.list", "reviews.edit", "reviews.tie", "api.reviews.list", "api.reviews.show"}
PAGE = "/en/desk/2026/blindness"


@pytest.fixture
def scored(engine: Engine, world: World) -> str:
    """Rita and Anna score Ada's application; its reference."""
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        for name in ("rita", "anna"):
            make_assignment(session, world, application, name)
        return application.ref


def checked(engine: Engine, settings: Settings, world: World) -> FullProof:
    """A whole check, as the job worker makes it."""
    with session_on(engine) as session, session.begin():
        number = check_blindness(session, world.coordinator(), REVIEWING)
    while prove_next(engine, settings, REVIEWING):
        pass
    with session_on(engine, reading=True) as session:
        return full_proof(session, world.coordinator(), number)


def packet(session: Session) -> ClearedPacket:
    return session.exec(select(ClearedPacket)).one()


def test_nothing_is_found_where_nothing_leaks_and_everything_is_where_it_does(
    client: Client, engine: Engine, settings: Settings, world: World, scored: str, clock: Clock
) -> None:
    clean = checked(engine, settings, world)
    assert (clean.state, clean.applications, clean.reviewers) == (ProofState.DONE, 1, 4)
    assert clean.found == []
    assert clean.secrets == 4, "her name as typed and in her team, her address and her number"
    assert clean.report["places"].keys() >= EVERYWHERE
    assert clean.report["places"]["reviews.edit"] == 2 * 3, "two reviewers, three languages"
    assert clean.texts == sum(clean.report["places"].values())
    assert {each.removeprefix("api.") for each in clean.report["places"]} <= CHOICES["proof_places"].keys()
    clock.now = REVIEWING
    cora, told = client("cora"), "that the newest check found in what reviewers can read: "
    assert told not in cora.get("/en/desk/2026").text
    again = checked(engine, settings, world)
    assert (again.number, again.report["sha256"]) == (2, clean.report["sha256"]), "equal texts, equal print"
    ada, rita = world.people["ada"], world.people["rita"]
    with session_on(engine) as session, session.begin():
        row = packet(session)
        row.title = f"The garden of {ada.name}"
        row.data = row.data | {"need": row.data["need"] | {"problem": f"Ask {ada.name.split()[-1]} herself."}}
        session.add(row)
        body, about = f"It is from {ada.email}.", {"language": "en", "subject": "Something waits"}
        keep_message(session, key(rita), ref="", body=body, now=REVIEWING, **about)
        # What Rita was sent about an application of her own is no leak.
        keep_message(session, key(rita), ref="WA25-OWN", body=body, now=REVIEWING, **about)
    found = checked(engine, settings, world)
    assert {(each.ref, each.kind) for each in found.found if each.sure} == {
        (scored, Kind.OWN_NAME), (scored, Kind.EMAIL),
    }  # fmt: skip
    assert found.found_secrets == 2
    named = {each.place: each.times for each in found.found if each.kind is Kind.OWN_NAME}
    assert named.keys() >= EVERYWHERE
    assert {each.place: each.times for each in found.found if each.kind is Kind.EMAIL} == {"mail": 1}
    # The desk says so, and the page leads to where it can be covered, and names no route.
    assert f"{told}2" in cora.get("/en/desk/2026").text
    page = cora.get(PAGE).text
    assert f'href="/en/desk/2026/redaction/{scored}"' in page
    assert "an application as it is scored" in page
    assert "reviews.edit" not in page


def test_a_text_that_is_not_open_yet_is_read_and_said_to_be_closed(
    client: Client, engine: Engine, settings: Settings, world: World, clock: Clock
) -> None:
    """Nobody has answered the question about ties: a bare nought would speak of what nobody has read."""
    with session_on(engine) as session, session.begin():
        application, planted = make_sent_application(session, world), f"Ask {world.people['ada'].name}."
        open_reviewing_rows(session, world)
        for name, tie in (("rita", None), ("anna", None), ("rolf", Tie.TIE)):
            make_assignment(session, world, application, name, tie=tie)
    clean = checked(engine, settings, world)
    assert (clean.state, clean.given, clean.closed, clean.found) == (ProofState.DONE, 2, 2, [])
    assert clean.report["places"]["cleared"] == 2
    page = client("cora").get(PAGE).text
    assert "Texts that were not open to their reviewers yet: 2 of 2." in page
    assert 'class="panel ok"' not in page, "it is done, and says nothing of what is closed"
    assert "not open to their reviewers yet: 2 of 2" in " ".join(
        text_of(client("cora").get(f"{PAGE}/1/report.pdf").content).split()
    )
    with session_on(engine) as session, session.begin():
        row = packet(session)
        row.data = row.data | {"need": row.data["need"] | {"problem": planted}}
        session.add(row)
    found = checked(engine, settings, world)
    assert {(each.kind, each.place, each.stands_in, each.times) for each in found.found if each.sure} == {
        (Kind.OWN_NAME, "cleared", application.ref, 2)
    }
    with session_on(engine) as session, session.begin():
        rows = session.exec(select(Assignment).where(col(Assignment.tie).is_(None))).all()
        rows[0].tie = Tie.NONE
    opened = checked(engine, settings, world)
    assert (opened.given, opened.closed) == (2, 1)
    assert {"api.reviews.show", "cleared"} <= {each.place for each in opened.found}


def test_what_stands_in_the_text_of_another_is_named_by_the_text_to_open(
    client: Client, engine: Engine, settings: Settings, world: World, scored: str, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        other = make_sent_application(session, world, "ben", "Benches")
        make_assignment(session, world, other, "rita")
        row = session.exec(select(ClearedPacket).where(ClearedPacket.application_id == key(other))).one()
        row.data = row.data | {"need": row.data["need"] | {"problem": f"{world.people['ada'].email} knows."}}
        session.add(row)
        where = other.ref
    found = checked(engine, settings, world)
    assert {(each.ref, each.stands_in) for each in found.found} == {(scored, where)}
    assert {name.split("|")[4] for name in found.report["found"]} == {other_code(engine, where)}
    table = client("cora").get(PAGE).text.split('id="found-1"')[1]
    assert f'href="/en/desk/2026/redaction/{where}"' in table
    assert f'href="/en/desk/2026/redaction/{scored}"' not in table, "its own text is clean"
    with session_on(engine, reading=True) as session:
        put_up(session, Wall(frozenset({key(other)}), frozenset({where, other_code(engine, where)})))
        assert full_proof(session, world.coordinator(), 1).found == [], "nor that it stands there"


def other_code(engine: Engine, ref: str) -> str:
    with session_on(engine, reading=True) as session:
        return session.exec(select(Application.code).where(Application.ref == ref)).one()


def test_what_could_not_be_read_is_counted_and_such_a_check_proves_nothing(
    client: Client,
    engine: Engine,
    settings: Settings,
    world: World,
    scored: str,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The typesetter is away: what it makes is asked for twice, and not taken for a refusal."""
    monkeypatch.setattr("app.documents.packets.SECONDS_OF_MANY", 0)
    found = checked(engine, settings, world)
    assert (found.state, found.digest, found.report) == (ProofState.FAILED, "", {})
    assert found.failed and found.found == []
    page = client("cora").get(PAGE).text
    assert f"Pages, answers and files that could not be read: {found.failed}." in page
    assert "check done" not in page
    assert 'class="panel ok"' not in page
    assert client("cora").get(f"{PAGE}/1/report.json").status_code == 404


def test_who_was_removed_has_their_mails_still(
    engine: Engine, settings: Settings, world: World, scored: str
) -> None:
    rita = world.people["rita"]
    with session_on(engine) as session, session.begin():
        keep_message(
            session, key(rita), ref="", body=f"It is from {world.people['ada'].email}.", now=REVIEWING,
            language="en", subject="Something waits",
        )  # fmt: skip
        session.exec(
            select(PanelMember).where(PanelMember.person_id == key(rita))
        ).one().removed_at = REVIEWING
    found = checked(engine, settings, world)
    assert found.reviewers == 3
    assert {(each.kind, each.place) for each in found.found} == {(Kind.EMAIL, "mail")}


def test_a_column_of_the_identity_is_found_when_a_query_shows_it(
    engine: Engine, settings: Settings, world: World, scored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever way the name takes to the page: here a template's help line."""
    monkeypatch.setattr("app.pages.shell._text", lambda *_: f"Ask {world.people['ada'].email}")
    found = checked(engine, settings, world).found
    assert {each.kind for each in found} == {Kind.EMAIL}
    assert {"reviews.list", "reviews.edit", "reviews.tie"} <= {each.place for each in found}


def test_one_check_at_a_time_and_a_broken_one_ends(
    engine: Engine, settings: Settings, world: World, scored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_on(engine) as session, session.begin():
        check_blindness(session, world.coordinator(), REVIEWING)
    with session_on(engine) as session, pytest.raises(AlreadyChecking):
        check_blindness(session, world.coordinator(), REVIEWING)
    monkeypatch.setattr("app.proving.fetched", broken)
    for _ in range(MOST_TRIES):
        with pytest.raises(ZeroDivisionError):
            prove_next(engine, settings, REVIEWING)
        assert not prove_next(engine, settings, REVIEWING), "it rests before it is tried again"
        with session_on(engine) as session, session.begin():
            session.exec(select(BlindnessProof)).one().claimed_until = None
    assert not prove_next(engine, settings, REVIEWING)
    with session_on(engine, reading=True) as session:
        assert session.exec(select(col(BlindnessProof.state))).one() is ProofState.FAILED


def broken(*_: object) -> None:
    raise ZeroDivisionError


def test_a_coordinator_asks_on_the_page_and_takes_the_report_along(
    client: Client, engine: Engine, settings: Settings, world: World, scored: str, clock: Clock
) -> None:
    clock.now = REVIEWING
    cora = client("cora")
    assert "Nothing has been checked yet" in cora.get(PAGE).text
    assert cora.get(f"{PAGE}/1/report.json").status_code == 404
    assert cora.post(PAGE).headers["location"] == f"{PAGE}?done=proof_asked"
    assert "Check now" not in cora.get(PAGE).text
    assert {cora.get(f"{PAGE}/1/report.{kind}").status_code for kind in ("json", "pdf")} == {404}
    refused = cora.post(PAGE)
    assert (refused.status_code, "A check is under way" in refused.text) == (409, True)
    while prove_next(engine, settings, REVIEWING):
        pass
    page, report = cora.get(PAGE).text, cora.get(f"{PAGE}/1/report.json")
    secrets = json.loads(report.content)["secrets"]
    assert f"Known secrets found: 0 of {secrets}" in page
    assert sha256(report.content).hexdigest() in page, "the fingerprint is of the file itself"
    assert report.headers["content-disposition"].endswith("blindness-2026-1.json")
    paper = cora.get(f"{PAGE}/1/report.pdf")
    assert paper.headers["content-disposition"].startswith('attachment; filename="blindness-2026-1.pdf"')
    words = text_of(paper.content)
    assert f"Known secrets found: 0 of {secrets}" in words
    assert sha256(report.content).hexdigest() in words.replace(" ", ""), "the paper names its file"
    api = client("cora", api=True).get("/api/v1/calls/2026/blindness/1/report.pdf")
    assert api.content == paper.content, "equal reports, equal bytes"
    for address in (PAGE, f"{PAGE}/1/report.json", f"{PAGE}/1/report.pdf"):
        assert client("rita").get(address).status_code == 404


def test_the_wall_hides_what_was_found_of_an_application_with_a_tie(
    engine: Engine, world: World, scored: str
) -> None:
    """Not that there is anything, nor in sums: the report is the same whatever stands behind the wall."""
    with session_on(engine) as session, session.begin():
        other = make_sent_application(session, world, "ben", "Benches")
        hidden = Wall(frozenset({key(other)}), frozenset({other.ref, other.code}))
        report = {
            "found": {f"{ref}|own_name|reviews.edit|sure": 1 for ref in (scored, other.ref)},
            "applications": 2, "secrets": 8, "reviewers": 4, "places": {"mail": 2},
        }  # fmt: skip
        session.add(
            BlindnessProof(
                call_id=key(world.call), number=1, state=ProofState.DONE, asked_at=REVIEWING, report=report,
                digest="1" * 64,
            )
        )  # fmt: skip
    with session_on(engine, reading=True) as session:
        assert len(full_proof(session, world.coordinator(), 1).found) == 2
        put_up(session, hidden)
        proof = full_proof(session, world.coordinator(), 1)
    assert [each.ref for each in proof.found] == [scored]
    assert (proof.found_secrets, proof.digest, proof.report) == (1, "", {})
    sums = (proof.applications, proof.reviewers, proof.secrets, proof.texts, proof.mails, proof.unreadable)
    assert {*sums} == {None}


def test_what_can_be_done_stands_with_the_newest_check_that_found_something(
    client: Client, engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = make_sent_application(session, world).ref
        for number in (1, 2):
            session.add(
                BlindnessProof(
                    call_id=key(world.call), number=number, state=ProofState.DONE, asked_at=REVIEWING,
                    report={"found": {f"{ref}|own_name|reviews.edit|sure": 1}}, digest="1" * 64,
                )
            )  # fmt: skip
    page = client("cora").get(PAGE).text
    newest, older = page.split('id="proof-2"')[1].split('id="proof-1"')
    advice = "cover it there and clear the text again"
    assert (advice in newest, advice in older) == (True, False)
    assert 'class="tag ok"' not in page, "a check that found something is done, and is not well"
