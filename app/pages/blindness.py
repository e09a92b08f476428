"""The proof of blindness: whether anything of who applied stands in what reviewers could read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications.readable import number_of
from app.calls.titles import call_title
from app.messages import formats, label, sentence, translations
from app.messages.labels import choices
from app.models.proof import ProofState
from app.pages.page import Page, see_other
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.proof.reports import FullFind, FullProof, check_blindness, full_proof, full_proofs
from app.proof.running import AlreadyChecking
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import disposition
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/blindness")


@dataclass(frozen=True, slots=True)
class ProofView:
    """One check in words; `found` is None where nothing was found, or nothing is known yet."""

    number: int
    when: str
    state: str
    tone: str
    done: bool
    clean: bool
    result: str
    facts: Sequence[tuple[str, str]]
    digest: str
    found: TableView | None


@dataclass(frozen=True, kw_only=True)
class Blindness(Page):
    """All checks of the call, the newest first."""

    template = "desk/blindness.html"
    call: str
    call_title: str
    proofs: Sequence[ProofView]
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
    said = json.dumps(found.report, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    named = disposition(f"blindness-{call}-{found.number}.json")
    headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
    return Response(said, media_type="application/json", headers=headers)


def _page(
    request: Request, session: Session, coordinator: Coordinator, call: str, refused: str = ""
) -> Blindness:
    language = language_of(request)
    proofs = full_proofs(session, coordinator)
    return Blindness(
        call=call,
        call_title=call_title(session, coordinator, language),
        proofs=[_view(language, each) for each in proofs],
        running=any(each.state is ProofState.RUNNING for each in proofs),
        refused=refused,
    )


def _view(language: str, proof: FullProof) -> ProofView:
    gettext = translations(language).ugettext
    done = proof.state is ProofState.DONE
    counted = (
        (gettext("Applications"), proof.applications),
        (gettext("Reviewers"), proof.reviewers),
        (gettext("Pages, answers, files and mails read"), proof.texts),
        (gettext("Of these, mails"), proof.mails),
        (gettext("Of these, pictures that only a person can check"), proof.unreadable),
    )
    tones = {ProofState.RUNNING: "info", ProofState.DONE: "ok", ProofState.FAILED: "err"}
    return ProofView(
        number=proof.number,
        when=formats.moment(language, proof.done_at or proof.asked_at),
        state=label(language, proof.state),
        tone=tones[proof.state],
        done=done,
        clean=done and not proof.found_secrets,
        result=_result(language, proof) if done else "",
        facts=[
            (words, formats.number(language, number))
            for words, number in counted
            if done and number is not None
        ],
        digest=proof.digest,
        found=_table(language, proof) if proof.found else None,
    )


def _result(language: str, proof: FullProof) -> str:
    """Of how many is said to whoever may know of all of them."""
    gettext = translations(language).ugettext
    found = formats.number(language, proof.found_secrets)
    if proof.secrets is None:
        return gettext("Known secrets found: {found}").format(found=found)
    secrets = formats.number(language, proof.secrets)
    return gettext("Known secrets found: {found} of {secrets}").format(found=found, secrets=secrets)


def _table(language: str, proof: FullProof) -> TableView:
    gettext = translations(language).ugettext
    return TableView(
        f"found-{proof.number}",
        gettext("What was found, and where"),
        [
            ColumnView(gettext("Application")),
            ColumnView(gettext("What")),
            ColumnView(gettext("Where")),
            ColumnView(gettext("Times"), number=True),
        ],
        [_row(language, each) for each in proof.found],
    )


def _row(language: str, find: FullFind) -> RowView:
    gettext = translations(language).ugettext
    sure = gettext("found") if find.sure else gettext("may be one")
    kind = choices(language, "leaks")[find.kind]
    place = choices(language, "proof_places")[_kind_of(find.place)]
    return RowView(
        [
            TextCell(find.ref),
            TextCell(kind, note=sure),
            TextCell(place, note=find.place),
            TextCell(formats.number(language, find.times)),
        ]
    )


def _kind_of(place: str) -> str:
    if place == "mail":
        return "mail"
    if "file" in place:
        return "file"
    return "api" if place.startswith("api.") else "page"
