"""What is sealed of a round's results, and how it is written before it is hashed. Pure.

A title may have to be erased one day, and a seal never changes: it is there as a digest that nobody can guess
without the nonce, so that it can be checked all the same. No code is there: by codes reviewers know what they
scored, and everybody may read what was sealed. And no place: the order of the reveal says who is before whom,
and how far down a winner stood is nobody's to know.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.decisions.canonical import canonical
from app.decisions.protocol_file import Protocol

FORMAT = "baige/seal/2"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One winner as sealed, in the order of the reveal."""

    title: str
    amount_minor: int | None


def sealed_document(
    *,
    call: str,
    round_code: str,
    number: int,
    decision: str,
    scores: str,
    protocol: tuple[int, str],
    nonce: str,
    winners: Sequence[Sealed],
) -> str:
    """The canonical JSON of the results of one round."""
    return canonical(
        {
            "format": FORMAT,
            "call": call,
            "round": round_code,
            "number": number,
            "decision_sha256": decision,
            "scores_sha256": scores,
            "protocol": {"number": protocol[0], "digest": protocol[1]},
            "winners": [
                {
                    "reveal": turn,
                    "amount_minor": each.amount_minor,
                    "title_sha256": title_digest(nonce, each.title),
                }
                for turn, each in enumerate(winners, 1)
            ],
        }
    )


def file_of(nonce: str, document: str) -> bytes:
    """The file of which the seal is the SHA-256: the nonce, a line end, and the document."""
    return f"{nonce}\n{document}".encode()


def seal_of(nonce: str, document: str) -> str:
    """The seal itself."""
    return hashlib.sha256(file_of(nonce, document)).hexdigest()


def title_digest(nonce: str, title: str) -> str:
    """By which a title can be checked and not guessed."""
    return hashlib.sha256(f"{nonce}\n{title}".encode()).hexdigest()


def from_protocol(protocol: Protocol, round_code: str) -> list[tuple[str, int, int | None]]:
    """(application, place, amount) of a round's winners as the protocol has them, the last place first."""
    return sorted(
        (
            (each.application, each.place, each.amount_minor)
            for pot in protocol.rounds
            if pot.code == round_code
            for each in pot.awards
        ),
        key=lambda each: -each[1],
    )


def unlike(
    ours: Iterable[tuple[str, int, int | None]], theirs: Iterable[tuple[str, int, int | None]]
) -> list[str]:
    """Where the winners of the tables and those of the protocol differ, in a line each."""
    one, other = list(ours), list(theirs)
    lines = [f"{_said(each)}: only in the tables" for each in one if each not in other]
    lines += [f"{_said(each)}: only in the protocol" for each in other if each not in one]
    if not lines and one != other:
        lines.append("the order of the winners")
    return lines


def _said(each: tuple[str, int, int | None]) -> str:
    application, place, amount = each
    return f"{application}, place {place}, {'no amount' if amount is None else amount}"
