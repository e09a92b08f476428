"""What somebody agreed to for one application: what holds now, what was said when, and how to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.applications import actions
from app.applications.own import own_application, own_consents
from app.applications.own_models import OwnApplication, OwnConsent, OwnConsentStep
from app.applications.status import Move
from app.errors import Invalid
from app.messages import formats, translations, words_of
from app.messages.labels import choices
from app.models.applications import Status
from app.pages.forms import typed
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.shell import LANGUAGE_NAMES
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/my/{ref}/consents")
Given = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent as it stands: `act` is what its button does, empty where it has none."""

    kind: str
    text: str
    hint: str
    state: str
    act: str
    button: str


@dataclass(frozen=True, slots=True)
class SaidView:
    """One thing that was said about a consent, in words."""

    when: str
    moment: str
    said: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ApplicationConsents(Page):
    """All consents of one person for one application."""

    template = "applications/consents.html"
    ref: str
    call_title: str
    needed: Sequence[ConsentView]
    optional: Sequence[ConsentView]
    leave: str
    owner: bool
    said: Sequence[SaidView]


@router.get("", name="applications.consents")
def show(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_consents(session, applicant, ref, now)
    language = language_of(request)
    return ApplicationConsents(
        ref=ref,
        call_title=text_in(language, own.application.call_title),
        needed=[_consent(language, each) for each in own.consents if each.needed],
        optional=[_consent(language, each) for each in own.consents if not each.needed],
        leave=_leave(language, own.application),
        owner=own.application.owner,
        said=[_said(language, each) for each in reversed(own.steps)],
    ).response(request)


@router.post("", name="applications.change_consent")
def change(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, given: Given
) -> Response:
    act, _, kind = str(given.get("_action", "")).partition(":")
    if act not in {"give", "take_back"}:
        own_application(session, applicant, ref, now)
        raise Invalid({"_action": "form.incomplete"})
    actions.change_consent(
        session, applicant, ref, kind, given=act == "give", language=language_of(request), now=now
    )
    return see_other(request, "applications.consents", ref=ref, done="consent_changed")


def _consent(language: str, consent: OwnConsent) -> ConsentView:
    gettext = translations(language).ugettext
    words = words_of(language, f"consent.{consent.kind}")
    given = consent.given_at
    act = "" if consent.needed else "take_back" if given else "give"
    since = gettext("Given: {when}").format(when=formats.moment(language, given)) if given else ""
    return ConsentView(
        kind=consent.kind,
        text=words.label,
        hint=words.hint,
        state=since or gettext("Not given"),
        act=f"{act}:{consent.kind}" if act else "",
        button={"": "", "give": gettext("Give this consent"), "take_back": gettext("Take back")}[act],
    )


def _leave(language: str, own: OwnApplication) -> str:
    """Where a needed consent is taken back: with the application. Empty where nobody can leave any more."""
    if own.owner and own.status is Status.DRAFT and own.counts_number is None:
        return path_to(language, "applications.discard", ref=own.ref)
    if not own.owner:
        return path_to(language, "team.leaving", ref=own.ref)
    if Move.WITHDRAW in own.moves:
        return path_to(language, "applications.leave", ref=own.ref) + "?consent=yes"
    return ""


def _said(language: str, step: OwnConsentStep) -> SaidView:
    gettext = translations(language).ugettext
    text = gettext("Text of {version}, in this language: {language}").format(
        version=step.text_version, language=LANGUAGE_NAMES[step.language]
    )
    return SaidView(
        when=formats.moment(language, step.at),
        moment=step.at.isoformat(),
        said=f"{choices(language, 'consent_said')['given' if step.given else 'taken_back']}: "
        f"{choices(language, 'consent_kinds')[step.kind]}",
        text=text if step.given else "",
    )
