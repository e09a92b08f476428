"""Schemathesis over the whole API: every check, examples, coverage, fuzzing and a stateful phase.

The seed is fixed, so a failure repeats. Every exclusion is named below with its reason.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.python import asgi
from sqlalchemy import Engine
from starlette.types import Receive, Scope, Send

from app.api.openapi import SCHEME
from app.database import session_on
from tests.api.fuzzed import make_calls, make_tokens
from tests.conftest import Client
from tests.world import World

EXAMPLES = 4
"""For each operation while fuzzing. A limit in seconds would make what is tested a matter of the machine."""

ACCEPTED = ["2xx", "401", "403", "404", "409", "412"]
"""What may answer a request that keeps to the schema: a current version cannot be guessed, so 412 too."""

RULES = {
    "api.show.add": "minutes are a whole number within a day, typed as people type it",
    "api.webhooks.add": "an address is a whole one on the public internet, with https",
    "api.notices.write": "a correction is written in every language, and names its winner",
    "api.calls.create": "an address is given once; a second call of the same one is refused",
    "api.calls.clone": "an address is given once",
    "api.calls.change": "dates must follow each other, and texts that were typed must be whole",
    "api.calls.save_criteria": "codes are unique, sections are those of the call",
    "api.calls.save_rounds": "a code must be one of the call's rounds; a selection has no money",
    "api.calls.choose_organisations": "an organisation must be known, and one with reviewers must stay",
    "api.calls.add_organisation": "a code is given once, and a name is needed in every language",
    "api.calls.open": "what is missing is named",
    "api.calls.extend": "the closing only moves on, and a reason is needed in every language",
    "api.calls.cancel": "a reason is needed in every language",
    "api.panel.add": "a person joins once, an applicant never, and who speaks for an organisation names it",
    "api.reviewers.add": "a person joins once, and an applicant never",
    "api.applications.save": "a section has its own questions; unknown ones are refused by name",
    "api.files.add_picture": "what it is is told by its content, and must be a picture that can be cleaned",
    "api.files.add_document": "what it is is told by its content, and must be a PDF that can be cleaned",
    "api.logos.put": "what it is is told by its content, and must be a picture that shows something on white",
    "api.files.change": "words must say something once their spaces are gone, and a document's are short",
    "api.team.invite": "an address must be one, and not that of somebody who is in the team or invited",
    "api.applications.send": "an unfinished application cannot be sent",
    "api.calls.save_faq": "an entry of an open call is written in every language",
    "api.applications.restore": "an answer is one of the section's, and one that was kept",
    "api.assisted.start": "the day lies in the call, and there is a fact or an address",
    "api.extensions.give": "the instant lies ahead, after the closing and before scoring ends",
    "api.extensions.take_back": "a reason must say something once its spaces are gone",
    "api.applications.correct": "only what was asked for is taken, and it is judged",
    "api.screening.save": "rules are those of the call, and what a decision needs is there",
    "api.screening.decline": "a reason has thirty characters once its spaces are gone",
    "api.screening.reinstate": "a reason has thirty characters once its spaces are gone",
    "api.screening.aside": "the other one must be like it, and a reason has ten characters",
    "api.flags.raise": "words must say something once their spaces are gone, and who gets it coordinates",
    "api.flags.resolve": "an answer must say something once its spaces are gone",
    "api.corrections.ask": "questions are those of the call, and a date is to come and near",
    "api.corrections.extend": "a date is to come, near and later than the one before",
    "api.winner_pictures.choose": "what it shows is said in every language",
    "api.attendance.register": "an address must be one, and who comes agrees to being kept until then",
    "api.pitch.save": "how many come is a number, however it is typed",
    "api.results.publish": "who has nobody to confirm it gives a reason",
    "api.feedback.save": "words must say something once their spaces are gone",
    "api.factual.write": "words must say something once their spaces are gone",
    "api.factual.answer": "words must say something once their spaces are gone",
    "api.seal.make": "who has nobody to confirm it gives a reason",
    "api.ties.pin": "the application and the person must be the call's",
    "api.ties.declare": "the application must be the call's",
    "api.ties.decide": "what is decided must be suspected",
    "api.ties.lift": "the tie must stand, and be what was looked at",
    "api.desk.remind": "something must wait for the reviewer",
    "api.redaction.decide": "a number is whole, and the places are those of what was sent",
    "api.redaction.clear": "a number is whole: that of the sending that was read",
    "api.redaction.clear_plain": "the count is the one that was shown",
    "api.needed.show": "fewer are chosen than apply, and an earlier call is there to go by",
    "api.phases.plan": "the instant lies ahead",
    "api.blind.ask": "a reason has thirty characters once its spaces are gone",
    "api.thirds.assign": "the application must need a third review, and the reviewer be free",
    "api.returns.make": "a note has ten characters once its spaces are gone, and the review is sent",
    "api.practice.compare": "criteria are those of the call, and a score is on its scale",
    "api.seats.invite": "an address is nobody's on the panel, the day lies ahead, the organisation is known",
    "api.own_seats.accept": "topics are themes of the call",
    "api.own_seats.decline": "a reason says something, and a colleague has an address",
    "api.contact.propose": "an address must be one",
    "api.reading.save": "topics are themes of the call",
    "api.reviewers.save_reading": "topics are themes of the call",
    "api.own_requests.more_time": "the date is later than one's own, and a reason says something",
    "api.own_requests.give_back": "no more is given back than is not begun, and a reason says something",
    "api.requests.answer": "who refuses says why",
    "api.reviews.raise_flag": "words must say something once their spaces are gone",
    "api.assignments.propose": "organisations with a limit of their own are those of the call",
    "api.assignments.adjust": "the reviewer must be on the panel and free to have it",
    "api.assignments.hand_on": "whoever hands on must be on the panel",
    "api.assignments.read_sheet": "the rows are a table with the columns of the one that is sent out",
    "api.assignments.make": "the reviewer must be on the panel",
    "api.reviews.save": "criteria are those of the call, and a score is on its scale",
    "api.reviews.send": "an incomplete review cannot be sent",
    "api.ranking.excuse": "a reason must say something once its spaces are gone",
    "api.ranking.ask_extras": "the application must be offered, and the reviewer be free",
    "api.ranking.what_if": "weights are of the call's criteria, and who is left out has reviewed",
    "api.ranking.reopen": "a reason must say something once its spaces are gone",
    "api.awards.give": "below the line a reason is needed; a selection has no money",
    "api.awards.change": "a selection has no money",
    "api.event.save": "the evening lies ahead, and the hall holds those who have a place",
    "api.jury.add": "an address must be one, and the organisation the call's",
    "api.jury.change": "an address must be one",
    "api.jury.close": "a reason must say something once its spaces are gone",
    "api.jury.open": "a reason must say something once its spaces are gone",
    "api.jury.remove": "a reason must say something once its spaces are gone",
    "api.ballots.key": "criteria are those of the round, scores on their scale, and something is keyed",
    "api.tally.close": "where nobody pitched a reason is needed",
    "api.tally.reopen": "a reason must say something once its spaces are gone",
    "api.pitch.reply": "an answer must say something once its spaces are gone",
    "api.reserve.promote": "somebody else than the next needs a reason",
    "api.reserve.ask": "a reason must say something once its spaces are gone",
    "api.rounds.move_line": "the line stands between what is promised and what there is",
    "api.departures.explain": "a reason must say something once its spaces are gone",
    "api.meeting.save": "who was there is on the panel",
    "api.meeting.add": "the application must be in the order",
    "api.meeting.save_case": "a departure has a reason, and a round where there are several",
    "api.decision.reopen": "a reason must say something once its spaces are gone",
}
"""Operations whose rules judge more than a schema can say, and may so answer 422 to what keeps to it."""

CHECKS: dict[str, Any] = {
    "positive_data_acceptance": {"expected-statuses": ACCEPTED},
    # A missing If-Match is 428, which Schemathesis does not count among refusals by itself.
    "missing_required_header": {"expected-statuses": ["401", "404", "422", "428"]},
    # A header that was drawn by chance may say that the request comes from another site: 403.
    "negative_data_rejection": {
        "expected-statuses": ["401", "403", "404", "405", "409", "412", "413", "415", "422", "428"]
    },
}


CLEANED = ["api.reviews.answer_tie"]
"""Texts lose control characters before they are measured: one that is too long only by them is taken."""


class Fresh:
    """The application with a lifespan of its own: Schemathesis keeps one for each object it is given."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def configuration(known: dict[str, list[str]]) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": 20260322,
            "continue-on-failure": True,
            "dictionaries": {name: {"values": values} for name, values in known.items()},
            "parameters": {f"path.{name}": {"dictionary": name, "probability": 0.8} for name in known},
            "operations": [
                {
                    "include-operation-id": sorted(RULES),
                    "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "422"]}},
                },
                {
                    "include-operation-id": CLEANED,
                    "checks": {
                        "negative_data_rejection": {
                            "expected-statuses": [
                                "2xx",
                                *CHECKS["negative_data_rejection"]["expected-statuses"],
                            ]
                        }
                    },
                },
            ],
            # A NUL cannot be stored by PostgreSQL: `test_refusals.py` sees it refused everywhere.
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "allow-x00": False,
                "no-shrink": True,
            },
            "phases": {"stateful": {"max-steps": 6, "generation": {"max-examples": 8}}},
            "checks": CHECKS,
        }
    )


@pytest.mark.slow
def test_schema_is_kept(built: FastAPI, client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        known, tokens = make_calls(session, world), make_tokens(session, world)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", Fresh(built), config=configuration(known))

    @schema.auth(refresh_interval=None, cache_by_key=lambda case, _context: role_of(case))
    class Token:
        def get(self, case: "schemathesis.Case[Any]", _context: schemathesis.AuthContext) -> str:
            return tokens[role_of(case)]

        def set(self, case: "schemathesis.Case[Any]", token: str, _context: schemathesis.AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {token}"

    tested: Counter[str] = Counter()
    try:
        failures = {words for event in from_schema(schema).execute() for words in told(event, tested)}
    finally:
        asgi.shutdown_lifespans()
    assert not failures, "\n\n".join(sorted(failures))
    assert tested["checked"] > 5000
    assert all(tested[phase] for phase in ("examples", "coverage", "fuzzing", "stateful")), tested


def role_of(case: "schemathesis.Case[Any]") -> str:
    """The role that the operation asks for, as the document names it."""
    ((scope,),) = [entry[SCHEME] for entry in case.operation.definition.raw["security"]] or [[""]]
    return str(scope.partition(":")[0]) or "applicant"


def told(event: events.EngineEvent, tested: Counter[str]) -> Iterator[str]:
    """What an event says went wrong; `tested` counts what was done."""
    if isinstance(event, events.FatalError):
        raise event.exception
    if isinstance(event, events.NonFatalError):
        yield f"{event.label}: {event.info.format()}"
    if isinstance(event, events.ScenarioFinished):
        tested[event.phase.value] += len(event.recorder.interactions)
        for case_id, checks in event.recorder.checks.items():
            tested["checked"] += len(checks)
            answer = event.recorder.interactions[case_id].response
            body = answer.content.decode(errors="replace")[:400] if answer else ""
            for check in checks:
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    yield (
                        f"[{event.phase.value}] {event.label} {check.name}: {failure.title}\n"
                        f"{failure.message}\n{check.failure_info.code_sample}\n{body}"
                    )
