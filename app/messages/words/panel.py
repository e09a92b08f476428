"""The words of the panel: inviting reviewers, what each reads, requests for less, proposals of a contact."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "seat.answered": N_("This invitation was answered already, or taken back."),
    "seat.due_past": N_("Choose a day that lies ahead."),
    "seat.is_invited": N_("This address is invited already. You can send the invitation again below."),
    "seat.name_needed": N_("Enter your name: the coordinator sees it, applicants never do."),
    "seat.colleague_email": N_("Enter your colleague's e-mail address, or leave their name empty."),
    "seat.colleague_reviews": N_(
        "This person reviews for your organisation already. You need not propose them."
    ),
    "seat.colleague_is_you": N_("This is your own address."),
    "seat.applies": N_(
        "You apply in this call yourself, alone or in a team. In one call nobody both applies and reviews."
    ),
    "seat.sits": N_("You are on the panel of this call already."),
    "request.waits": N_("You have asked for this already. It waits for the coordinator."),
    "request.answered": N_("This was answered already, or taken back."),
    "request.nothing_left": N_("There is nothing to give back: everything was begun or sent."),
    "request.not_later": N_("Choose a day later than the date you have now."),
    "request.too_many": N_("You can give back at most {able}: the others were begun."),
    "desk.todo_requests": N_("Reviewers who ask for more time, or to give applications back: {count}"),
    "desk.todo_proposed": N_("People proposed as reviewers, not invited yet: {count}"),
    "request.say_why": N_("Say why it cannot be, in a few words."),
}

QUESTIONS: dict[str, Words] = {
    "seat.email": Words(
        N_("E-mail address"),
        hint=N_("The person signs in with this address and answers there."),
        empty=N_("Enter an e-mail address."),
    ),
    "seat.name": Words(N_("Full name"), hint=N_("The e-mail begins with it.")),
    "seat.organisation": Words(
        N_("For which organisation?"), empty=N_("Choose one of the call's partner organisations.")
    ),
    "seat.language": Words(N_("In which language do we write to them?"), empty=N_("Choose a language.")),
    "seat.proposals": Words(
        N_("Applications, about"), empty=N_("Enter about how many applications there are to read.")
    ),
    "seat.hours": Words(
        N_("Hours, about"),
        hint=N_("Seven or eight applications take an hour."),
        empty=N_("Enter about how many hours it takes."),
    ),
    "seat.due_day": Words(N_("To be finished by"), empty=N_("Enter the day by which it is to be finished.")),
    "seat.note": Words(N_("Your own words"), hint=N_("They stand in the e-mail as you write them.")),
    "reading.own_name": Words(
        N_("Your name"),
        hint=N_("The coordinator sees it, applicants never do."),
        empty=N_("Enter your name."),
    ),
    "reading.languages": Words(
        N_("Which languages do you read well?"),
        hint=N_("Applications come in all three. Tick none if any will do."),
    ),
    "reading.topics": Words(
        N_("Which topics do you know?"), hint=N_("It helps to choose. Tick none if any will do.")
    ),
    "reading.capacity": Words(
        N_("How many applications at most?"), hint=N_("Leave it empty if you have no limit.")
    ),
    "decline.reason": Words(
        N_("Why not?"), hint=N_("Only the coordinator reads it."), empty=N_("Say why, in a few words.")
    ),
    "decline.colleague_email": Words(N_("Your colleague's e-mail address")),
    "decline.colleague_name": Words(N_("Your colleague's name")),
    "more_time.until_day": Words(
        N_("Until when?"), hint=N_("That whole day counts."), empty=N_("Enter a date.")
    ),
    "more_time.reason": Words(
        N_("Why?"), hint=N_("Only the coordinator reads it."), empty=N_("Say why, in a few words.")
    ),
    "give_back.count": Words(N_("How many applications?"), empty=N_("Enter a number.")),
    "give_back.why": Words(
        N_("Why?"), hint=N_("Only the coordinator reads it."), empty=N_("Say why, in a few words.")
    ),
    "request.answer": Words(N_("Your answer"), empty=N_("Choose an answer.")),
    "request.words": Words(
        N_("Your own words"), hint=N_("The reviewer reads them. They are needed if you do not grant it.")
    ),
    "proposal.email": Words(N_("E-mail address"), empty=N_("Enter an e-mail address.")),
    "proposal.name": Words(N_("Full name")),
}

CHOICES: dict[str, dict[str, str]] = {
    "reading_facts": {
        "languages": N_("Reads"),
        "topics": N_("Knows"),
        "capacity": N_("Applications at most"),
        "due": N_("Has a date of their own"),
    },
    "seat_facts": {
        "proposed_by": N_("Proposed by"),
        "proposals": N_("Applications, about"),
        "due": N_("To be finished by"),
        "invited": N_("Invited on"),
        "reason": N_("Why not"),
    },
    "standings": {
        "reviews": N_(
            "Reviews in this call already, for: {organisation}. Nobody can be invited twice: dismiss the "
            "proposal, or remove them from the panel first."
        ),
        "coordinates": N_(
            "Coordinates this call. In one call nobody has two roles: dismiss the proposal, or remove them "
            "from the panel first."
        ),
        "contact": N_(
            "Is the contact of: {organisation}. In one call nobody has two roles: dismiss the proposal, or "
            "remove them from the panel first."
        ),
        "invited": N_(
            "Invited already, for: {organisation}. Wait for the answer, or take that invitation back and "
            "invite them by this proposal."
        ),
        "declined": N_("Was invited for: {organisation}, and declined. You can ask again."),
    },
    "request_answer": {"grant": N_("Grant it"), "refuse": N_("Do not grant it")},
}

FLASHES: dict[str, str] = {
    "reviewer_invited": N_("The invitation is on its way. The person is on the panel once they accept."),
    "seat_called_off": N_("It is taken back, and the address is forgotten."),
    "seat_dismissed": N_("The proposal is dismissed. Nobody is told."),
    "reading_saved": N_("Saved. It holds for what is given out from now on."),
    "own_reading_saved": N_("Saved. Thank you."),
    "request_answered": N_("The answer is on its way to the reviewer."),
    "given_back": N_("Applications that came back: {count}. Give them out here."),
    "request_sent": N_("The coordinator sees your request. You get an e-mail with the answer."),
    "request_taken_back": N_("Your request is taken back."),
    "seat_accepted": N_("Thank you. You are on the panel now."),
    "seat_declined": N_("Thank you for answering. Nothing else happens."),
    "reviewer_proposed": N_("Thank you. The coordinator sees your proposal."),
}
