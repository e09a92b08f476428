"""The words of the warning that something may give the applicant away."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "proof.running": N_("A check is under way. Its result will be on this page."),
    "leak.gone": N_("This text was changed meanwhile. Look at it once more."),
    "leak.sure.own_name": N_("Your name appears here."),
    "leak.sure.team_name": N_("The name of somebody in your team appears here."),
    "leak.sure.organisation": N_("Your organisation's name appears here."),
    "leak.sure.address": N_("Your address appears here."),
    "leak.sure.email": N_("An e-mail address appears here."),
    "leak.sure.phone": N_("A phone number appears here."),
    "leak.sure.handle": N_("A page in a social network, or how you are found there, appears here."),
    "leak.sure.link": N_("A link appears here that may lead to you."),
    "leak.sure.bin": N_("The BIN of your organisation appears here."),
    "leak.maybe.own_name": N_("This may be your name."),
    "leak.maybe.team_name": N_("This may be the name of somebody in your team."),
    "leak.maybe.organisation": N_("This may be your organisation's name."),
    "leak.maybe.address": N_("This may be your address."),
    "leak.maybe.email": N_("This may be an e-mail address."),
    "leak.maybe.phone": N_("This may be a phone number."),
    "leak.maybe.handle": N_("This may be how you are found in a social network."),
    "leak.maybe.link": N_("This may be a link that leads to you."),
    "leak.maybe.bin": N_("This may be the BIN or IIN of somebody."),
}

QUESTIONS: dict[str, Words] = {}

CHOICES: dict[str, dict[str, str]] = {
    "proof_places": {
        "mail": N_("a mail"),
        "cleared": N_("a text that is not open to its reviewer yet"),
        "discussions.list": N_("the list of discussions"),
        "discussions.show": N_("the discussion of an application"),
        "own_requests.list": N_("the reviewer's own requests"),
        "practice.list": N_("the practice applications"),
        "practice.show": N_("a practice application"),
        "reading.show": N_("the reviewer's own details"),
        "reviewer.edit": N_("the reviewer's own details"),
        "reviews.calls": N_("the list of calls to review"),
        "reviews.edit": N_("an application as it is scored"),
        "reviews.file": N_("a picture or document"),
        "reviews.file_preview": N_("a small picture"),
        "reviews.flag": N_("the form for a flag"),
        "reviews.list": N_("the list of applications to score"),
        "reviews.practice": N_("a practice application"),
        "reviews.scores": N_("the scores that one gave"),
        "reviews.sheet": N_("the scoring sheet (PDF)"),
        "reviews.show": N_("an application as it is scored"),
        "reviews.texts": N_("all texts to read (PDF)"),
        "reviews.tie": N_("the question about a tie"),
        "reviews.ties": N_("the question about ties"),
        "pitch_questions.list": N_("Questions to finalists"),
    },
    "leaks": {
        "own_name": N_("Name of the applicant"),
        "team_name": N_("Name from the team"),
        "organisation": N_("Name of the organisation"),
        "address": N_("Address"),
        "email": N_("E-mail"),
        "phone": N_("Phone number"),
        "handle": N_("Social network"),
        "link": N_("Link"),
        "bin": N_("BIN or IIN"),
    },
}

FLASHES: dict[str, str] = {
    "leak_left": N_(
        "When you send, the coordinator is told of this place and covers it before reviewers read. "
        "You can undo this until then."
    ),
    "proof_asked": N_(
        "The check has begun. Its result will be on this page: of a small call in a minute, of a large one "
        "in half an hour."
    ),
    "leak_kept": N_("Undone. It is yours to change."),
}
