"""The words of the ranking, the awards and the announcement."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "ranking.reviewing_not_open": N_("Reviewing is not open, so it cannot be closed."),
    "ranking.never_ranked": N_(
        "This call was decided without reviews on this site, so there is no order and no meeting to read "
        "here."
    ),
    "ranking.reviewing_not_closed": N_("This needs closed reviewing and an open decision."),
    "ranking.awards_exist": N_("Take the awards back first: they rest on this order."),
    "ranking.finalists_stand": N_("Finalists were invited by this order, so it stays."),
    "extra.not_offered": N_("It is not among those of which one more review is offered."),
    "extra.not_free": N_("This reviewer is not free to read it. Choose another one."),
    "extra.nothing_picked": N_("Pick at least one application."),
    "extra.nobody_chosen": N_("Choose who is to read it."),
    "extra.due_past": N_("This day is over. Choose a later one."),
    "what_if.weights": N_("Weights are whole numbers from 0 to 100, and not all of them 0."),
    "what_if.method": N_("Choose a method."),
    "what_if.nobody": N_("Nobody of this name has reviewed in this call."),
    "what_if.too_many_reviews": N_("The call has too many reviews to be computed anew while you wait."),
    "hole.no_reason": N_("Nothing was excused: write why at least one of these reviews is missing."),
    "hole.reason_too_short": N_("Say in at least {least} characters why this review is missing."),
    "award.count_out_of_range": N_("Enter a number from {least} to {most}."),
    "award.amount_by_rule": N_("All winners of this round share its money by the published rule."),
    "award.more_than_asked": N_("This is more than was asked for, or than one award may get."),
    "award.below_threshold": N_("Its total is below {threshold}: by the published rule it gets no award."),
    "award.needs_one_more": N_(
        "Needs one more review: {codes}. One review alone passes no cut. Ask for one more on the page of the "
        "ranking, or write down why it is passed over."
    ),
    "reserve.needs_one_more": N_(
        "{codes} rests on one review, and one review alone passes no cut. Choose another who stands by, and "
        "write down the reason."
    ),
    "award.no_seats_kept": N_("This round keeps no seats for a group."),
    "award.no_finalists": N_("This round has no finalists: nobody is invited to pitch."),
    "reserve.not_published": N_("This is possible once the results are public."),
    "reserve.no_list": N_("This round has no reserve list."),
    "reserve.ended": N_("The reserve list has ended: nobody comes up from it any more."),
    "reserve.nothing_returned": N_("No award was given back that somebody could get."),
    "reserve.nobody_stands_by": N_("Nobody is left on the reserve list."),
    "award_freed.following": N_(
        "The next on the reserve list can come up, by one press. The list is valid until {until}."
    ),
    "award_freed.nobody": N_("Nobody can come up from a reserve list: its place stays empty."),
    "award_freed.replaced": N_("Somebody has come up from the reserve list in its place."),
    "reserve.second_person": N_(
        "This is not the next on the list: write down why, and another coordinator confirms it."
    ),
    "decision.fewer_than_promised": N_(
        "The call promised at least {least} awards, and {given} are given. Award more, or say in writing why "
        "the next are passed over."
    ),
    "award.envelope_exceeded": N_("The envelope does not hold that much any more."),
    "award.no_place_left": N_("All {places} places are taken."),
    "award.nobody_left": N_(
        "Nobody in the order is left: each has an award, was passed over in writing, or has withdrawn."
    ),
    "award.line_stands": N_("The awards stand by this line already: nothing has to change."),
    "award.already_awarded": N_("This application has an award already."),
    "award.not_in_order": N_("It has no place in the order: it has no total, or has withdrawn."),
    "award.already_decided": N_("The decision is frozen."),
    "award.no_money_here": N_("This call gives places, not money."),
    "award.departure_needs_reason": N_(
        "This departs from the order. Say why in at least {least} characters: it becomes part of the record."
    ),
    "decision.open_holes": N_("{count} reviews are missing and not excused. Excuse each in writing first."),
    "decision.unexplained_departures": N_("Say in writing why these depart from the order: {codes}."),
    "decision.unconfirmed_seats": N_(
        "These say that a reserved seat is for them. Confirm or refuse each first: {codes}."
    ),
    "decision.winner_withdrew": N_("Take these awards back first, since they have withdrawn: {codes}."),
    "decision.nothing_awarded": N_("Nothing is awarded yet."),
    "decision.already_revealed": N_("A winner is known already, so the decision stays as it is."),
    "picture.not_public": N_("No winner is shown with a picture before all results are public."),
    "picture.no_consent": N_("The team has not agreed to its picture being shown, or has taken that back."),
    "picture.none": N_("There is no cleared picture in this application."),
    "notice.nothing_published": N_("There is nothing to correct before the results are public."),
    "notice.no_such_winner": N_("Choose the winner whom the correction is about."),
    "notice.not_of_a_winner": N_("Leave this empty: the correction is about a figure."),
    "announce.not_decided": N_("Freeze the decision first."),
    "alone.needs_reason": N_(
        "You coordinate this call alone: say in at least {least} characters why you do it without a second "
        "person. It becomes public with the results."
    ),
    "seal.not_sealed": N_("Seal the results first: nobody is announced before."),
    "seal.unlike": N_(
        "What was sealed is not all here any more, so no paper of it is made. "
        "The sealed file itself is on the page of the seal once the results are public."
    ),
    "seal.broken": N_(
        "The awards are not those that were sealed, so nobody was announced. Open the decision again."
    ),
    "seal.stands": N_("The results are sealed already, or wait for a second person."),
    "seal.confirmed": N_("Somebody has confirmed the seal already."),
    "seal.second_person": N_("You have sealed it. Another coordinator confirms."),
    "seal.differs": N_(
        "Nothing was sealed. Computed again from the stored scores, the results are not the same: {lines}"
    ),
    "publication.asked": N_("Somebody has confirmed the counts already. See below."),
    "publication.not_asked": N_("Nobody has confirmed the counts, or they were taken back."),
    "publication.second_person": N_("You have confirmed the counts. Another coordinator publishes."),
    "letters.none_wait": N_("No letter waits any more."),
    "factual.closed": N_("A factual error can be pointed out after the results, for a limited time."),
    "factual.waits": N_("What you pointed out before waits for its answer."),
    "factual.answered": N_("Somebody has answered it already."),
    "result.none": N_("There is no result of this application to read."),
    "announce.already_published": N_("The results are public already."),
    "archive.not_an_empty_call": N_("Past winners can only be entered into a call without applications."),
}

QUESTIONS: dict[str, Words] = {
    "extra.reviewer": Words(N_("Who reads it once more?")),
    "extra_ask.due_on": Words(
        N_("Until which day is the extra review due?"),
        hint=N_("Until 18:00 of that day. Whoever is asked reads it in the letter and on their list."),
        empty=N_("Choose a date."),
    ),
    "extra_ask.reason": Words(
        N_("Reason"),
        hint=N_("It becomes part of the record."),
        empty=N_("Say why, in at least 10 characters."),
    ),
    "what_if.method": Words(N_("Method")),
    "what_if.reviewer": Words(N_("Without the reviews of")),
    "what_if.organisation": Words(N_("Without the reviews of the organisation")),
    "picture.alt": Words(
        N_("What does the picture show?"),
        hint=N_("One sentence for people who cannot see it."),
        empty=N_("Say in each language what the picture shows."),
    ),
    "notice.part": Words(N_("What is corrected?"), empty=N_("Choose what is corrected.")),
    "notice.winner": Words(N_("Which winner?"), hint=N_("Only where a winner is corrected.")),
    "notice.words": Words(
        N_("What was wrong, and what is right?"),
        hint=N_("In all three languages. Name no person."),
        empty=N_("Write the correction in this language."),
    ),
    "award.application": Words(N_("Which application?"), empty=N_("Choose an application.")),
    "award.amount_minor": Words(N_("Amount"), hint=N_("Empty: the amount of the round.")),
    "award.reason": Words(
        N_("Why does it depart from the order?"), hint=N_("Only needed for an application below the line.")
    ),
    "departure.application": Words(N_("Which application?"), empty=N_("Choose an application.")),
    "departure.reason": Words(
        N_("Why is it passed over, or raised?"),
        hint=N_("At least 20 characters. It becomes part of the record."),
        empty=N_("Say why, in at least 20 characters."),
    ),
    "seal.reason": Words(
        N_("Why without a second person?"),
        hint=N_("At least 20 characters. It becomes public with the results."),
        empty=N_("Say why, in at least 20 characters."),
    ),
    "publish.reason": Words(
        N_("Why without a second person?"),
        hint=N_("At least 20 characters. It becomes public with the results."),
        empty=N_("Say why, in at least 20 characters."),
    ),
    "line_words.text": Words(
        N_("What the applicant reads"),
        hint=N_("At least 30 characters: what was good or lacking, and what would help."),
        empty=N_("Write a line of at least 30 characters."),
    ),
    "factual.text": Words(
        N_("What is wrong, and where can it be seen?"),
        hint=N_("At least 30 characters."),
        empty=N_("Say what is wrong, in at least 30 characters."),
    ),
    "factual_answer.outcome": Words(N_("What came of it?"), empty=N_("Choose one.")),
    "factual_answer.answer": Words(
        N_("Answer to the applicant"),
        hint=N_("At least 30 characters. It is sent by e-mail."),
        empty=N_("Write an answer of at least 30 characters."),
    ),
    "line.count": Words(N_("Number of awards"), empty=N_("Enter a number.")),
    "finalist_line.count": Words(N_("Number of finalists"), empty=N_("Enter a number.")),
    "return.reason": Words(
        N_("Why is the award given back?"),
        hint=N_("At least 10 characters. It becomes part of the record."),
        empty=N_("Say why, in at least 10 characters."),
    ),
    "promotion.application": Words(
        N_("Who comes up?"), hint=N_("Leave it as it is for the next on the list.")
    ),
    "promotion.reason": Words(
        N_("Why not the next on the list?"),
        hint=N_("Only needed where it is not the next. At least 20 characters."),
    ),
    "seat.application": Words(N_("Which application?"), empty=N_("Choose an application.")),
    "seat.belongs": Words(
        N_("Does it belong to those for whom the seats are kept?"), empty=N_("Choose yes or no.")
    ),
    "seat.reason": Words(
        N_("How is that known?"),
        hint=N_("At least 10 characters. It becomes part of the record."),
        empty=N_("Say how it is known, in at least 10 characters."),
    ),
    "reason.reason": Words(
        N_("Why?"), hint=N_("It becomes part of the record."), empty=N_("Say why, in at least 10 characters.")
    ),
}

CHOICES: dict[str, dict[str, str]] = {
    "picture_state": {
        "none": N_("No picture"),
        "shown": N_("Shown"),
        "free": N_("May be shown"),
        "not_agreed": N_("The team has not agreed"),
    },
    "corrected_part": {
        "winner": N_("A winner"),
        "received": N_("Applications received"),
        "eligible": N_("Could take part"),
        "scored": N_("Scored by all who were to score them"),
        "finalists": N_("Invited to pitch"),
        "awarded": N_("Winners"),
        "money": N_("Money awarded"),
        "reviews": N_("Reviews that counted"),
        "ties": N_("Ties that reviewers declared"),
        "broken_ties": N_("Equal totals put in order by the published rule"),
        "averages": N_("Means of the criteria"),
        "dates": N_("Dates, as promised first and as they came"),
    },
    "funnel": {
        "received": N_("Applications received"),
        "eligible": N_("Could take part"),
        "scored": N_("Scored by all who were to score them"),
        "finalists": N_("Invited to pitch"),
        "awarded": N_("Winners"),
        "money": N_("Money awarded"),
    },
    "figures": {
        "reviews": N_("Reviews that counted"),
        "organisations": N_("Partner organisations that scored"),
        "ties": N_("Ties that reviewers declared"),
        "jurors": N_("Jurors who scored the pitches"),
        "juror_ties": N_("Pitches that a juror left unscored for a tie"),
        "broken_ties": N_("Equal totals put in order by the published rule"),
        "protocol": N_("Protocol of the decision"),
    },
    "pitch_counts": {
        "decides": N_("The pitch before the jury counts {pitch} %, the written scores {written} %."),
        "decided": N_(
            "The pitch before the jury counted {pitch} %, the written scores {written} %: both together "
            "decided who wins."
        ),
        "nobody": N_("Nobody pitched, so the written scores alone decided."),
        "own": N_("Your pitch counted {pitch} %, your written scores {written} %: both together decided."),
    },
    "pitch_scores": {
        "written": N_("Written scores"),
        "pitch": N_("Pitch"),
        "total": N_("Both together, which decided"),
    },
    "result_files": {
        "giving": N_("Awards for programs (360Giving JSON)"),
        "table": N_("Awards as a table (CSV)"),
        "workbook": N_("Awards as a table (XLSX)"),
        "feed": N_("Follow these results (Atom feed)"),
    },
    "calendar": {
        "opens": N_("Opens for applications"),
        "closes": N_("Closes for applications"),
        "event": N_("Event"),
        "results": N_("Results expected"),
        "published": N_("Results published"),
    },
    "kept": {"kept": N_("in time"), "late": N_("later"), "waits": N_("not yet")},
    "kept_dates": {
        "opening": N_("Opening of the call"),
        "closing": N_("Closing of the call"),
        "reviews": N_("End of scoring"),
        "results": N_("Results"),
    },
    "winner_how": {
        "reserved": N_("Reserved seat"),
        "promoted": N_("From the reserve list"),
        "given_back": N_("Gave the award back on {day}"),
    },
    "factual_outcome": {
        "corrected": N_("The record was corrected"),
        "stands": N_("What was said stands"),
    },
    "factual": {
        "counts": N_(
            "Factual errors pointed out after the results: {noted}. Answered: {answered}, of these right: "
            "{corrected}."
        ),
    },
    "band": {
        "first_quarter": N_("It stands in the first quarter of all scored applications."),
        "second_quarter": N_("It stands in the second quarter of all scored applications."),
        "third_quarter": N_("It stands in the third quarter of all scored applications."),
        "last_quarter": N_("It stands in the last quarter of all scored applications."),
        "first_half": N_("It stands in the first half of all scored applications."),
        "second_half": N_("It stands in the second half of all scored applications."),
    },
    "scale_line": {
        "mean": N_("The reviewers gave {mean} of {most} on average. The published words for {score}: {said}"),
        "higher": N_("For {score} it would be: {said}"),
    },
    "letter_kinds": {
        "winner": N_("To a winner"),
        "reserve": N_("To one on the reserve list"),
        "other": N_("To one that was not selected"),
    },
    "letter_says": {
        "awarded": N_("Awarded"),
        "reserve": N_("On the reserve list"),
        "not_selected": N_("Not selected"),
        "promoted": N_("Awarded from the reserve list"),
        "returned": N_("The award was given back"),
    },
    "letter_states": {
        "queued": N_("waits"),
        "sent": N_("sent"),
        "failed": N_("could not be sent"),
        "stopped": N_("stopped"),
        "withdrawn": N_("withdrawn: the decision has changed"),
        "cancelled": N_("not sent: there was nobody, or nothing, to write to"),
        "lacking": N_("waits for a line of feedback"),
    },
    "deck": {
        "slides": N_("Slides for the screen (PDF)"),
        "cards": N_("Cards for who announces (PDF)"),
        "list": N_("Sealed result on paper (PDF)"),
    },
    "standby": {
        "waiting": N_("stands by"),
        "promoted": N_("has come up"),
        "out": N_("out of the call"),
    },
    "results_state": {
        "scheduled": N_("The call has not opened yet. Nothing has been scored or decided."),
        "open": N_("The call is open for applications. Nothing has been scored or decided."),
        "grace": N_("The call has just closed. Nothing has been scored or decided."),
        "closed": N_("The call has closed. Scoring has not begun yet."),
        "reviewing": N_("The applications are being scored. Nothing has been decided yet."),
        "reviewed": N_("Scoring has ended. The winners have not been decided yet."),
        "decided": N_("The winners have been decided and not announced yet."),
        "revealing": N_("The winners are being announced one by one. More may follow."),
        "cancelled": N_("This call was cancelled. It has no winners."),
    },
    "what_if_nobody": {"nobody": N_("Nobody is left out")},
    "method_short": {
        "mean_of_means": N_("Mean"),
        "median": N_("Median"),
        "calibrated": N_("Calibrated"),
    },
    "own_orders": {
        "name": N_("By each reviewer's order alone"),
        "short": N_("Reviewers' orders"),
        "said": N_(
            "Of each reviewer only this is read: which application they put above which, and equal scores "
            "half each. How strict they are, and by how much they part two applications, does not matter. It "
            "never decides."
        ),
        "not_connected": N_(
            "There is no such order: applications fall into groups that no reviewer compares with each other."
        ),
        "too_few": N_("There is no such order: no reviewer has scored two applications completely."),
        "too_many": N_("There is no such order: with more than 1,000 applications it takes too long."),
    },
    "line_words": {
        "by_both": N_("Written scores and pitch, by the published weight"),
        "by_both_short": N_("Written and pitch"),
        "count": N_("Awards: {count}."),
        "each": N_("Awards: {count}. Each gets {amount}."),
        "between": N_("Awards: {count}. They get from {least} to {most}."),
        "fewer": N_("No more can be awarded: there the money ends, or the applications that may win."),
        "enters": N_("Enters: {names}."),
        "leaves": N_("Leaves: {names}."),
        "same_as_now": N_("Nobody enters or leaves."),
        "same_as_decides": N_("The same applications win."),
        "passed": N_("Above the line, and passed over in writing: {names}."),
        "at_place": N_("{code} (position {place})"),
        "left": N_("Left in the pot: {left}."),
        "yes": N_("wins"),
        "no": N_("no award"),
        "hidden": N_(
            "The calibrated order is not shown to you: it rests on all reviews, also on those of an "
            "application with which you have a tie."
        ),
    },
    "finalist_words": {
        "count": N_("Finalists: {count}."),
        "fewer": N_("No more can be invited: there the order ends."),
        "enters": N_("Enters: {names}."),
        "leaves": N_("Leaves: {names}."),
        "same_as_now": N_("Nobody enters or leaves."),
        "same_as_decides": N_("The same applications pitch."),
        "yes": N_("pitches"),
        "no": N_("not invited"),
    },
    "method_said": {
        "mean_of_means": N_(
            "The mean of the scores as the reviewers gave them; each organisation counts once, however many "
            "reviewers it has."
        ),
        "median": N_(
            "The middle one of the organisations' means, which one extreme review hardly moves; each "
            "organisation counts once."
        ),
        "calibrated": N_(
            "The score that would be expected from an average reviewer, after taking out how strict or "
            "generous this application's reviewers are everywhere else."
        ),
    },
    "stand": {
        "in": N_("certain in"),
        "zone": N_("in the zone"),
        "out": N_("certain out"),
        "seated": N_("in a reserved seat"),
        "pitches": N_("invited to pitch"),
    },
    "caution": {
        "wide": N_(
            "I know that these are few reviews for a line: on average a true place is known to within more "
            "than half of the field."
        ),
        "apart": N_(
            "I know that reviewers fall into groups that share no application: that one group is not "
            "stricter than another is an assumption."
        ),
    },
    "extra_worth": {
        "most": N_("here one more review helps most"),
        "as_much": N_("helps about as much"),
        "less": N_("helps less"),
        "little": N_("helps little"),
    },
    "why_firm": {
        "chance": N_(
            "Chance to be truly among the best {line}: {chance}. True place, nine times out of ten: {places}."
        ),
        "score": N_("With the strictness of its own reviewers taken out, its score is {score} of 100."),
        "above": N_(
            "Counted like that, it is most likely {gap} points above the line for the truly best {line}."
        ),
        "below": N_(
            "Counted like that, it is most likely {gap} points below the line for the truly best {line}."
        ),
        "sure_above": N_(
            "Eight times out of ten it is from {low} to {high} points above it, once less than that and once "
            "more."
        ),
        "sure_below": N_(
            "Eight times out of ten it is from {low} to {high} points below it, once less than that and once "
            "more."
        ),
        "unsure": N_(
            "Eight times out of ten it is anywhere from {below} points below it to {above} points above it, "
            "once lower and once higher."
        ),
        "decides_above": N_(
            "What decides is another number: by the published method ({method}) its total is {total}, which "
            "is position {place}, above the line."
        ),
        "decides_below": N_(
            "What decides is another number: by the published method ({method}) its total is {total}, which "
            "is position {place}, below the line."
        ),
        "in": N_(
            "A chance above nine in ten counts as certain: other reviewers would hardly have changed it."
        ),
        "zone": N_("So other reviewers could well have put it on the other side of the line."),
        "out": N_(
            "A chance below one in ten counts as certain: other reviewers would hardly have changed it."
        ),
        "seated": N_(
            "It sits in a seat that is kept for a group, so this line is not the one that it needs."
        ),
        "pitches": N_(
            "It is invited to pitch, so this line is behind it: who wins is decided by written and pitch "
            "scores together."
        ),
        "kind": N_("Those who gave them give {points} more than others do elsewhere: {sign}{points}."),
        "strict": N_("Those who gave them give {points} less than others do elsewhere: {sign}{points}."),
        "kind_one": N_("Who gave it gives {points} more than others do elsewhere: {sign}{points}."),
        "strict_one": N_("Who gave it gives {points} less than others do elsewhere: {sign}{points}."),
        "drawn": N_(
            "Few reviews say little of an application by itself, so it is drawn towards the middle of all of "
            "them: {sign}{points}."
        ),
        "drawn_one": N_(
            "One review says little of an application by itself, so it is drawn towards the middle of all of "
            "them: {sign}{points}."
        ),
        "sum": N_("Together: {score}."),
    },
    "other_side": {
        "in": N_("↑ above"),
        "out": N_("↓ below"),
    },
    "line_side": {
        "above": N_("above the line"),
        "below": N_("below the line"),
        "decides": N_("decides"),
    },
    "chart_said": {
        "intervals": N_(
            "{count} applications around the line. Dot: where its true place lies on average. Thick stroke: "
            "where it lies one time out of two. Thin stroke: nine times out of ten. "
            "Whatever reaches well across the line at {line} is not decided by the reviews."
        ),
        "strip": N_(
            "The best stand on the left, and high is a good place. Each stroke spans where that application "
            "may truly stand, nine times out of ten; the line is at {line}."
        ),
        "leniency": N_(
            "Each dot is one of {count} reviewers, the strictest first: how many points of 100 more or fewer "
            "than colleagues they give on the same applications. The stroke is where that lies with 95 % "
            "certainty."
        ),
        "heat": N_(
            "What an average reviewer would be expected to give. Dark is high; hatched where fewer than two "
            "reviews judged it."
        ),
        "bump": N_(
            "Applications that not every method puts on the same side of the line: {count}. A line that "
            "crosses is an application whose place depends on the method."
        ),
    },
    "interval_head": {
        "place": N_("Position"),
        "rank": N_("True place, on average"),
        "inner": N_("True place, one time out of two"),
        "outer": N_("True place, nine times out of ten"),
        "chance": N_("Chance to be among the best {line}"),
        "stand": N_("In words"),
    },
    "leniency_head": {
        "organisation": N_("Organisation"),
        "reviews": N_("Complete reviews"),
        "leniency": N_("Points more or fewer than colleagues"),
        "interval": N_("with 95 % certainty between"),
        "slope": N_("Tells applications apart (1 is like everybody, more is further)"),
        "noise": N_("Unsteadiness of the scores (1 is like everybody, less is steadier)"),
        "flags": N_("What stands out"),
    },
    "leniency_said": {
        "lower": N_(
            "Scores lower than colleagues do on the same applications, by about this many points of 100: "
            "{points} (with 95 % certainty between {low} and {high})."
        ),
        "higher": N_(
            "Scores higher than colleagues do on the same applications, by about this many points of 100: "
            "{points} (with 95 % certainty between {low} and {high})."
        ),
        "unknown": N_(
            "Whether it is stricter or kinder on average cannot be told. In points of 100, at most: lower by "
            "{low}, higher by {high}."
        ),
    },
    "reviewer_flags": {
        "constant": N_(
            "gave every application the same total: that tells nothing between applications, so another "
            "reviewer is needed"
        ),
        "flat": N_("hardly tells good applications from weak ones"),
        "noisy": N_("its scores jump about more than others' do, now up, now down"),
    },
    "unranked": {
        "too_few_applications": N_("There are too few applications to say how firm their places are."),
        "too_few_scores": N_("There are too few complete reviews to say how firm the places are."),
        "all_equal": N_("All reviews say the same, so nothing can be told apart: only the tie rules order."),
    },
    "tied": {
        "criterion": N_("equal total; ahead of the next by: {criterion}"),
        "draw": N_("equal total; ahead of the next by the draw"),
        "lottery": N_("by lot: the reviews cannot tell it from the line"),
        "last": N_("equal total; the last of its equals"),
    },
}

FLASHES: dict[str, str] = {
    "notice_published": N_("The correction is public."),
    "picture_shown": N_("The picture is public."),
    "picture_taken_away": N_("The picture is gone, and a correction says so."),
    "reviewing_closed": N_("Reviewing is closed. This is the order."),
    "reviewing_reopened": N_("Reviewing is open again."),
    "awards_withdrawn": N_("Awards taken back: {count}."),
    "extra_asked": N_("Reviewing is open again, and extra reviews are asked for: {count}."),
    "holes_excused": N_("Missing reviews excused now: {count}."),
    "line_drawn": N_("The line is drawn. New pending awards: {count}."),
    "awarded": N_("Awarded. It stays secret until it is announced."),
    "award_withdrawn": N_("The award is taken back."),
    "departure_explained": N_("The reason is on record."),
    "departure_withdrawn": N_("The reason is taken back, and the order applies again."),
    "own_award_given_back": N_("You have given the award back. Thank you for saying so."),
    "award_given_back": N_("Written down: the award was given back."),
    "promoted": N_("The award has gone to it, and its team gets a letter."),
    "promotion_asked": N_("Your reason waits for another coordinator. Nobody has come up yet."),
    "promotion_dropped": N_("Taken back: the list stands in its order."),
    "seat_marked": N_("The mark is on record."),
    "mark_dropped": N_("The mark is taken back: the answer counts again."),
    "decided": N_("The decision is frozen."),
    "decision_reopened": N_("The decision is open again."),
    "published": N_("The results are public, and every applicant gets a letter."),
    "sealed": N_("The results are sealed. Another coordinator confirms."),
    "seal_stands": N_("The seal stands, and everybody can see it."),
    "publication_asked": N_("The counts are confirmed. Another coordinator publishes."),
    "publication_dropped": N_("Taken back. Nothing was published."),
    "letters_stopped": N_("The letters are stopped. They leave only if you send them."),
    "letters_leave": N_("The letters leave now."),
    "feedback_filled": N_("Lines made of the published words: {count}."),
    "feedback_saved": N_("The line is saved."),
    "feedback_dropped": N_("The reviewers' own reasons are shown again."),
    "factual_written": N_("Sent. You are told by e-mail when it is answered."),
    "factual_answered": N_("The answer is sent."),
}
