"""The awards of a call as files for anybody: 360Giving JSON, CSV and XLSX."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlmodel import Session

from app.calls.titles import themes_of
from app.decisions.open_data import Publisher, about, last_change, package, table
from app.decisions.results import PublicResults, results
from app.messages import translations
from app.messages.answers import in_language
from app.messages.labels import choices
from app.pages.public_addresses import address_of, base_of
from app.settings import Settings
from app.sheets import sheet_of, workbook_of
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/results")
KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/awards.json", name="results.giving")
def giving(request: Request, session: Db, now: Now, call: str) -> Response:
    found, publisher = _asked(request, session, now, call)
    return JSONResponse(
        package(found, publisher, language_of(request)), headers=KEPT | _name(request, call, "json")
    )


@router.get("/awards.csv", name="results.table")
def as_csv(request: Request, session: Db, now: Now, call: str) -> Response:
    found, publisher = _asked(request, session, now, call)
    return Response(
        sheet_of(table(found, publisher, language_of(request))),
        media_type="text/csv; charset=utf-8",
        headers=KEPT | _name(request, call, "csv"),
    )


@router.get("/awards.xlsx", name="results.workbook")
def as_workbook(request: Request, session: Db, now: Now, call: str) -> Response:
    found, publisher = _asked(request, session, now, call)
    language = language_of(request)
    grants, meta = table(found, publisher, language), about(found, publisher, language)
    made = workbook_of({"grants": grants, "meta": meta}, last_change(found))
    return Response(made, media_type=WORKBOOK, headers=KEPT | _name(request, call, "xlsx"))


def _asked(request: Request, session: Session, now: Now, call: str) -> tuple[PublicResults, Publisher]:
    found = results(session, call, now)
    return found, publisher_of(request, session, call, language_of(request))


def publisher_of(request: Request, session: Session, call: str, language: str) -> Publisher:
    """Who publishes the awards of a call, in a language."""
    settings: Settings = request.state.settings
    programme = request.state.programme.get(request.state.engine)
    name = (in_language(language, programme.name) if programme else "") or "Baige"
    words = translations(language).ugettext(
        "Anybody may use these data under the licence {licence}, if they name the publisher: {name}."
    )
    return Publisher(
        name=name,
        prefix=settings.data_prefix,
        website=base_of(request),
        page=address_of(request, language, "results.list", call=call),
        file=address_of(request, language, "results.giving", call=call),
        licence=settings.data_licence,
        statement=words.format(licence=settings.data_licence, name=name),
        correction=translations(language).ugettext("Correction"),
        districts=choices(language, "districts"),
        themes=themes_of(session, call, language),
    )


def _name(request: Request, call: str, kind: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{call}-awards-{language_of(request)}.{kind}"'}
