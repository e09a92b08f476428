"""The digest: what waits for one reviewer in all calls, and how far they are."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.accounts.digests import digest_key, member_code
from app.jobs.rendering import Letter, NothingToSend
from app.messages import formats
from app.messages.answers import in_language
from app.reviews.digest import WaitingCall, own_digest

if TYPE_CHECKING:
    from app.jobs.letters import Writing


def review_digest(writing: "Writing") -> Letter:
    """One part for each call; NothingToSend where all is sent by now."""
    waiting = own_digest(writing.session, writing.person_id)
    if not waiting:
        raise NothingToSend("nothing waits")
    code = member_code(writing.session, writing.person_id)
    key = digest_key(writing.settings.secret_key.get_secret_value(), code)
    return writing.letter(
        "review_digest",
        waiting=sum(each.to_begin + each.begun for each in waiting),
        begun=any(each.begun or each.sent for each in waiting),
        calls=[_part(writing, each) for each in waiting],
        stop=writing.address(f"/reminders/reviews?member={code}&key={key}"),
    )


def _part(writing: "Writing", call: WaitingCall) -> dict[str, object]:
    language = writing.recipient.language
    return {
        "title": in_language(language, call.title),
        "to_begin": call.to_begin,
        "begun": call.begun,
        "sent": call.sent,
        "total": call.to_begin + call.begun + call.sent,
        "due": formats.moment(language, call.due_at, ZoneInfo(call.timezone)) if call.due_at else "",
        "late": call.due_at is not None and writing.now > call.due_at,
        "link": writing.address(f"/review/{call.slug}"),
    }
