"""What came after a protocol was frozen, in words: for the desk's page and the paper."""

from collections.abc import Callable, Iterator

from app.decisions.addendum_file import AddendumPart, PromotionPart, ReturnPart
from app.documents.protocol import Facts, Note, Said

Get = Callable[[str], str]


def addendum_blocks(
    part: AddendumPart,
    gettext: Get,
    *,
    moment: Callable[[str | None], str],
    euros: Callable[[int | None], str],
) -> Iterator[Facts | Note | Said]:
    """Every return and every promotion in the order of time, and the fingerprint."""
    yield Note(
        gettext(
            "The frozen protocol stays as it is. This came afterwards: awards that were given back, and who "
            "came up for them from the reserve list."
        )
    )
    acts: list[ReturnPart | PromotionPart] = [*part.returns, *part.promotions]
    for act in sorted(acts, key=lambda each: (each.at, isinstance(each, PromotionPart))):
        if isinstance(act, ReturnPart):
            yield _return(act, gettext, moment, euros)
        else:
            yield _promotion(act, gettext, moment, euros)
    yield Facts([(gettext("Fingerprint of the addendum (SHA-256)"), part.digest)])


def _return(
    act: ReturnPart, gettext: Get, moment: Callable[[str | None], str], euros: Callable[[int | None], str]
) -> Said:
    by = (
        gettext("Written down by the coordinator {member}, {when}").format(member=act.by, when=moment(act.at))
        if act.by
        else gettext("Given back by the team itself, {when}").format(when=moment(act.at))
    )
    title = f"{act.application}: {gettext('gave the award back')}"
    if act.amount_minor is not None:
        title += f" · {euros(act.amount_minor)}"
    return Said(title, [by], [(gettext("Reason"), act.reason)])


def _promotion(
    act: PromotionPart, gettext: Get, moment: Callable[[str | None], str], euros: Callable[[int | None], str]
) -> Said:
    lines = [
        gettext("Instead of {code}; place {position} of the reserve list").format(
            code=act.instead_of, position=act.position
        ),
        gettext("Promoted by the coordinator {member}, {when}").format(member=act.by, when=moment(act.at)),
    ]
    if not act.reason:
        lines.append(gettext("The next in turn"))
    elif act.alone:
        lines.append(gettext("Out of turn. There was no second coordinator: the reason is in the ledger."))
    else:
        lines.append(
            gettext("Out of turn, asked for by the coordinator {member}, {when}").format(
                member=act.asked_by, when=moment(act.asked_at)
            )
        )
        lines.append(
            gettext("Confirmed by a second coordinator, {member}, {when}").format(
                member=act.confirmed_by, when=moment(act.confirmed_at)
            )
        )
    title = f"{act.application}: {gettext('came up from the reserve list')}"
    if act.amount_minor is not None:
        title += f" · {euros(act.amount_minor)}"
    return Said(title, lines, [(gettext("Reason"), act.reason)] if act.reason else [])
