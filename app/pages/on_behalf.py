"""That the programme types in an application for its owner: what each of the two is told."""

from dataclasses import dataclass

from app.applications.own_models import OwnApplication
from app.messages import formats, translations
from app.messages.labels import choices
from app.pages.page import path_to


@dataclass(frozen=True, slots=True)
class EnteredView:
    """`desk` leads who types it in back to the desk; `can_take_over`: its owner may go on alone."""

    words: str
    desk: str
    can_take_over: bool


def entered_view(language: str, own: OwnApplication) -> EnteredView | None:
    """None where its own team typed it."""
    entered = own.entered
    if entered is None:
        return None
    gettext = translations(language).ugettext
    if entered.by_me:
        words = gettext("You type this in on behalf of its owner. Every change is in the log.")
    elif entered.ended_at is None:
        words = gettext("The programme is typing in this application on your behalf. {came}")
    else:
        words = gettext("The programme typed in this application on your behalf. {came}")
    came = gettext("It came on {day}, {channel}.").format(
        channel=choices(language, "came")[entered.channel], day=formats.day(language, entered.received_on)
    )
    return EnteredView(
        words=words.format(came=came),
        desk=path_to(language, "assisted.show", call=own.call, ref=own.ref) if entered.by_me else "",
        can_take_over=own.owner and entered.ended_at is None,
    )
