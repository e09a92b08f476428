"""The proof of blindness: whether anything of who applied stands in what reviewers could read."""

import json
from collections.abc import Sequence, Set
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications.readable import number_of
from app.applications.redaction import refs_in_queue
from app.calls.titles import call_title
from app.errors import NotFound
from app.messages import formats, label, sentence, translations
from app.models.proof import ProofState
from app.pages.page import Page, path_to, see_other
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.proof.paper import proof_paper
from app.proof.reports import FullProof, check_blindness, count_reviewers, full_proof, full_proofs
from app.proof.running import AlreadyChecking
from app.proof.words import facts_of, found_of, heads_of, how_checked, result_of, so_far, unread_of
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import disposition
from app.web.language import language_of
from app.web.later import pdf_later
from app.web.sender import sender_for
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/blindness")


@dataclass(frozen=True, slots=True)
class ProofView:
    """One check in words; `unread` says of what the result does not speak.

    `found` is None where nothing was found, or nothing is known yet. Of the `latest` it is said what can be
    done about it.
    """

    number: int
    when: str
    state: str
    tone: str
    done: bool
    clean: bool
    result: str
    unread: Sequence[str]
    facts: Sequence[tuple[str, str]]
    digest: str
    found: TableView | None
    latest: bool


@dataclass(frozen=True, kw_only=True)
class Blindness(Page):
    """All checks of the call, the newest first."""

    template = "desk/blindness.html"
    call: str
    call_title: str
    proofs: Sequence[ProofView]
    how: str
    running: bool
    refused: str


@router.get("", name="blindness.show")
def show(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    return _page(request, session, coordinator, call).response(request)


@router.post("", name="blindness.ask")
def ask(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    try:
        check_blindness(session, coordinator, now)
    except AlreadyChecking as error:
        words = sentence(language_of(request), error.code)
        return _page(request, session, coordinator, call, words).response(request, 409)
    return see_other(request, "blindness.show", call=call, done="proof_asked")


@router.get("/{number}/report.json", name="blindness.report")
def report(session: Db, coordinator: AsCoordinator, call: str, number: str) -> Response:
    """The report as the fingerprint was made of it; NotFound while there is none."""
    found = full_proof(session, coordinator, number_of(number))
    if not found.digest:
        raise NotFound
    said = json.dumps(found.report, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    named = disposition(f"blindness-{call}-{found.number}.json")
    headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
    return Response(said, media_type="application/json", headers=headers)


@router.get("/{number}/report.pdf", name="blindness.paper")
def paper(request: Request, session: Db, coordinator: AsCoordinator, call: str, number: str) -> Response:
    language, which = language_of(request), number_of(number)
    made = proof_paper(session, coordinator, which, language, sender_for(request, language))
    return pdf_later(f"blindness-{call}-{which}.pdf", made)


def _page(
    request: Request, session: Session, coordinator: Coordinator, call: str, refused: str = ""
) -> Blindness:
    language = language_of(request)
    proofs = full_proofs(session, coordinator)
    running = any(each.state is ProofState.RUNNING for each in proofs)
    reviewers = count_reviewers(session, coordinator) if running else 0
    queued = refs_in_queue(session, coordinator, (find.stands_in for each in proofs for find in each.found))
    return Blindness(
        call=call,
        call_title=call_title(session, coordinator, language),
        proofs=[_view(language, call, each, queued, reviewers, latest=each is proofs[0]) for each in proofs],
        how=how_checked(language),
        running=running,
        refused=refused,
    )


def _view(
    language: str, call: str, proof: FullProof, queued: Set[str], reviewers: int, *, latest: bool
) -> ProofView:
    over = proof.state is not ProofState.RUNNING
    done, moment = proof.state is ProofState.DONE, formats.moment(language, proof.done_at or proof.asked_at)
    tones = {ProofState.RUNNING: "info", ProofState.DONE: "none", ProofState.FAILED: "err"}
    return ProofView(
        number=proof.number,
        when=" · ".join(filter(None, (moment, so_far(language, proof, reviewers)))),
        state=label(language, proof.state),
        tone=tones[proof.state],
        done=done,
        clean=done and not proof.found_secrets and not proof.closed,
        result=result_of(language, proof) if done or proof.failed else "",
        unread=unread_of(language, proof) if over else [],
        facts=facts_of(language, proof),
        digest=proof.digest,
        found=_table(language, call, proof, queued) if proof.found else None,
        latest=latest,
    )


def _table(language: str, call: str, proof: FullProof, queued: Set[str]) -> TableView:
    """Where it can be covered, the way there stands with it."""
    *heads, times = heads_of(language)
    return TableView(
        f"found-{proof.number}",
        translations(language).ugettext("What was found, and where"),
        [*map(ColumnView, heads), ColumnView(times, number=True)],
        [
            RowView(
                [
                    TextCell(each.ref),
                    TextCell(each.kind, note=each.sure),
                    TextCell(each.where, each.place, _covering(language, call, each.stands_in, queued)),
                    TextCell(each.times),
                ]
            )
            for each in found_of(language, proof.found)
        ],
    )


def _covering(language: str, call: str, ref: str, queued: Set[str]) -> str:
    return path_to(language, "redaction.show", call=call, ref=ref) if ref in queued else ""
