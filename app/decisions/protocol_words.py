"""The protocol in words, chapter by chapter: what the desk's page shows, and the paper to sign."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction

from app.decisions.addendum_words import addendum_blocks
from app.decisions.decimals import tenths
from app.decisions.drawn_places import deciding_places, price
from app.decisions.protocol_file import (
    CasePart,
    DeparturePart,
    OrganisationPart,
    PitchPart,
    PlacePart,
    Protocol,
    RoundPart,
    RulePart,
)
from app.documents.protocol import Chapter, Facts, Note, Paper, Said, Table, protocol_pdf
from app.documents.sender import Sender
from app.messages import formats, label, translations
from app.messages.answers import in_language
from app.messages.labels import choices
from app.models.panel import PanelRole
from app.models.reviews import TieGround
from app.scoring.draw import draw_ticket
from app.scoring.lottery import lottery_seed
from app.scoring.methods import Method, Strata
from app.scoring.ranking import DRAW, LOTTERY, TOTAL
from app.scoring.totals import Weighted, review_total

NOTHING = "–"
MOST_ROWS = 2000
"""Of the order: who wants more reads the file, which has all of it."""


class ProtocolWords:
    """One protocol in one language."""

    def __init__(self, protocol: Protocol, language: str) -> None:
        self.protocol, self.language = protocol, language
        self.gettext: Callable[[str], str] = translations(language).ugettext
        self.criteria = {each.code: self.text(each.title) for each in protocol.rules.criteria}
        self.organisations = {each.code: self.text(each.name) for each in protocol.organisations}

    def text(self, texts: dict[str, str] | None) -> str:
        """A text of the call in this language."""
        return in_language(self.language, texts or {})

    def number(self, value: int) -> str:
        """A whole number."""
        return formats.number(self.language, value)

    def tenths(self, written: str | None) -> str:
        """An exact fraction, to one decimal."""
        shown = tenths(None if written is None else Fraction(written))
        return formats.number(self.language, shown, 1) if shown else NOTHING

    def moment(self, written: str | None) -> str:
        """A time as people here read it."""
        return formats.moment(self.language, datetime.fromisoformat(written)) if written else NOTHING

    def euros(self, minor: int | None) -> str:
        """An amount; nothing where places alone are given."""
        return NOTHING if minor is None else formats.euros(self.language, minor)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.gettext("Protocol of the decision")

    @property
    def state(self) -> str:
        """Whether it counts."""
        made = self.protocol.made_at
        if made is None:
            return self.gettext("A draft: nothing is decided, and all of it may still change.")
        return self.gettext("Frozen: {when}.").format(when=self.moment(made))

    @property
    def method(self) -> str:
        """The published method."""
        return label(self.language, Method(self.protocol.rules.method))

    def chapters(self) -> list[Chapter]:
        """All of it, in the order in which one would ask."""
        gettext = self.gettext
        made = (
            ("awards", gettext("What was decided"), list(self._awards())),
            ("pitches", gettext("Written and pitch scores"), list(self._pitches())),
            ("departures", gettext("Departures from the order"), list(self._departures())),
            ("addendum", gettext("Addendum: after publication"), list(self._addendum())),
            ("method", gettext("How it was decided"), list(self._method())),
            ("lots", gettext("Lots drawn at the line"), list(self._lots())),
            ("coverage", gettext("Who took part"), list(self._coverage())),
            ("ties", gettext("Ties, abstentions and missing reviews"), list(self._gaps())),
            ("panel", gettext("The meeting of the panel"), list(self._panel())),
            ("ranking", gettext("The whole order"), list(self._ranking())),
            ("check", gettext("How anybody can check this"), list(self._check())),
        )
        return [Chapter(f"protocol-{code}", title, blocks) for code, title, blocks in made if blocks]

    def _awards(self) -> Iterator[Facts | Table | Note]:
        gettext = self.gettext
        call = self.protocol.call
        facts = [(gettext("Call"), self.text(call.title)), (gettext("Programme"), self.text(call.programme))]
        if call.funder:
            facts.append((gettext("Funded by"), self.text(call.funder)))
        yield Facts(facts)
        for pot in self.protocol.rounds:
            yield Facts(self._pot(pot))
            if pot.awards:
                yield self._given(pot)
            else:
                yield Note(gettext("Nothing is awarded yet."))
            if pot.standing_by:
                yield Facts([(gettext("Reserve list"), ", ".join(pot.standing_by))])
            if pot.marks:
                yield self._marked(pot)

    def _pitches(self) -> Iterator[Facts | Table | Note]:
        """The order of each round whose pitches count, and what each juror gave, by label."""
        gettext = self.gettext
        for pot in self.protocol.rounds:
            part = pot.pitch
            if pot.rule.pitch_weight is None:
                continue
            yield Facts([(gettext("Round"), self.text(pot.name)), *self._pitch_rule(pot.rule, part)])
            if part is None:
                yield Note(gettext("No pitch was scored in this round: the written order decides."))
                continue
            yield Facts([(gettext("Fingerprint of the scores"), part.input_sha256)])
            yield self._finalists(pot, part)
            yield self._judges(pot, part)
            yield self._jury(pot, part)
            for line in self._not_scored(part):
                yield Note(line)

    def _pitch_rule(self, rule: RulePart, part: PitchPart | None) -> list[tuple[str, str]]:
        """How the pitch counts, as it was published: in words."""
        gettext, weight = self.gettext, rule.pitch_weight or 0
        both = gettext(
            "The pitch counts {pitch} %, the written score {written} %. Each is of 100, and so is the total."
        ).format(pitch=weight, written=100 - weight)
        if self.protocol.rules.method == Method.CALIBRATED.value:
            both += " " + gettext(
                "Both are calibrated: what strict and generous reviewers and jurors add is taken out, and "
                "the finalists stand in the order of their expected places."
            )
        known = {each.code: each for each in self.protocol.rules.criteria}
        codes = rule.pitch_criteria or list(known)
        scored = ", ".join(f"{self.text(known[code].title)} {known[code].weight} %" for code in codes)
        facts = [(gettext("How the pitch counts"), both)]
        if rule.finalists is not None:
            facts.append((gettext("Invited to pitch, by the written order"), self.number(rule.finalists)))
        facts.append((gettext("What the jury scores"), scored))
        ties = part.input.tie_order if part else [c for c in self.protocol.rules.tie_order if c in codes]
        order = ", ".join(self.criteria.get(code, code) for code in ties)
        facts.append(
            (
                gettext("Equal totals"),
                gettext(
                    "The higher mean of the pitch goes first, criterion by criterion: {order}. Then the draw."
                ).format(order=order),
            )
        )
        return facts

    def _judges(self, pot: RoundPart, part: PitchPart) -> Table:
        """Each organisation with its jurors, their ballots, and where they did not score."""
        gettext = self.gettext
        own = {each.juror: each.organisation for each in part.jurors}
        columns = (
            gettext("Jurors"), gettext("Complete ballots"), gettext("Of these from paper"),
            gettext("Not scored for a tie"), gettext("Pitch not seen"),
        )  # fmt: skip
        criteria = [Weighted(*each) for each in part.input.criteria]
        complete = {
            (code, juror)
            for code, juror, _, scores in part.input.ballots
            if review_total(scores, criteria) is not None
        }

        def count(organisation: str, pairs: Iterable[tuple[str, str]]) -> str:
            return self.number(sum(own.get(juror) == organisation for _, juror in pairs))

        return Table(
            f"judges-{pot.code}",
            gettext("The jury by organisation"),
            [(gettext("Organisation"), False), *((each, True) for each in columns)],
            [
                [
                    self.organisations.get(code, code),
                    self.number(sum(each == code for each in own.values())),
                    count(code, complete),
                    count(code, complete & set(part.paper)),
                    count(code, part.input.ties),
                    count(code, part.missed),
                ]
                for code in sorted(set(own.values()))
            ],
        )

    def _not_scored(self, part: PitchPart) -> Iterator[str]:
        """Who did not score whom, in words: the mean is of the others."""
        gettext = self.gettext
        for words, pairs in (
            (gettext("Did not score for a tie: {pairs}. The mean is of the others."), part.input.ties),
            (gettext("Did not see the pitch: {pairs}. The mean is of the others."), part.missed),
        ):
            if pairs:
                told = ", ".join(f"{juror} – {code}" for code, juror in pairs)
                yield words.format(pairs=told)

    def _finalists(self, pot: RoundPart, part: PitchPart) -> Table:
        gettext = self.gettext
        firm = {each.application: each.outer for each in part.computed.firm}
        return Table(
            f"finalists-{pot.code}",
            gettext("The order of the finalists"),
            [
                (gettext("Place"), True),
                (gettext("Application"), False),
                (gettext("Total"), True),
                (gettext("Written"), True),
                (gettext("Pitch"), True),
                (gettext("Likely places"), True),
            ],
            [
                [
                    each.label or NOTHING,
                    each.application,
                    *(self.tenths(number) for number in (each.total, each.written, each.pitch)),
                    "–".join(map(str, firm[each.application])) if each.application in firm else NOTHING,
                ]
                for each in part.computed.order
            ],
        )

    def _jury(self, pot: RoundPart, part: PitchPart) -> Table:
        """Each juror with organisation, how their scoring ended, and their total for each finalist."""
        gettext, short = self.gettext, choices(self.language, "ballot_short")
        criteria = [Weighted(*each) for each in part.input.criteria]
        given = {(code, juror): scores for code, juror, _, scores in part.input.ballots}
        finalists = [each.application for each in part.computed.order]

        def cell(juror: str, code: str) -> str:
            if (code, juror) in part.input.ties:
                return short["tie"]
            if (code, juror) in part.missed:
                return short["missed"]
            total = review_total(given.get((code, juror), {}), criteria)
            return self.tenths(str(total)) if total is not None else NOTHING

        return Table(
            f"jury-{pot.code}",
            gettext("What each juror gave"),
            [
                (gettext("Jury"), False),
                (gettext("Organisation"), False),
                *((code, True) for code in finalists),
                (gettext("Why it was closed"), False),
            ],
            [
                [
                    each.juror,
                    self.organisations.get(each.organisation, each.organisation),
                    *(cell(each.juror, code) for code in finalists),
                    each.reason or NOTHING,
                ]
                for each in part.jurors
            ],
        )

    def _marked(self, pot: RoundPart) -> Table:
        gettext = self.gettext
        return Table(
            f"marked-{pot.code}",
            gettext("Reserved seats: what a coordinator marked by hand"),
            [(gettext("Application"), False), (gettext("Belongs"), False), (gettext("Reason"), False)],
            [
                [each.application, gettext("Yes") if each.belongs else gettext("No"), each.reason]
                for each in pot.marks
            ],
        )

    def _rule(self, rule: RulePart) -> str:
        """One sentence for each part of a round's rule that is not just so many awards of one amount."""
        words = choices(self.language, "round_rule")
        said = []
        if rule.least is not None:
            exactly = rule.least == rule.places
            said.append(words["exactly" if exactly else "number"].format(least=rule.least, most=rule.places))
        if rule.amount_minor is not None and rule.split in words:
            said.append(words[rule.split].format(amount=self.euros(rule.amount_minor), full=rule.full))
        if rule.reserved:
            said.append(words["seats"].format(seats=rule.reserved, group=self.text(rule.reserved_for)))
        if rule.finalists is not None and rule.pitch_weight is not None:
            said.append(
                words["pitch"].format(
                    count=rule.finalists, pitch=rule.pitch_weight, written=100 - rule.pitch_weight
                )
            )
        if rule.threshold is not None:
            said.append(words["threshold"].format(threshold=rule.threshold))
        if rule.reserve_until is not None:
            until = self.moment(rule.reserve_until)
            said.append(words["reserve"].format(count=rule.reserve, until=until))
        return " ".join(said)

    def _pot(self, pot: RoundPart) -> list[tuple[str, str]]:
        gettext = self.gettext
        facts = [
            (gettext("Round"), self.text(pot.name)),
            (gettext("Places taken"), f"{len(pot.awards)} / {pot.rule.places}"),
        ]
        rule = self._rule(pot.rule)
        if rule:
            facts.append((gettext("Rule of the round"), rule))
        if pot.rule.envelope_minor is not None:
            facts.append(
                (
                    gettext("Money committed"),
                    f"{self.euros(pot.committed_minor)} / {self.euros(pot.rule.envelope_minor)}",
                )
            )
        return facts

    def _given(self, pot: RoundPart) -> Table:
        gettext = self.gettext
        raised = {each.application for each in pot.departures}
        money = pot.rule.envelope_minor is not None
        columns = [(gettext("Place in the order"), True), (gettext("Application"), False)]
        columns += [(gettext("Amount"), True)] if money else []
        columns += [(gettext("Why"), False)]
        rows = []
        for each in pot.awards:
            why = gettext("raised by decision") if each.application in raised else gettext("by the order")
            why += f", {gettext('reserved seat')}" if each.reserved else ""
            amount = [self.euros(each.amount_minor)] if money else []
            rows.append([self.number(each.place), each.application, *amount, why])
        return Table(f"given-{pot.code}", gettext("Awards"), columns, rows)

    def _departures(self) -> Iterator[Said | Note]:
        found = [(pot, each) for pot in self.protocol.rounds for each in pot.departures]
        for pot, each in found:
            yield self._departure(pot, each)
        if not found:
            yield Note(self.gettext("None: the awards follow the order."))

    def _addendum(self) -> Iterator[Facts | Note | Said]:
        part = self.protocol.addendum
        return addendum_blocks(part, self.gettext, moment=self.moment, euros=self.euros) if part else iter(())

    def _departure(self, pot: RoundPart, each: DeparturePart) -> Said:
        gettext = self.gettext
        kind = gettext("raised above the line") if each.kind == "raised" else gettext("passed over")
        lines = [
            gettext("Decided by the coordinator {member}, {when}").format(
                member=each.decided_by, when=self.moment(each.decided_at)
            )
        ]
        if each.confirmed_at:
            lines.append(
                gettext("Confirmed by a second coordinator, {member}, {when}").format(
                    member=each.confirmed_by, when=self.moment(each.confirmed_at)
                )
            )
        elif each.alone:
            lines.append(
                gettext(
                    "There is no second coordinator: the reason is published in the ledger with the results."
                )
            )
        else:
            lines.append(gettext("Not confirmed by a second coordinator yet"))
        name = f" · {self.text(pot.name)}" if len(self.protocol.rounds) > 1 else ""
        return Said(f"{each.application}: {kind}{name}", lines, [(gettext("Reason"), each.reason)])

    def _method(self) -> Iterator[Facts | Table | Note]:
        gettext, rules = self.gettext, self.protocol.rules
        wanted = (
            gettext("Every partner organisation scores each application")
            if rules.reviews_per_application is None
            else self.number(rules.reviews_per_application)
        )
        order = ", ".join(self.criteria.get(code, code) for code in rules.tie_order)
        facts = [
            (gettext("Published method"), self.method),
            (gettext("Reviews of each application"), wanted),
            (
                gettext("Equal totals"),
                gettext("The higher mean goes first, criterion by criterion: {order}. Then the draw.").format(
                    order=order
                ),
            ),
            (gettext("Seed of the draw"), rules.seed),
        ]
        if rules.lottery:
            said = choices(self.language, "lottery_said")["rule"]
            facts.insert(1, (gettext("Lots at the line"), said))
        if rules.impute:
            facts.insert(
                1, (gettext("Criteria that were not judged"), choices(self.language, "impute_said")["yes"])
            )
        if rules.strata is not None:
            facts.insert(1, (gettext("Groups that calibration knows"), self._strata()))
        gap = []
        if rules.divergence_points is not None:
            gap.append(gettext("points of 100: {count}").format(count=rules.divergence_points))
        if rules.divergence_steps is not None:
            gap.append(gettext("steps on one criterion: {count}").format(count=rules.divergence_steps))
        if gap:
            facts.append(
                (gettext("A third review is asked for, on the scores as given, from"), ", ".join(gap))
            )
            facts.append(
                (
                    gettext("On the panel's agenda reviews differ much"),
                    gettext(
                        "by these points with the reviewers' strictness taken out, and by more than chance "
                        "explains; by the same rule where nothing could be calibrated"
                    ),
                )
            )
        yield Facts(facts)
        yield Table(
            "criteria",
            gettext("Criteria and weights as published"),
            [(gettext("Criterion"), False), (gettext("Weight"), True), (gettext("Scale"), True)],
            [
                [self.text(each.title), f"{each.weight} %", f"{each.minimum}–{each.maximum}"]
                for each in rules.criteria
            ],
        )
        blind = self.protocol.blind
        if blind:
            yield Note(
                gettext("Names were looked at together before the decision, from {when} on: {reason}").format(
                    when=self.moment(blind.at), reason=blind.reason
                )
            )
        else:
            yield Note(gettext("Names were not looked at together before the decision."))

    def _lots(self) -> Iterator[Facts | Table | Note]:
        """Who was certain, who drew, with which ticket, and what the draw costs."""
        gettext, held = self.gettext, self.protocol.computed.lottery
        if held is None:
            return
        seed, call = lottery_seed(self.protocol.input.seed), self.protocol.input.call
        facts = [
            (gettext("The line runs below place"), self.number(held.line)),
            (gettext("Above the line without a draw"), ", ".join(held.accepted) or NOTHING),
            (gettext("Places that were drawn"), self.number(held.left if held.drawing else 0)),
            (gettext("Seed of the lots"), seed),
        ]
        cost = price(self.protocol)
        if cost is not None:
            said = choices(self.language, "lottery_said")["price"]
            told = [formats.number(self.language, f"{each:.1f}", 1) for each in (cost.order, cost.drawn)]
            facts.append(
                (gettext("What the draw costs"), said.format(line=held.line, order=told[0], drawn=told[1]))
            )
        yield Facts(facts)
        if not held.drawing:
            yield Note(gettext("The places were enough for all whom the reviews cannot tell from the line."))
            return
        yield Table(
            "lots",
            gettext("Who drew, in the order of the lots"),
            [(gettext("Lot"), True), (gettext("Application"), False), (gettext("Ticket"), False)],
            [
                [self.number(number), code, draw_ticket(seed, call, code)]
                for number, code in enumerate(held.drawing, 1)
            ],
        )
        yield Note(
            gettext(
                "A ticket is HMAC-SHA256 of the seed of the lots over the call, a new line and the "
                "application's code; the lowest goes first. That seed follows from the seed of the draw; the "
                "command at the end of this protocol draws again."
            )
        )

    def _strata(self) -> str:
        """By what applications are sorted, and how many are in each group."""
        rules, known = self.protocol.rules, self.protocol.input.strata
        said = choices(self.language, "strata_said")[rules.strata or ""]
        names = (
            choices(self.language, "languages")
            if rules.strata == Strata.LANGUAGE
            else {code: self.text(name) for code, name in rules.groups.items()}
        )
        counts = Counter(known.of.values()) if known else Counter[str]()
        told = [
            f"{names.get(code, code) or NOTHING}\u00a0– {self.number(count)}"
            for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        ]
        return f"{said} {'; '.join(told)}".strip()

    def _coverage(self) -> Iterator[Table]:
        gettext = self.gettext
        yield Table(
            "coverage",
            gettext("Partner organisations"),
            [
                (gettext("Organisation"), False),
                (gettext("Reviewers"), True),
                (gettext("Reviews that count"), True),
                (gettext("Applications scored"), True),
                (gettext("Missing"), True),
            ],
            [self._covered(each) for each in self.protocol.organisations],
        )

    def _covered(self, own: OrganisationPart) -> list[str]:
        missing = self.number(own.missing)
        if own.excused:
            missing += " " + self.gettext("(excused: {count})").format(count=self.number(own.excused))
        return [
            self.text(own.name),
            self.number(own.reviewers),
            self.number(own.reviews),
            f"{self.number(own.applications)} / {self.number(own.ranked)}",
            missing,
        ]

    def _gaps(self) -> Iterator[Facts | Table]:
        gettext, protocol = self.gettext, self.protocol
        yield Facts(
            [
                (gettext("Ties: who did not score or decide"), self.number(len(protocol.ties))),
                (
                    gettext("Scores not given because the reviewer could not judge"),
                    self.number(len(protocol.abstentions)),
                ),
                (gettext("Reviews missing, each excused in writing"), self.number(len(protocol.missing))),
                (gettext("Withdrawn after the scoring"), ", ".join(protocol.withdrawn) or NOTHING),
            ]
        )
        if protocol.ties:
            grounds = {each.value: label(self.language, each) for each in TieGround}
            yield Table(
                "tied",
                gettext("Ties"),
                [(gettext("Application"), False), (gettext("Member"), False), (gettext("Known from"), False)],
                [[each.application, each.member, grounds.get(each.ground, "")] for each in protocol.ties],
            )
        if protocol.abstentions:
            cells: dict[tuple[str, str], list[str]] = defaultdict(list)
            for each in protocol.abstentions:
                cells[each.application, each.reviewer].append(
                    self.criteria.get(each.criterion, each.criterion)
                )
            yield Table(
                "abstained",
                gettext("Could not judge"),
                [(gettext("Application"), False), (gettext("Reviewer"), False), (gettext("Criteria"), False)],
                [[code, reviewer, ", ".join(titles)] for (code, reviewer), titles in sorted(cells.items())],
            )
        if protocol.computed.imputed:
            yield Facts(
                [
                    (
                        gettext("Reviews calibrated with an estimate, with less weight"),
                        ", ".join(f"{reviewer} – {code}" for code, reviewer in protocol.computed.imputed),
                    )
                ]
            )
        if protocol.missing:
            yield Table(
                "missing",
                gettext("Missing reviews"),
                [
                    (gettext("Application"), False),
                    (gettext("Organisation"), False),
                    (gettext("Reason"), False),
                ],
                [
                    [
                        each.application,
                        self.organisations.get(each.organisation, each.organisation),
                        each.reason or gettext("not excused yet"),
                    ]
                    for each in protocol.missing
                ],
            )

    def _panel(self) -> Iterator[Facts | Said | Note]:
        gettext, panel = self.gettext, self.protocol.panel
        if panel is None:
            yield Note(gettext("No meeting was written down."))
            return
        roles = {each.value: label(self.language, each) for each in PanelRole}
        present = []
        for each in panel.present:
            where = self.organisations.get(each.organisation or "", roles.get(each.role, each.role))
            present.append(f"{each.member} ({where})")
        day = date.fromisoformat(panel.held_on) if panel.held_on else None
        yield Facts(
            [
                (gettext("Day"), formats.day(self.language, day) if day else NOTHING),
                (gettext("Present"), ", ".join(present) or NOTHING),
            ]
        )
        if panel.notes:
            yield Said(gettext("The meeting as a whole"), [], [(gettext("What was said"), panel.notes)])
        for case in panel.cases:
            yield self._case(case)

    def _case(self, case: CasePart) -> Said:
        gettext = self.gettext
        outcomes, grounds = choices(self.language, "panel_outcome"), choices(self.language, "agenda_ground")
        lines = []
        if case.grounds:
            lines.append(
                gettext("On the agenda: {grounds}").format(
                    grounds=", ".join(grounds.get(each, each) for each in case.grounds)
                )
            )
        if case.away:
            lines.append(gettext("Out of the room: {members}").format(members=", ".join(case.away)))
        lines.append(
            gettext("Outcome: {outcome}").format(
                outcome=outcomes[case.outcome] if case.outcome else gettext("none written down")
            )
        )
        texts = ((gettext("What was said"), case.minutes), (gettext("Reason"), case.reason))
        return Said(case.application, lines, [each for each in texts if each[1]])

    def _ranking(self) -> Iterator[Table | Note]:
        gettext, computed = self.gettext, self.protocol.computed
        deciding = self.protocol.input.method
        others = [each for each in Method if each.value != deciding and each.value in computed.orders]
        found = {each: {place.application: place for place in computed.orders[each.value]} for each in others}
        names = {each: label(self.language, each).partition(":")[0] for each in Method}
        places = deciding_places(computed, computed.orders[deciding])
        yield Note(
            gettext(
                "Ordered by: {method}. Beside it, for comparison only, the places by the other methods."
            ).format(method=self.method)
        )
        yield Table(
            "order",
            gettext("Order"),
            [
                (gettext("Position"), True),
                (gettext("Application"), False),
                (gettext("Total"), True),
                *((names[each], True) for each in others),
                (gettext("Among equals"), False),
            ],
            [
                [
                    self.number(each.place) if each.label else NOTHING,
                    each.application
                    + (f" ({gettext('withdrawn')})" if each.application in self.protocol.withdrawn else ""),
                    self.tenths(each.total),
                    *(self._other(found[other].get(each.application)) for other in others),
                    self.tie(each),
                ]
                for each in places[:MOST_ROWS]
            ],
        )
        if len(places) > MOST_ROWS:
            yield Note(
                gettext("The rest of the order is in the file: {count}").format(
                    count=self.number(len(places) - MOST_ROWS)
                )
            )

    def _other(self, place: PlacePart | None) -> str:
        return NOTHING if place is None or not place.label else self.number(place.place)

    def tie(self, place: PlacePart) -> str:
        """Which rule put it before its equal."""
        if not place.label:
            return self.gettext("no total")
        words = choices(self.language, "tied")
        if place.decided_by == TOTAL:
            return words["last"] if place.label != str(place.place) else ""
        if place.decided_by in (DRAW, LOTTERY):
            return words[place.decided_by]
        return words["criterion"].format(criterion=self.criteria.get(place.decided_by, place.decided_by))

    def _check(self) -> Iterator[Facts | Note]:
        gettext, protocol = self.gettext, self.protocol
        yield Note(
            gettext(
                "The file of this protocol (JSON) holds every score by code. With it anybody can compute the "
                "order, the draw, the cut line and the money again, on their own machine, with this command:"
            ),
            f"baige recompute protocol-{protocol.call.slug}-{protocol.number}.json",
        )
        versions = ", ".join(
            f"{name} {number}" for name, number in sorted(protocol.computed.versions.items())
        )
        yield Facts(
            [
                (gettext("Fingerprint of this protocol (SHA-256)"), protocol.digest),
                (gettext("Fingerprint of the scores (SHA-256)"), protocol.input_sha256),
                (
                    gettext("Fingerprint of the frozen decision (SHA-256)"),
                    protocol.decision_sha256 or NOTHING,
                ),
                (gettext("Computed"), self.moment(protocol.computed.at)),
                (gettext("Computed with"), versions),
            ]
        )
        for each in protocol.replaced:
            yield Note(
                gettext("Replaces protocol {number} of {when}: {reason}").format(
                    number=each.number, when=self.moment(each.made_at), reason=each.reason or NOTHING
                ),
                each.digest,
            )


def protocol_paper(protocol: Protocol, language: str, sender: Sender, now: datetime) -> Callable[[], bytes]:
    """The paper to sign; made when what comes back is called. A frozen one is always the same."""
    words = ProtocolWords(protocol, language)
    gettext = words.gettext
    paper = Paper(
        language=language,
        call=words.text(protocol.call.title),
        title=words.title,
        state=words.state,
        mark=gettext("Draft") if protocol.draft else "",
        signers=_signers(words),
        at=datetime.fromisoformat(protocol.made_at) if protocol.made_at else now,
    )
    chapters = words.chapters()
    return lambda: protocol_pdf(paper, chapters, sender)


def _signers(words: ProtocolWords) -> Sequence[str]:
    coordinator = label(words.language, PanelRole.COORDINATOR)
    return [coordinator, *words.organisations.values()]
