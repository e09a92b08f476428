"""The mails of a team: an invitation to join it, and that a teammate has completed a section."""

import re
from typing import TYPE_CHECKING

from app.accounts.actors import Applicant
from app.applications.actions.stopping import own_reminders, stop_key
from app.applications.invitation_keys import invitation_key
from app.applications.own import own_application, own_draft
from app.applications.own_team import invitation_to_mail, mailed_key, mate_named
from app.jobs.rendering import Letter, NothingToSend
from app.messages import label
from app.messages.answers import in_language
from app.messages.labels import choices
from app.models.applications import Status
from app.sections.judging import Progress

if TYPE_CHECKING:
    from app.jobs.letters import Writing

LONGEST = 100
LINK = re.compile(r"://|www\.|@|[\w-]{2,}\.[^\W\d_]{2,}", re.IGNORECASE)


def team_invitation(writing: "Writing") -> Letter:
    """Who asks, to which project, to do what, until when, and the link that leads to a button."""
    mail, language = writing.mail, writing.recipient.language
    found = invitation_to_mail(writing.session, mail.invitation_id, writing.given("mails"), writing.now)
    if found is None:
        raise NothingToSend("the invitation has ended, or may not leave")
    code, nonce = mailed_key(writing.session, mail.invitation_id)
    key = invitation_key(writing.settings.secret_key.get_secret_value(), code, nonce)
    return writing.letter(
        "team_invitation",
        call=in_language(language, found.call_title),
        inviter=found.address if led_elsewhere(found.inviter) else found.inviter[:LONGEST],
        title="" if led_elsewhere(found.title) else found.title[:LONGEST],
        role=label(language, found.role),
        until=found.expires_at,
        link=writing.address(f"/invitations/{key}"),
    )


def invitation_answered(writing: "Writing") -> Letter:
    """To the owner: who joined, or that an invitation was declined; nothing where that is over by now."""
    ref, mate = writing.given("ref"), writing.given("mate")
    who, language = Applicant(writing.person_id), writing.recipient.language
    own = own_application(writing.session, who, ref, writing.now)
    joined = mate_named(writing.session, who, ref, mate) if mate else ""
    if not own.owner or (mate and not joined):
        raise NothingToSend("somebody else is the owner by now, or who joined has left")
    return writing.letter(
        "invitation_answered",
        call=in_language(language, own.call_title),
        ref=ref,
        joined=joined,
        link=writing.address(f"/apply/{ref}/people"),
    )


def led_elsewhere(text: str) -> bool:
    """Whether words that go to a stranger's mailbox could be a link: then they stay away."""
    return LINK.search(text) is not None


def section_completed(writing: "Writing") -> Letter:
    """Which section, and by whom; nothing where it is not complete any more, or nobody wants to hear it."""
    ref, section = writing.given("ref"), writing.given("section")
    who, language = Applicant(writing.person_id), writing.recipient.language
    secret = writing.settings.secret_key.get_secret_value()
    draft = own_draft(writing.session, who, ref, writing.now)
    state = next((each.status for each in draft.sections if each.code == section), None)
    if state is not Progress.COMPLETED or draft.application.status is not Status.DRAFT:
        raise NothingToSend("it is not complete any more, or sent")
    if not draft.application.owner:
        raise NothingToSend("somebody else is the owner by now")
    key = stop_key(secret, ref, writing.person_id)
    wanted = own_reminders(writing.session, secret, ref, key)
    if wanted.stopped or wanted.all_stopped:
        raise NothingToSend("these mails are stopped")
    return writing.letter(
        "section_completed",
        call=in_language(language, draft.application.call_title),
        ref=ref,
        section=choices(language, "sections")[section],
        by=mate_named(writing.session, who, ref, writing.given("by")),
        done=draft.completed,
        all=len(draft.sections),
        link=writing.address(f"/apply/{ref}"),
        stop=writing.address(f"/reminders?ref={ref}&key={key}"),
    )
