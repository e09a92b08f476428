"""Three letters as they would leave, in the language of who gets them."""

from dataclasses import dataclass

from fastapi import Request

from app.decisions.result_letter import result_values
from app.decisions.samples import samples
from app.messages.labels import choices
from app.pages.page import path_to
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.mail_text import letter
from app.web.sender import sender_for
from app.web.session import Db


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter: to whom of which kind, its language, subject and body."""

    kind: str
    lang: str
    subject: str
    body: str


def letter_views(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, language: str
) -> list[LetterView]:
    """One for each kind that there is; addresses are those of the site."""
    settings, kinds = request.state.settings, choices(language, "letter_kinds")
    made = []
    for each in samples(session, coordinator, now):
        sender = sender_for(request, each.language)
        values = result_values(each.language, each.outcome, each.feedback, settings.factual_error_days)
        written = letter(
            each.language,
            "result",
            name=each.name,
            brand=sender.brand,
            help=sender.help,
            funder=sender.funder,
            link=settings.base_url + path_to(each.language, "applications.result", ref=each.outcome.ref),
            results=settings.base_url + path_to(each.language, "results.list", call=call),
            **values,
        )
        made.append(LetterView(kinds[each.kind], each.language, written.subject, written.body))
    return made
