"""The words of checking applications against the rules, of flags, and of applications that are alike."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "screening.closed": N_(
        "Applications are checked from the opening of the call until reviewing closes. A refused one is "
        "reinstated first."
    ),
    "screening.too_early": N_(
        "Nobody is refused while the team can still change its application. Wait for its deadline."
    ),
    "screening.awaits_correction": N_(
        "The team was asked to correct something and still has time. Wait for it, or close that request."
    ),
    "screening.second_person": N_("Another coordinator has to confirm a refusal that you proposed."),
    "screening.not_proposed": N_("No refusal waits here any more."),
    "screening.age_by": N_(
        "Judged by the answer in the check before applying. The form asks nobody's age: where the check was "
        "not taken, it is met unless something in the application, or a flag, speaks against it."
    ),
    "screening.not_refused": N_("Only a refused application can be reinstated, and until reviewing closes."),
    "screening.not_met": N_("To let it pass, every rule has to be met. Choose an answer, or decide later."),
    "screening.not_looked_at": N_("To let it pass, say of every rule that it is met."),
    "screening.no_rule": N_("To refuse it, say which rule is not met."),
    "screening.words": N_("Write at least {least} characters."),
    "screening.why": N_("Write in at least {least} characters why it cannot take part."),
    "screening.asked": N_("Asked for"),
    "screening.ceiling": N_("Ceiling of the grant"),
    "screening.kinds": N_("The call is for"),
    "screening.before": N_("Answered before applying"),
    "screening.alone": N_(
        "You run this call alone. Write in at least {least} characters why nobody else could look at it."
    ),
    "alike.unknown": N_("These two are not alike any more. Look at the page again."),
    "flag.resolved": N_("This flag is resolved already."),
    "desk.todo_screening": N_("Applications to be checked against the rules: {count}"),
    "desk.todo_refusals": N_("Refusals that wait for a second person: {count}"),
    "desk.todo_flags": N_("Flags that wait for you: {count}"),
}

QUESTIONS: dict[str, Words] = {
    "screening.checks": Words(N_("What was found")),
    "screening.decision": Words(N_("What is decided")),
    "screening.words": Words(
        N_("Why it cannot take part (needed for a refusal only)"),
        hint=N_(
            "At least 30 characters. The team reads them as you write them: say what is missing, in their "
            "language."
        ),
    ),
    "screening.note": Words(
        N_("Note for the coordinators"),
        hint=N_("The applicant does not read it."),
    ),
    "screening_alone.note": Words(
        N_("Why nobody else could look at it (needed for a refusal only)"),
        hint=N_(
            "At least 30 characters: you run this call alone. The applicant does not read it; it stands in "
            "the log that is open to checks."
        ),
    ),
    "decline.why": Words(
        N_("Why is it not refused?"),
        hint=N_("Only the coordinators read it."),
        empty=N_("Say why."),
    ),
    "reinstate.why": Words(
        N_("Why does it take part again?"),
        hint=N_("Only the coordinators read it. The team is told that it takes part again."),
        empty=N_("Say why."),
    ),
    "alike.other": Words(N_("The other application")),
    "alike.reason": Words(
        N_("Why are they two?"),
        hint=N_("It stands in the log. If they turn out to be alike in another way, they are shown again."),
        empty=N_("Say why, in at least 10 characters."),
    ),
    "flag.kind": Words(N_("What is it about?"), empty=N_("Choose one of the answers.")),
    "flag.words": Words(N_("What did you notice?"), empty=N_("Write what you noticed.")),
    "flag.to": Words(
        N_("For whom?"), hint=N_("Without a choice it waits for every coordinator of the call.")
    ),
    "flag.answer": Words(N_("How is it resolved?"), empty=N_("Write how it is resolved.")),
    "sieve.q": Words(N_("Search in codes, titles and texts")),
    "sieve.status": Words(N_("Status")),
    "sieve.screening": Words(N_("Check of the rules")),
    "sieve.theme": Words(N_("Theme")),
    "sieve.district": Words(N_("Where")),
    "sieve.language": Words(N_("Language")),
    "sieve.flagged": Words(N_("With an open flag")),
    "sieve.alike": Words(N_("Like another application")),
}

CHOICES: dict[str, dict[str, str]] = {
    "screening_state": {
        "to_do": N_("To be checked"),
        "fixing": N_("A correction is awaited"),
        "proposed": N_("A refusal waits for a second person"),
        "passed": N_("Meets the rules"),
        "refused": N_("Cannot take part"),
    },
    "screening_act": {
        "kept": N_("Looked at, not decided"),
        "passed": N_("Meets the rules"),
        "proposed": N_("Refusal proposed"),
        "declined": N_("Not refused: it is to be checked again"),
        "refused": N_("Refused"),
        "reinstated": N_("Takes part again"),
    },
    "screening_rules": {
        "age": N_("Who signs is old enough."),
        "place": N_("The project takes place where the call asks for it."),
        "kind": N_("Applicants of this kind may apply."),
        "amount": N_("What is asked for stays within the ceiling of the grant."),
        "started": N_("The work has not begun, and none of it has been paid for."),
        "dates": N_("The applicant can take part on the dates of the call."),
        "theme": N_("The project is about one of the themes of the call."),
        "who_cannot": N_("Nobody takes part whom the call excludes."),
        "double_funding": N_("No cost is paid twice."),
    },
    "screening_findings": {"met": N_("Met"), "unmet": N_("Not met"), "unclear": N_("Not clear")},
    "flag_kind": {
        "identity_visible": N_("Who applies can be recognised"),
        "not_eligible": N_("A rule of the call may be broken"),
        "double_funding": N_("Something may be paid twice"),
        "safety": N_("Safety, or protection of children"),
        "wrong_theme": N_("The theme does not fit"),
        "duplicate": N_("It may have been sent twice"),
        "other": N_("Something else"),
    },
    "likeness": {
        "account": N_("the same account"),
        "phone": N_("the same phone number"),
        "email": N_("the same e-mail address"),
        "bin": N_("the same BIN"),
        "address": N_("the same address"),
        "name": N_("the same name"),
        "text": N_("texts that are alike"),
    },
}

FLASHES: dict[str, str] = {
    "screening_kept": N_("Kept. It is still to be decided."),
    "screening_passed": N_("It meets the rules. Here is the next one."),
    "screening_all": N_("Kept. No other application waits to be checked."),
    "refusal_proposed": N_("The refusal waits for another coordinator. Here is the next one."),
    "refused": N_("It is refused, and its team is told."),
    "refusal_declined": N_("It is not refused, and is to be checked again."),
    "reinstated": N_("It takes part again, and its team is told. It is to be checked again."),
    "set_aside": N_("Kept as two different applications."),
    "flag_raised": N_("The flag is raised."),
    "flag_resolved": N_("The flag is resolved."),
}
