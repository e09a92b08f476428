"""What the OpenAPI document says beside what the code itself says: nouns, parameters, general rules."""

from typing import Final

DESCRIPTION: Final = """\
Calls, applications, panel reviewers, assignments, reviews, rankings, awards and results, with the same
rules as the pages.

Send a token as `Authorization: Bearer …`; its owner makes it on the account page and may revoke it there.
A token acts in its owner's name within its scopes, and what its owner may not know does not exist: 404.

Bodies are JSON (at most 512 KiB), times are ISO 8601 with an offset, money is whole numbers of the
smallest unit (`…_minor`: euro cents; `rate_minor`: tiyn for one euro), texts of a call have the keys `kk`,
`ru` and `en`. Every refusal is `application/problem+json`, its sentences in the language of
`Accept-Language`.

What has a version answers with an `ETag`; a change names it in `If-Match`. Lists take `limit` and
`offset`."""

TAGS: Final = {
    "calls": "Calls: reading what is public, setting one up part by part, opening it, changing its dates.",
    "reviewers": "The panel of a call: who coordinates and who scores, and for which partner organisation.",
    "applications": "One's own applications: begin, write section by section, send, take back, withdraw.",
    "files": "One picture and up to three PDFs of an application: sent as they are, given away cleaned.",
    "team": "The people behind an application: roles, invitations by mail, and answering one.",
    "corrections": "What a coordinator asks one applicant to correct, until reviewing opens.",
    "messages": "The mails that were sent to oneself, to be read again.",
    "data": "One's own data, requests about it, and answers of which only sums are kept.",
    "desk": "A coordinator's view of a call: what was sent, and how far assigning and reviewing are.",
    "assignments": "Who scores what, by codes.",
    "ties": "Who may not score what, and who takes over.",
    "reviews": "A reviewer's own queue and reviews. Who stands behind an application is not part of it.",
    "discussion": "Reading each other's reasons, third reviews, reviews to be completed, and agreement.",
    "phases": "The steps of a call, those that are left to the clock, and lifting the blind.",
    "ranking": "The order that the reviews give: closing reviewing, reading it, excusing what is missing.",
    "awards": "Award rounds, pending awards, written reasons, and freezing the decision.",
    "results": "Announced winners, for everybody; publishing them, for the coordinator.",
    "events": "The evening of a round: who pitches, in which order, what teams prepare, and the audience.",
    "jury": "The jury of an evening: its links and codes, how far it is, papers, and the tally once closed.",
    "stage": "The screen in the hall, for everybody; its control, for the coordinator.",
}

PATH: Final = {
    "run": ("The number of a computing of the order.", 2),
    "earlier": ("The number of the run before, or of any other.", 1),
    "call": ("The call's short name in addresses.", "2026"),
    "ref": ("The application's reference, which its applicants know.", "WA26-7K2M4Q"),
    "code": ("The application's code, which reviewers know.", "K7M2Q4"),
    "application": ("The application's code, which reviewers and coordinators know.", "K7M2Q4"),
    "file": ("The file's code.", "F4T9V2MZ"),
    "leak": ("The finding's code; a changed text has another.", "5b1f0c3de29a7741b06c9d18"),
    "number": ("Which one, from 1: a file of the sending, a check, an invented proposal.", "1"),
    "section": ("A section of the call's form.", "brief"),
    "kind": ("An optional consent: own_picture, pictures or news.", "news"),
    "question": ("The code of a question of the panel.", "Q8T4K2VXM3"),
    "attendee": ("The code of a registration.", "G6T4K2VXM3"),
    "walk_in": ("The code of somebody who came without a registration.", "W6T4K2VXM3"),
    "juror": ("The juror's code.", "J6T4K2VXM3"),
    "segment": ("The code of a part of the evening.", "S6T4K2VXM3"),
    "item": ("What is to be done.", "screen"),
    "slot": ("The place in the running order, from 1.", 1),
    "round": ("The award round's code.", "H4TQ8ZWN"),
    "reviewer": ("The panel member's code.", "R9W3XK5D"),
    "member": ("The panel member's code.", "R9W3XK5D"),
    "organisation": ("The organisation's code.", "BC"),
    "message": ("The message's code.", "M3X7Q2VD"),
    "mate": ("The membership's code, which its team knows.", "M4T9K2VXQ7"),
    "invitation": ("The invitation's code, which the owner knows.", "N7W3XK5DQ2"),
    "key": ("What the mailed link ends with.", "N7W3XK5DQ2-9f86d081884c7d65"),
    "criterion": ("The code of a criterion of the call.", "need"),
    "flag": ("The flag's code.", "F7W3XK5DQ2"),
    "hook": ("The webhook's code.", "H7W3XK5DQ2"),
    "seat": ("The code of an invitation to review.", "S7W3XK5DQ2"),
    "wish": ("The code of a reviewer's request.", "W7W3XK5DQ2"),
    "slug": ("The winner's public address.", "k4t9v2mz"),
}
"""Name of a path parameter -> what it is, and an example."""

STATUS: Final = {
    401: ("Unauthenticated", "No token, or one that does not work (any more)."),
    403: ("Forbidden", "The token lacks the scope."),
    404: ("NotFound", "It does not exist, or not for this reader: the two are one answer."),
    409: ("Conflict", "Not possible now: the state has moved on, or never allowed it."),
    412: ("Stale", "It was changed since the version named in `If-Match`."),
    413: ("TooLarge", "The body is larger than 512 KiB, or a file than 10 MB."),
    415: ("NotJson", "The body was not sent as JSON."),
    422: ("Invalid", "What was sent cannot be accepted as it stands; `errors` names each field."),
    428: ("PreconditionRequired", "`If-Match` is missing."),
    429: ("TooMany", "Too many tries; `Retry-After` says after how many seconds."),
    503: ("Unavailable", "What makes documents, or keeps files, does not answer now; nothing was done."),
}
"""Status of a refusal -> its name among the document's answers, and what it means."""
