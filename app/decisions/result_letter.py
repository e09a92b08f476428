"""What a result's letter says of it, beside greeting and links: the same in a preview as when it leaves."""

from datetime import timedelta
from typing import Any

from app.calls.working_days import working_days_after
from app.decisions.feedback import OwnFeedback, OwnPitchScore
from app.decisions.outcome import OwnOutcome
from app.messages import formats
from app.messages.answers import in_language
from app.messages.formats import ALMATY
from app.messages.labels import choices

NEXT_STEP_DAYS = 10
"""Working days in which the programme writes to a winner about the agreement."""


def next_step_by(language: str, outcome: OwnOutcome) -> str:
    """By which day a winner hears of the agreement, counted from when it won; nothing before all results are
    public."""
    if not outcome.awarded or outcome.published_at is None:
        return ""
    won_at = outcome.promoted_at or outcome.published_at
    day = working_days_after(won_at.astimezone(ALMATY).date(), NEXT_STEP_DAYS)
    return formats.day(language, day)


def band_words(language: str, feedback: OwnFeedback | None) -> str:
    """In which part of the order it stands; never a rank."""
    return choices(language, "band")[feedback.band] if feedback and feedback.band else ""


def pitch_rule(language: str, feedback: OwnFeedback | None) -> str:
    """How much the pitch counted, to who pitched."""
    pitched = feedback.pitched if feedback else None
    if pitched is None:
        return ""
    return choices(language, "pitch_counts")["own"].format(pitch=pitched.weight, written=100 - pitched.weight)


def pitch_lines(language: str, pitched: OwnPitchScore) -> list[tuple[str, str, str]]:
    """Written, pitch and total in words, each with the mean of the winners; "" where there is none."""
    words = choices(language, "pitch_scores")
    return [
        (words[name], _tenths(language, own), _tenths(language, winners))
        for name, own, winners in (
            ("written", pitched.written, pitched.winners_written),
            ("pitch", pitched.pitch, pitched.winners_pitch),
            ("total", pitched.total, pitched.winners_total),
        )
    ]


def _tenths(language: str, value: str) -> str:
    return formats.number(language, value, 1) if value else ""


def result_values(
    language: str, outcome: OwnOutcome, feedback: OwnFeedback | None, error_days: int
) -> dict[str, Any]:
    """The values of the letter's template but for its links.

    A winner reads the scores too; what the reviewers said stands in the letter of who did not win, and for
    everybody on the page that both lead to.
    """
    told = feedback if not outcome.awarded else None
    pitched = feedback.pitched if feedback else None
    until = outcome.published_at + timedelta(days=error_days) if outcome.published_at else None
    return {
        "call": in_language(language, outcome.call_title),
        "ref": outcome.ref,
        "title": outcome.title,
        "awarded": outcome.awarded,
        "amount_minor": outcome.amount_minor,
        "next_by": next_step_by(language, outcome),
        "position": outcome.reserve_position,
        "until": formats.moment(language, outcome.reserve_until) if outcome.reserve_until else "",
        "pitch_rule": pitch_rule(language, feedback),
        "pitch_lines": pitch_lines(language, pitched) if pitched else [],
        "total": _tenths(language, feedback.total) if feedback and not pitched else "",
        "funded": _tenths(language, feedback.winners_total) if feedback and not pitched else "",
        "band": band_words(language, told),
        "lines": [
            (in_language(language, each.title), each.reasons[0].text)
            for each in (told.scores if told else [])
            if each.reasons
        ],
        "error_until": formats.moment(language, until) if until and told else "",
    }
