"""The presenter's monitor: what is on the screen, what comes next, and how it is said."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.titles import call_title
from app.events.presenting import Monitor, monitor
from app.messages.labels import choices
from app.pages.clocks import ClockView, clock_view, wall_clock
from app.pages.halls import with_number
from app.pages.page import Page
from app.pages.stage import money
from app.pages.stage_control import has_it, mark_of
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/stage/{pot}/presenter")


@dataclass(frozen=True, kw_only=True)
class PresenterPage(Page):
    """The monitor. Who is revealed next it shows only when asked to: others may look over one's shoulder."""

    template = "stage/presenter.html"
    fragment = "monitor"
    call: str
    call_title: str
    pot: str
    number: int
    monitor: Monitor
    said: str
    clock: ClockView | None
    time: tuple[str, int]
    next_amount: str


@router.get("", name="stage.presenter")
def show_monitor(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    mark, language = mark_of(session, pot), language_of(request)
    if has_it(request, mark):
        return with_number(Response(status_code=204), mark.number, now)
    shown = monitor(session, coordinator, pot, now)
    page = PresenterPage(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        number=mark.number,
        monitor=shown,
        said=choices(language, "stage")[shown.control.screen.scene.value],
        clock=clock_view(shown.control.screen.clock, language, now),
        time=wall_clock(now),
        next_amount=money(language, shown.control.next_amount_minor),
    )
    return with_number(page.response(request), mark.number, now)
