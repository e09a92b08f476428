"""The report of a check as a PDF, for whoever wants it in the hand or beside the minutes.

It says what the page says. Its fingerprint is that of the report as JSON, of which anybody can compute it.
"""

from collections.abc import Callable

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.documents.press import pressed
from app.documents.sender import Sender, common_words
from app.errors import NotFound
from app.messages import formats, translations
from app.proof.reports import full_proof
from app.proof.words import facts_of, found_of, heads_of, how_checked, result_of, unread_of


def proof_paper(
    session: Session, coordinator: Coordinator, number: int, language: str, sender: Sender
) -> Callable[[], bytes]:
    """The report of one check; NotFound while there is none, and for whom it is not whole."""
    proof = full_proof(session, coordinator, number)
    if not proof.digest or proof.done_at is None:
        raise NotFound
    at, gettext = proof.done_at, translations(language).ugettext
    heading, title = gettext("Proof of blindness"), call_title(session, coordinator, language)
    data = {
        **sender.data(),
        "lang": language,
        "title": f"{heading}: {title}",
        "running": f"{heading} · {title}",
        "foot": f"{sender.brand} · {title}",
        "caption": title,
        "heading": heading,
        "check": f"{gettext('Check')} {proof.number}",
        "when": formats.moment(language, at),
        "how": how_checked(language),
        "result": ". ".join([result_of(language, proof), *unread_of(language, proof)]),
        "clean": not proof.found_secrets and not proof.closed,
        "facts": [list(each) for each in facts_of(language, proof)],
        "heads": list(heads_of(language)),
        "found": [
            [
                each.ref,
                f"{each.kind} ({each.sure})",
                f"{each.where}, {each.place}" if each.place else each.where,
                each.times,
            ]
            for each in found_of(language, proof.found)
        ],
        "digest": " ".join(proof.digest[start : start + 16] for start in range(0, 64, 16)),
        "words": {
            **common_words(language),
            "counted": gettext("What was looked at"),
            "found": gettext("What was found, and where"),
            "digest": gettext("Fingerprint (SHA-256)"),
            "of_json": gettext(
                "It is the fingerprint of the report as a file (JSON): whoever has the file can compute it."
            ),
        },
    }
    return lambda: pressed("proof", data, at)
