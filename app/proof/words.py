"""A check in words, the same on the page and in the PDF."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.messages import formats, translations
from app.messages.labels import choices
from app.models.proof import ProofState
from app.proof.reports import FullFind, FullProof


@dataclass(frozen=True, slots=True)
class FoundWords:
    """One secret that was found: of which application, what, how surely, where and how often. `place` is
    the way there, with the application in whose text it stands (`stands_in`); a mail has none."""

    ref: str
    stands_in: str
    kind: str
    sure: str
    where: str
    place: str
    times: str


def how_checked(language: str) -> str:
    """What a check does."""
    return translations(language).ugettext(
        "We open every page, answer and file that each reviewer can open, as that reviewer, read every mail "
        "they were sent, and look for all names, organisations, addresses and numbers of all applicants."
    )


def result_of(language: str, proof: FullProof) -> str:
    """How many were found; of how many is said to whoever may know of all of them."""
    gettext = translations(language).ugettext
    found = formats.number(language, proof.found_secrets)
    if proof.secrets is None:
        return gettext("Known secrets found: {found}").format(found=found)
    secrets = formats.number(language, proof.secrets)
    return gettext("Known secrets found: {found} of {secrets}").format(found=found, secrets=secrets)


def unread_of(language: str, proof: FullProof) -> list[str]:
    """What the result does not speak of: texts that were not open yet, and what could not be read."""
    gettext, said = translations(language).ugettext, []
    if proof.closed:
        words = gettext(
            "Texts that were not open to their reviewers yet: {closed} of {given}. Their cleared words were "
            "read, their pages and files were not. Check again once the questions about ties are answered."
        )
        said.append(
            words.format(
                closed=formats.number(language, proof.closed),
                given=formats.number(language, proof.given or 0),
            )
        )
    if proof.failed:
        words = gettext(
            "Pages, answers and files that could not be read: {failed}. This check is not whole, and proves "
            "nothing about them: check again."
        )
        said.append(words.format(failed=formats.number(language, proof.failed)))
    return said


def so_far(language: str, proof: FullProof, reviewers: int) -> str:
    """How far a check is; nothing of one that is over, nor for somebody who may not know its sums."""
    if proof.state is not ProofState.RUNNING or proof.reviewers is None:
        return ""
    words = translations(language).ugettext("Reviewers whose pages were read so far: {done} of {all}")
    return words.format(
        done=formats.number(language, proof.reviewers), all=formats.number(language, reviewers)
    )


def facts_of(language: str, proof: FullProof) -> list[tuple[str, str]]:
    """What was looked at, in numbers; nothing of a check that is not done."""
    gettext = translations(language).ugettext
    counted = (
        (gettext("Applications"), proof.applications),
        (gettext("Reviewers"), proof.reviewers),
        (gettext("Pages, answers, files and mails read"), proof.texts),
        (gettext("Of these, mails"), proof.mails),
        (gettext("Of these, pictures that only a person can check"), proof.unreadable),
    )
    done = proof.state is ProofState.DONE
    return [
        (words, formats.number(language, number)) for words, number in counted if done and number is not None
    ]


def heads_of(language: str) -> tuple[str, str, str, str]:
    """The columns of what was found."""
    gettext = translations(language).ugettext
    return gettext("Whose"), gettext("What"), gettext("Where it stands"), gettext("Times")


def found_of(language: str, finds: Sequence[FullFind]) -> list[FoundWords]:
    """What was found, in the report's order."""
    gettext = translations(language).ugettext
    kinds = choices(language, "leaks")
    found = [(each, *where_in_words(language, each.place)) for each in finds]
    return [
        FoundWords(
            ref=each.ref,
            stands_in=each.stands_in,
            kind=kinds[each.kind],
            sure=gettext("found") if each.sure else gettext("may be one"),
            where=where,
            place=" · ".join(filter(None, (each.stands_in, way))),
            times=formats.number(language, each.times),
        )
        for each, where, way in found
    ]


def where_in_words(language: str, place: str) -> tuple[str, str]:
    """What was opened, and which way: `reviews.edit` on the site, `api.reviews.show` through the API."""
    gettext = translations(language).ugettext
    name = place.removeprefix("api.")
    way = gettext("through the API") if name != place else gettext("on the site")
    places = choices(language, "proof_places")
    return places.get(name) or gettext("another page"), "" if name in ("mail", "cleared") else way
