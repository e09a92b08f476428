"""The dates of a call as a calendar that one subscribes to: they move there when the call moves them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.dates import CallDate, CallDates, call_dates
from app.messages import formats
from app.messages.labels import choices
from app.pages.page import text_in
from app.pages.public_addresses import address_of, host_of
from app.web.ical import Occasion, calendar
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}")
MINUTES = 15


@router.get("/dates.ics", name="calls.calendar")
def call_calendar(request: Request, session: Db, call: str) -> Response:
    found = call_dates(session, call)
    language = language_of(request)
    return Response(
        calendar(
            text_in(language, found.title),
            language,
            [_occasion(request, found, each) for each in found.dates],
        ),
        media_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": f"public, max-age={MINUTES * 60}",
            "Content-Disposition": f'inline; filename="{found.slug}.ics"',
        },
    )


def _occasion(request: Request, call: CallDates, each: CallDate) -> Occasion:
    language, zone = language_of(request), ZoneInfo(call.timezone)
    words = choices(language, "calendar")[each.what]
    when: date | datetime = each.at.astimezone(zone).date() if each.whole_day else each.at
    said = formats.day(language, each.at, zone) if each.whole_day else formats.moment(language, each.at, zone)
    return Occasion(
        uid=f"{call.slug}-{each.key}@{host_of(request)}",
        sequence=each.changes,
        stamped=call.changed_at,
        at=when,
        summary=f"{words}: {text_in(language, each.name) or text_in(language, call.title)}",
        about=f"{text_in(language, call.title)}\n{words}: {said}",
        minutes=each.minutes,
        url=address_of(request, language, "audience.show", call=call.slug, pot=each.round)
        if each.round
        else address_of(request, language, "calls.show", call=call.slug),
        place=text_in(language, each.place),
        cancelled=call.cancelled,
    )
