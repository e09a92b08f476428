"""The words of a team: who is in it, invitations, and who is at work where."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "team.owner_only": N_("Only the owner of this application decides who is in its team."),
    "team.owner_stays": N_(
        "An application needs an owner. Make somebody else of the team the owner first, then leave."
    ),
    "team.closed": N_("Nobody can join any more: nothing can be changed or sent in this application."),
    "team.full": N_(
        "A team has at most {most} people, and those who have not answered yet count. Take an invitation "
        "back first."
    ),
    "team.is_member": N_("This person is in the team already."),
    "team.is_invited": N_("This address is invited already. You can send the invitation again below."),
    "team.has_declined": N_("This invitation was declined, so this address is not invited again."),
    "invitation.over": N_(
        "This invitation was answered already, or its time is over. Ask whoever invited you to send it again."
    ),
    "invitation.processing_needed": N_(
        "Tick the box about your data: without this consent you cannot join the team."
    ),
    "invitation.publication_needed": N_(
        "Tick the box about publication: without this consent you cannot join the team."
    ),
    "invitation.name_needed": N_("Enter your name: the others of the team see it."),
    "invitation.other_address": N_(
        "This invitation is for another e-mail address. Sign out, open the link again and sign in with the "
        "address that the e-mail came to."
    ),
}

QUESTIONS: dict[str, Words] = {
    "consent.own_name": Words(
        N_("Your name"), hint=N_("The others of the team see it."), empty=N_("Enter your name.")
    ),
    "invite.email": Words(
        N_("E-mail address"),
        hint=N_("The person signs in with this address and accepts there."),
        empty=N_("Enter an e-mail address."),
    ),
    "invite.role": Words(N_("What may they do?"), empty=N_("Choose what they may do.")),
    "invite.language": Words(N_("In which language do we write to them?"), empty=N_("Choose a language.")),
}

CHOICES: dict[str, dict[str, str]] = {
    "joining": {
        "editor": N_("Edit: read and change every answer, add files, send"),
        "reader": N_("Read: see everything, change nothing"),
    },
    "invitation_answer": {
        "pending": N_("Not answered yet"),
        "expired": N_("Time is over"),
        "declined": N_("Declined"),
    },
}

FLASHES: dict[str, str] = {
    "invited": N_("The invitation is on its way. The person is in the team once they accept."),
    "invited_again": N_("The invitation is sent again. The link in the e-mail before no longer works."),
    "called_off": N_("The invitation is taken back."),
    "role_changed": N_("Changed. It holds from now on."),
    "handed_over": N_("The application has a new owner. You can still edit it."),
    "mate_removed": N_("Removed from the team, from this moment on."),
    "team_left": N_("You have left the team."),
    "team_joined": N_("You are in the team now."),
    "team_declined": N_("You have declined. Nothing else happens."),
    "taken_over": N_("This section is yours now. What was written before is kept among the earlier texts."),
}
