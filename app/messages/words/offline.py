"""The words of those who are not online: return codes, accounts without e-mail, entries by a coordinator."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

_YEAR = N_("Year of birth")
_PHONE = N_("Telephone")
_SHARED = N_("This is a shared computer")
_NEXT = N_("Where to go afterwards")

SENTENCES: dict[str, str] = {
    "return_code.wrong": N_(
        "The code and the year or digits do not belong together, or the code works no more. "
        "Check each character and try again."
    ),
    "return_code.no_fact": N_(
        "Enter the year of birth or a telephone number: one of them is asked with the code."
    ),
    "return_code.birth_year": N_("Enter the year of birth in four digits, like 1956."),
    "return_code.only_way_in": N_(
        "Without e-mail the return code is the only way to your application. Make a new one: it replaces "
        "this one."
    ),
    "own_email.has_one": N_("This account has an e-mail address already."),
    "own_email.taken": N_(
        "This address has an account of its own, with its own applications. Use another address, or ask the "
        "programme for help."
    ),
    "assisted.reviewer": N_(
        "Who scores in a call types in no application of it: they would not be blind to it."
    ),
    "assisted.ended": N_("Nobody types it in for its owner any more: it was sent or handed over."),
    "assisted.received_later": N_("Enter the day on which it came. It cannot lie ahead."),
    "assisted.received_before": N_("Enter a day on which the call was open."),
    "assisted.processing": N_(
        "Ask the person whether their data may be used, then tick the box: without this nobody can apply."
    ),
    "assisted.publication": N_(
        "Ask the person about publication if they win, then tick the box: without this nobody can apply."
    ),
    "assisted.declared": N_("Choose how the person declared it."),
    "assisted.declared_note": N_("Say where the signed paper is, or when it was said and to whom."),
    "panel.typed_in": N_("This person has typed in an application of this call and knows whose it is."),
}

QUESTIONS: dict[str, Words] = {
    "return_code.code": Words(
        N_("Return code"),
        hint=N_("Twelve characters. Small letters, spaces and Cyrillic letters are understood too."),
        empty=N_("Enter the code from your slip."),
    ),
    "return_code.fact": Words(
        N_("Year of birth, or the last four digits of your telephone"),
        hint=N_("What you told when the code was made."),
        empty=N_("Enter four digits."),
    ),
    "return_code.shared_computer": Words(_SHARED),
    "return_code.next_path": Words(_NEXT),
    "without_email.own_name": Words(
        N_("Your name"), hint=N_("So that the programme can address you."), empty=N_("Enter your name.")
    ),
    "without_email.birth_year": Words(_YEAR, hint=N_("Four digits, like 1956. It is asked with your code.")),
    "without_email.phone": Words(
        _PHONE, hint=N_("Its last four digits are asked with your code. The programme calls you there.")
    ),
    "without_email.shared_computer": Words(_SHARED),
    "without_email.next_path": Words(_NEXT),
    "facts.birth_year": Words(_YEAR, hint=N_("Four digits, like 1956. It is asked with your code.")),
    "facts.phone": Words(_PHONE, hint=N_("Its last four digits are asked with your code.")),
    "own_email.email": Words(
        N_("E-mail address"),
        hint=N_("We send a code there. Afterwards you can sign in with the address, and letters reach you."),
        empty=N_("Enter your e-mail address."),
    ),
    "assisted.own_name": Words(N_("Name of the applicant"), empty=N_("Enter the name of the applicant.")),
    "assisted.email": Words(
        N_("E-mail address of the applicant"),
        hint=N_("Leave it empty where there is none. Otherwise they are told, and sign in with it."),
    ),
    "assisted.birth_year": Words(_YEAR, hint=N_("Without e-mail one of the two is needed.")),
    "assisted.phone": Words(_PHONE, hint=N_("Who has no e-mail is called there.")),
    "assisted.language": Words(
        N_("Language of the application"), empty=N_("Choose the language in which the person applies.")
    ),
    "assisted.channel": Words(N_("How did it come?"), empty=N_("Choose how it came.")),
    "assisted.received_on": Words(
        N_("Received on"),
        hint=N_("The day on which you got it."),
        empty=N_("Enter the day on which it came."),
    ),
    "assisted.processing": Words(
        N_("The person agreed that their data is used to run this call."), hint=N_("Needed.")
    ),
    "assisted.publication": Words(
        N_("The person agreed that their name and project are published if they win."), hint=N_("Needed.")
    ),
    "assisted.pictures": Words(N_("The person agreed to photos and video at the event.")),
    "assisted.news": Words(N_("The person wants news about later calls.")),
    "assisted.agreed": Words(N_("How did they agree?"), empty=N_("Choose how they agreed.")),
    "assisted.agreed_note": Words(
        N_("Where is that written down?"),
        hint=N_("Signed: where the paper is kept. Said: on which day, at what time, and to whom."),
        empty=N_("Say where the signed paper is, or when it was said and to whom."),
    ),
    "send.declared": Words(N_("How did the applicant declare this?")),
    "send.declared_note": Words(
        N_("Where is that written down?"),
        hint=N_("Signed: where the paper is kept. Said: on which day, at what time, and to whom."),
    ),
}

CHOICES: dict[str, dict[str, str]] = {
    "channel": {"paper": N_("On paper"), "phone": N_("By telephone"), "in_person": N_("In person")},
    "came": {"paper": N_("on paper"), "phone": N_("by telephone"), "in_person": N_("in person")},
    "agreed": {"signed": N_("Signed on paper"), "spoken": N_("Said aloud")},
    "letters_aloud": {
        "D": N_("dee"),
        "F": N_("eff"),
        "G": N_("gee"),
        "J": N_("jay"),
        "N": N_("en"),
        "Q": N_("cue"),
        "R": N_("ar"),
        "V": N_("vee"),
        "W": N_("double-u"),
    },
}

FLASHES: dict[str, str] = {
    "return_code_revoked": N_("The return code works no more."),
    "email_added": N_("The address is yours. From now on you can sign in with it, and letters reach you."),
    "handed_to_owner": N_("It is handed over: you cannot read it any more."),
    "gone_on_alone": N_("The application is yours alone now."),
    "sent_on_behalf": N_("The application is sent. Print the receipt for its owner."),
}
