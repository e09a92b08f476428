"""The words of accounts."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "email.invalid": N_("Enter an e-mail address like name@example.org."),
    "sign_in.wrong_code": N_("That code is not right. Check the newest e-mail and try again."),
    "sign_in.expired": N_("That code is no longer valid. Ask for a new one."),
    "sign_in.other_browser": N_("Type the code where you started to sign in."),
    "token.unknown_scope": N_("Choose what this token may do."),
}

QUESTIONS: dict[str, Words] = {
    "sign_in.email": Words(
        N_("E-mail address"),
        hint=N_("We send you a code. You need no password."),
        empty=N_("Enter your e-mail address."),
    ),
    "sign_in.shared_computer": Words(N_("This is a shared computer")),
    "sign_in.next_path": Words(N_("Where to go afterwards")),
    "sign_in.code": Words(
        N_("Code from the e-mail"), hint=N_("Six digits."), empty=N_("Enter the six digits.")
    ),
    "account.own_name": Words(
        N_("Your name"),
        hint=N_(
            "Coordinators of calls in which you score or coordinate see it. "
            "An application has names of its own."
        ),
    ),
    "token.name": Words(
        N_("What is this token for?"), hint=N_("A name that you will recognise."), empty=N_("Name the token.")
    ),
    "token.scopes": Words(N_("What may it do?"), empty=N_("Choose what this token may do.")),
}

CHOICES: dict[str, dict[str, str]] = {
    "way_back": {
        "desk": N_("Back to the desk"),
        "apply": N_("Back to your application"),
        "my": N_("Back to your application"),
        "review": N_("Back to your applications to review"),
        "calls": N_("Back to the call"),
    },
    "scopes": {
        "applicant:read": N_("Read my applications"),
        "applicant:write": N_("Write and send my applications"),
        "reviewer:read": N_("Read what I am to score"),
        "reviewer:write": N_("Score"),
        "coordinator:read": N_("Read the calls that I run"),
        "coordinator:write": N_("Run the calls that I run"),
        "contact:read": N_("Read how far the reviewers of my organisation are"),
        "contact:write": N_("Propose reviewers of my organisation"),
    },
}

FLASHES: dict[str, str] = {
    "saved": N_("Saved."),
    "signed_out": N_("You are signed out."),
    "finished": N_("You are signed out, and nothing of yours is left in this browser. You can close it."),
    "stayed": N_("Saved. You stay signed in."),
    "signed_in_again": N_("You are signed in. Go back to the other tab and go on there."),
    "session_ended": N_("That session has ended."),
    "token_revoked": N_("The token no longer works."),
}
