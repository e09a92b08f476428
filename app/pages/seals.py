"""Seals of a call's results, for everybody: shown before, and opened for checking once all is public."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.public import public_call
from app.decisions.seals import PublicSeal, public_seals, seal_bytes
from app.messages import formats, translations
from app.pages.page import Page, path_to, text_in
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.web.clock import Now
from app.web.downloads import HEADERS, disposition
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/seal")


@dataclass(frozen=True, slots=True)
class SealView:
    """One seal in words; `href` leads to its file once it is open. `whole`: every title is the sealed one."""

    id: str
    name: str
    number: int
    sha256: str
    when: str
    void: str
    sums: str
    hashes: str
    href: str
    document: str
    nonce: str
    winners: TableView | None
    whole: bool


@dataclass(frozen=True, kw_only=True)
class SealList(Page):
    """Every seal of a call, and how anybody can check it."""

    template = "results/seals.html"
    call: str
    call_title: str
    seals: Sequence[SealView]


@router.get("", name="seals.list")
def list_seals(request: Request, session: Db, now: Now, call: str) -> Response:
    language = language_of(request)
    title = public_call(session, call, now).title
    views = [_view(language, call, each) for each in public_seals(session, call)]
    return SealList(
        call=call,
        call_title=text_in(language, title),
        seals=views,
    ).response(request)


@router.get("/{pot}/results.txt", name="seals.file")
def sealed_file(session: Db, call: str, pot: str) -> Response:
    """To the byte what was hashed, so that any tool can check it."""
    headers = HEADERS | {"Content-Disposition": disposition(file_name(call, pot))}
    return Response(seal_bytes(session, call, pot), media_type="text/plain; charset=utf-8", headers=headers)


def file_name(call: str, pot: str) -> str:
    """What the file of a seal is called."""
    return f"results-{call}-{pot}.txt"


def _view(language: str, call: str, seal: PublicSeal) -> SealView:
    opened = seal.nonce is not None
    return SealView(
        id=f"seal-{seal.round}-{seal.number}",
        name=text_in(language, seal.name),
        number=seal.number,
        sha256=seal.sha256,
        when=formats.moment(language, seal.sealed_at),
        void=formats.moment(language, seal.voided_at) if seal.voided_at else "",
        sums=f"sha256sum {file_name(call, seal.round)}",
        hashes=f"Get-FileHash {file_name(call, seal.round)}",
        href=path_to(language, "seals.file", call=call, pot=seal.round) if opened else "",
        document=seal.document or "",
        nonce=seal.nonce or "",
        winners=_winners(language, seal) if opened else None,
        whole=all(each.same for each in seal.winners),
    )


def _winners(language: str, seal: PublicSeal) -> TableView:
    gettext = translations(language).ugettext
    return TableView(
        id=f"winners-{seal.round}-{seal.number}",
        caption=gettext("What was sealed, in the order of the announcement"),
        columns=[
            ColumnView(gettext("Project")),
            ColumnView(gettext("Amount"), number=True),
        ],
        rows=[
            RowView(
                [
                    TextCell(
                        each.title or "–",
                        "" if each.same else gettext("changed since"),
                        path_to(language, "results.show", slug=each.slug) if each.slug else "",
                    ),
                    TextCell(
                        formats.euros(language, each.amount_minor) if each.amount_minor is not None else "–"
                    ),
                ]
            )
            for each in seal.winners
        ],
    )
