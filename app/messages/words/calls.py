"""The words of calls: setting up, the panel, the public pages."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "hook.no_address": N_("Enter a whole address, for example https://example.org/hook."),
    "hook.not_https": N_("The address must begin with https://."),
    "hook.private": N_("This address is not on the public internet. Nothing is sent there."),
    "hook.too_many": N_("This call has five webhooks. Remove one to add another."),
    "hook.tested_enough": N_("Enough tests were sent for this hour. Try again later."),
    "call.locked": N_("The call has opened: what was published does not change any more."),
    "call.stale": N_("Somebody else saved this in the meantime. Read it again, then decide what to send."),
    "call.not_ready": N_("The call cannot open yet. What is missing is listed below."),
    "call.cannot_extend": N_("The closing can be moved only while it lies ahead."),
    "call.cannot_cancel": N_("This call can no longer be cancelled."),
    "call.slug_taken": N_("Another call has this address. Choose a different one."),
    "reminder.agreement_needed": N_("Tick this box: without it we cannot keep your address."),
    "reminder.not_waiting": N_("The call is not waiting to open, so there is nothing to be reminded of."),
    "check.unanswered": N_("Choose one of the answers."),
    "date.out_of_range": N_("Enter a date between the years 2000 and 2100."),
    "date.unknown_zone": N_("Choose a time zone from the list."),
    "date.half": N_("Enter both a date and a time."),
    "date.no_such_time": N_("Clocks skip this time on that day. Enter another one."),
    "dates.closes_before_opens": N_("The call must close after it opens."),
    "dates.reviews_before_closing": N_("Scoring must end after the call has closed."),
    "dates.results_before_reviews": N_("Results can be expected only after scoring has ended."),
    "dates.not_later": N_("Choose a time later than the present closing."),
    "money.in_selection": N_("A selection of people gives no money. Leave this empty."),
    "sections.budget_in_selection": N_("A selection of people has no budget section."),
    "choices.same_code": N_("Two answers have the same code."),
    "faq.language_missing": N_("Entry {number} is not written in this language yet: {language}."),
    "criterion.same_code": N_("Two criteria have the same code."),
    "criterion.same_tie_position": N_("Two criteria stand at the same place for breaking ties."),
    "criterion.scale": N_("The highest score must be above the lowest."),
    "criterion.anchor_off_scale": N_("There is a description for a score that the scale does not have."),
    "round.unknown": N_("This round is not one of the call's."),
    "round.half_money": N_("Enter both the amount for each place and the money in all."),
    "round.more_than_places": N_("This is more than the number of awards ({places})."),
    "round.split_without_money": N_("Money is divided only where there is money in all."),
    "round.full_without_split": N_("This is only for rounds in which the rest share what is left."),
    "round.full_is_all": N_("This must be less than the number of awards ({places})."),
    "round.full_takes_all": N_("The first awards take all the money: nothing is left for the others."),
    "round.reserved_without_seats": N_("Say how many seats are reserved, or leave the group empty."),
    "round.half_reserve": N_("A reserve list needs both a length and the day on which it ends."),
    "round.reserve_ends_before_event": N_("The reserve list must end after the event."),
    "round.half_pitch": N_("Enter both how many pitch and what the pitch counts."),
    "round.fewer_finalists": N_("At least as many pitch as there are awards ({places})."),
    "round.envelope_too_small": N_("The money in all must be enough for at least one award."),
    "organisation.same_code": N_("Another organisation has this short name."),
    "organisation.has_reviewers": N_("An organisation whose reviewers sit on the panel must stay."),
    "panel.applies": N_("This person applies in the call and cannot be on its panel."),
    "panel.already": N_("This person is on the panel already."),
    "panel.other_role": N_("This person has another role in the call. Remove that one first."),
    "panel.organisation": N_("Choose one of the call's partner organisations."),
    "panel.organisation_fixed": N_(
        "This person had applications to score for another organisation and cannot change it."
    ),
    "panel.closed": N_("The call is over: its panel stays as it was."),
    "panel.last_coordinator": N_("Somebody must run the call. Add another coordinator first."),
    "readiness.title": N_("The title is missing: {language}."),
    "readiness.purpose": N_("The purpose is missing: {language}."),
    "readiness.who_can_apply": N_("Who can apply is missing: {language}."),
    "readiness.who_cannot": N_("Who cannot apply is missing: {language}."),
    "readiness.need_at_hand": N_("What to have at hand is missing: {language}."),
    "readiness.other_ways": N_("Other ways to apply are missing: {language}."),
    "readiness.opens_at": N_("The opening has no date."),
    "readiness.closes_at": N_("The closing has no date."),
    "readiness.reviews_due_at": N_("The end of scoring has no date."),
    "readiness.results_expected_at": N_("The results have no date."),
    "readiness.closes_in_the_past": N_("The closing lies in the past."),
    "readiness.ceiling_minor": N_("The most that one project may get is missing."),
    "readiness.rate_minor": N_("The exchange rate is missing."),
    "readiness.no_section": N_("The application has no section."),
    "readiness.one_identity_section": N_("Choose exactly one of the sections that say who applies."),
    "readiness.nothing_to_score": N_("Choose at least one section that reviewers read."),
    "readiness.budget_without_plan": N_("A budget needs the work plan, because its lines name activities."),
    "readiness.no_title": N_("Choose the section with the project's title (or the motivation)."),
    "readiness.no_theme": N_("Applicants choose a theme, but there is none."),
    "readiness.choice": N_("The name of “{choice}” is missing: {language}."),
    "readiness.no_own_question": N_(
        "The section with the call's own question is chosen, but the question is not written."
    ),
    "readiness.own_question": N_("The call's own question is missing: {language}."),
    "readiness.own_not_asked": N_("The call has a question of its own, but its section is not chosen."),
    "readiness.one_own_answer": N_("The call's own question has one answer only: write two, or none."),
    "readiness.no_kind": N_("Choose at least one kind of applicant who can apply."),
    "readiness.eligibility_text": N_("A text of the eligibility check is missing: {language}."),
    "readiness.help_hours": N_("The hours of the help line are missing: {language}."),
    "readiness.no_criterion": N_("There is no criterion."),
    "readiness.weights": N_("The weights add up to {total}, not to 100."),
    "readiness.ties": N_("The order in which criteria break ties is not complete."),
    "readiness.criterion_title": N_("The title of the criterion “{criterion}” is missing: {language}."),
    "readiness.criterion_asks": N_("What the criterion “{criterion}” asks is missing: {language}."),
    "readiness.anchor": N_(
        "The description of score {score} for the criterion “{criterion}” is missing: {language}."
    ),
    "readiness.no_weight": N_("The criterion “{criterion}” has no weight."),
    "readiness.criterion_sections": N_("No section of the application feeds the criterion “{criterion}”."),
    "readiness.more_reviews_than_organisations": N_(
        "More reviews are wanted than there are partner organisations ({count})."
    ),
    "readiness.no_round": N_("There is no award round."),
    "readiness.round_name": N_("The name of round {number} is missing: {language}."),
    "readiness.round_event": N_("The event of round {number} is missing: {language}."),
    "readiness.round_date": N_("The event of round {number} has no date."),
    "readiness.round_before_closing": N_("The event of round {number} is before the closing."),
    "readiness.round_amount": N_("Round {number} has no amount for each place."),
    "readiness.reserved_for": N_("Round {number} does not say for whom seats are reserved: {language}."),
    "readiness.strata_themes": N_("Calibration is to know the themes: the call needs at least two of them."),
    "readiness.lottery_method": N_(
        "Lots at the line are drawn by calibrated scores: choose the calibrated method, or no lots."
    ),
    "readiness.lottery_pitch": N_(
        "Lots cannot be drawn where a round invites finalists to pitch: choose one of both."
    ),
    "readiness.reserved_answer": N_(
        "Round {number} reserves seats by an answer that applicants cannot give."
    ),
    "readiness.no_organisation": N_("There is no partner organisation."),
}

QUESTIONS: dict[str, Words] = {
    "hook.url": Words(
        N_("Address of the receiver"),
        hint=N_("Where messages are sent, beginning with https://."),
        empty=N_("Enter the address."),
    ),
    "hook.events": Words(N_("What is it told of?"), hint=N_("Nothing chosen: of everything.")),
    # Making a call.
    "new_call.title": Words(
        N_("Title"), hint=N_("In any language for now. The others can follow."), empty=N_("Enter a title.")
    ),
    "new_call.slug": Words(
        N_("Address of the call"),
        hint=N_(
            "Small letters, digits and hyphens, for example 2026 or spring-2026. It cannot change later."
        ),
        empty=N_("Enter an address."),
    ),
    "new_call.ref_prefix": Words(
        N_("Beginning of application numbers"),
        hint=N_("Two to eight capital letters and digits, for example WA26."),
        empty=N_("Enter the beginning of application numbers."),
    ),
    "new_call.kind": Words(N_("What does the call give?"), empty=N_("Choose what the call gives.")),
    # Texts.
    "texts.title": Words(N_("Title")),
    "texts.purpose": Words(
        N_("Purpose"), hint=N_("One or two sentences: what it is for and what one can get.")
    ),
    "texts.who_can_apply": Words(N_("Who can apply"), hint=N_("One line for each point.")),
    "texts.who_cannot": Words(N_("Who cannot apply"), hint=N_("One line for each point.")),
    "texts.need_at_hand": Words(
        N_("What to have at hand"), hint=N_("One line for each thing that an applicant should prepare.")
    ),
    "texts.other_ways": Words(
        N_("Other ways to apply"), hint=N_("By phone, at a desk, on paper: for those who cannot apply here.")
    ),
    "texts.help_hours": Words(
        N_("Hours of the help line in the last days"),
        hint=N_(
            "Shown in the last 48 hours instead of the usual ones, so with the number, "
            "for example: +7 700 000 00 00, both days from 9:00 to 20:00."
        ),
    ),
    # Eligibility check.
    "eligibility.questions": Words(
        N_("What does the check ask?"),
        hint=N_("One question a page, before anybody signs in. What does not fit this call is left out."),
    ),
    "eligibility.least_age": Words(N_("Least age of an applicant"), empty=N_("Enter an age.")),
    "eligibility.place": Words(
        N_("Where it takes place"),
        hint=N_("The name of the city or region. Left empty, nothing is asked about the place."),
    ),
    "eligibility.kinds": Words(N_("Who can apply?"), hint=N_("Whoever is not ticked is told so kindly.")),
    "eligibility.elsewhere_age": Words(N_("Too young: where else to go")),
    "eligibility.elsewhere_place": Words(N_("Another place: where else to go")),
    "eligibility.elsewhere_kind": Words(N_("Another kind of applicant: where else to go")),
    "eligibility.elsewhere_amount": Words(N_("More money needed: where else to go")),
    "eligibility.elsewhere_started": Words(N_("Already begun: where else to go")),
    "eligibility.elsewhere_dates": Words(N_("No time on these dates: where else to go")),
    # Questions and answers.
    "faq.entries": Words(
        N_("Questions and answers"),
        hint=N_("As people ask them. They can be added while the call is open, too."),
        add=N_("Add a question"),
    ),
    "faq.entries.question": Words(N_("Question")),
    "faq.entries.answer": Words(N_("Answer")),
    # Dates.
    "dates.timezone": Words(
        N_("Time zone"), hint=N_("In which people read these times."), empty=N_("Choose a time zone.")
    ),
    "dates.opens_day": Words(N_("Opens on")),
    "dates.opens_time": Words(N_("Opens at"), hint=N_("For example 09:00.")),
    "dates.closes_day": Words(N_("Closes on")),
    "dates.closes_time": Words(N_("Closes at"), hint=N_("For example 18:00.")),
    "dates.grace_minutes": Words(
        N_("Grace after closing, in minutes"),
        hint=N_("For those who began before the closing. It is published."),
        empty=N_("Enter a number of minutes, or 0."),
    ),
    "dates.reviews_due_day": Words(N_("Scoring ends on")),
    "dates.reviews_due_time": Words(N_("Scoring ends at")),
    "dates.results_expected_day": Words(N_("Results expected on")),
    "dates.results_expected_time": Words(N_("Results expected at")),
    # Money.
    "money.ceiling": Words(N_("The most that one project may get, in euro"), hint=N_("For example 5 000.")),
    "money.rate": Words(
        N_("Tenge for one euro"),
        hint=N_(
            "For example 560.00. It stays the same for the whole call, so that nobody fails on rounding."
        ),
    ),
    "money.max_months": Words(N_("How long a project may take, in months"), empty=N_("Enter a number.")),
    "money.administration_percent": Words(
        N_("Bank and administration at most, in percent of the grant"), empty=N_("Enter a number.")
    ),
    # Sections and choices.
    "sections.sections": Words(
        N_("What does an application have?"),
        hint=N_("Each part has its fixed questions. Applicants see only what is ticked."),
    ),
    "choices.themes": Words(N_("Themes"), hint=N_("Each applicant chooses one."), add=N_("Add a theme")),
    "choices.themes.name": Words(N_("Theme")),
    "choices.priorities": Words(
        N_("Priorities of the city"),
        hint=N_("An applicant may choose up to three."),
        add=N_("Add a priority"),
    ),
    "choices.priorities.name": Words(N_("Priority")),
    "choices.own_question": Words(
        N_("A question of this call's own"),
        hint=N_("Choose its section too: “A question of this call”. A reserved seat may rest on an answer."),
    ),
    "choices.own_answers": Words(
        N_("Answers to the call's own question"),
        hint=N_("Without any it is answered by Yes or No."),
        add=N_("Add an answer"),
    ),
    "choices.own_answers.name": Words(N_("Answer")),
    # Criteria.
    "criterion.code": Words(
        N_("Short name"),
        hint=N_("Small letters, digits and underscores, for example need. It cannot change later."),
        empty=N_("Enter a short name."),
    ),
    "criterion.title": Words(N_("Title")),
    "criterion.asks": Words(N_("What it asks"), hint=N_("Reviewers and applicants read the same words.")),
    "criterion.sections": Words(N_("Which parts of the application feed it?")),
    "criterion.anchors": Words(
        N_("What each score means"),
        hint=N_("Write what one can see in an application, not adjectives: then two people mean the same."),
    ),
    "criterion.score": Words(N_("Score")),
    "criterion.weight": Words(N_("Weight, in percent"), empty=N_("Enter a weight.")),
    "criterion.tie_position": Words(
        N_("Place for breaking ties"), hint=N_("1 decides first."), empty=N_("Enter a place.")
    ),
    # Scoring.
    "scoring.method": Words(
        N_("What orders the applications?"),
        hint=N_(
            "The call publishes one method before it opens, and only that one decides; the ranking shows all "
            "three. The mean is fair where every reviewer scores every application. Where each reads a part, "
            "it also orders by who met the strict ones: then the calibrated total is fairer."
        ),
        empty=N_("Choose a method."),
    ),
    "scoring.strata": Words(
        N_("Which groups does calibration know?"),
        hint=N_(
            "Choose groups where most reviewers will read applications of one of them. Then what a group "
            "scores higher is not booked as its reviewers' generosity. It changes calibrated totals only."
        ),
        empty=N_("Choose the groups, or none."),
    ),
    "scoring.impute": Words(
        N_("Calibration estimates what a review could not judge, and such a review weighs less"),
        hint=N_(
            "Without this, calibration leaves such a review out. The means and the median take it as it is."
        ),
    ),
    "scoring.lottery": Words(
        N_("Draw lots for the places at the line"),
        hint=N_(
            "Who is above the line by the reviews at least three times in four wins, and who is below it as "
            "often does not; those between draw lots. It needs calibrated scores. It finds fewer of the "
            "best: what it costs stands above."
        ),
    ),
    "scoring.reviews_per_application": Words(
        N_("How many reviews does an application get?"),
        hint=N_("Leave it empty for one of every partner organisation, which is the programme's promise."),
    ),
    "scoring.divergence_points": Words(
        N_("From how many points of difference is a third review asked for?"),
        hint=N_(
            "Two reviews of one application, out of 100. "
            "Leave it empty if totals never ask for a third review."
        ),
    ),
    "scoring.divergence_steps": Words(
        N_("And from which difference on one criterion?"),
        hint=N_("For example 2. Leave it empty if a single criterion never asks for a third review."),
    ),
    "scoring.discussion": Words(
        N_("Reviewers discuss: at last they read each other's reasons, without names"),
    ),
    "scoring.scores_published": Words(
        N_("Publish winners' scores with the results"),
    ),
    # Rounds.
    "round.name": Words(N_("Name"), hint=N_("For example: main round.")),
    "round.event": Words(N_("Event at which winners are announced")),
    "round.held_day": Words(N_("Date of the event")),
    "round.held_time": Words(N_("Time of the event")),
    "round.places": Words(
        N_("Number of awards"),
        hint=N_("The most that there can be. The database refuses every award above it."),
        empty=N_("Enter a number."),
    ),
    "round.least_places": Words(
        N_("At least so many are promised"),
        hint=N_("The line is drawn for this number first. Leave it empty if no number is promised."),
    ),
    "round.split": Words(N_("How is the money divided?"), empty=N_("Choose how the money is divided.")),
    "round.full_places": Words(
        N_("How many of the first get the whole amount?"),
        hint=N_("Only where the rest share what is left."),
        empty=N_("Enter a number."),
    ),
    "round.threshold": Words(
        N_("Lowest total that can win"),
        hint=N_("From 1 to 100. Leave it empty if every total can win."),
    ),
    "round.reserved_places": Words(N_("Number of reserved seats")),
    "round.reserved_for": Words(N_("For whom they are reserved")),
    "round.reserved_answer": Words(
        N_("Who belongs, by an answer"),
        hint=N_("A coordinator can mark applications besides, each with a reason."),
    ),
    "round.finalists": Words(
        N_("How many pitch"), hint=N_("The first by the written scores. Empty: nobody pitches in this round.")
    ),
    "round.pitch_weight": Words(
        N_("What the pitch counts, in percent"),
        hint=N_("The rest is what the written scores count. For example 50."),
    ),
    "round.pitch_criteria": Words(
        N_("What the jury scores"),
        hint=N_("By the weights of the call. Nothing ticked: all criteria."),
    ),
    "round.reserve_places": Words(N_("Length of the reserve list")),
    "round.reserve_until_day": Words(N_("Day on which it ends"), empty=N_("Enter the day.")),
    "round.reserve_until_time": Words(N_("Time at which it ends")),
    "round.amount": Words(N_("Each award, in euro"), hint=N_("For example 5 000.")),
    "round.envelope": Words(
        N_("Money in all, in euro"), hint=N_("The database refuses every award above it.")
    ),
    # Organisations and panel.
    "organisations.organisations": Words(
        N_("Which organisations take part?"), hint=N_("Their reviewers score the applications.")
    ),
    "organisation.code": Words(
        N_("Short name"),
        hint=N_("Capital letters and digits, for example KBTU."),
        empty=N_("Enter a short name."),
    ),
    "organisation.name": Words(N_("Name"), empty=N_("Enter the name.")),
    "member.email": Words(
        N_("E-mail address"),
        hint=N_("The person signs in with it; an account is made if there is none."),
        empty=N_("Enter an e-mail address."),
    ),
    "member.name": Words(
        N_("Full name"), hint=N_("It is taken if the person has not given a name; only they can change it.")
    ),
    "member.role": Words(N_("What will they do?"), empty=N_("Choose a role.")),
    "member.organisation": Words(
        N_("For which organisation?"),
        hint=N_("A reviewer or a contact speaks for one organisation."),
        empty=N_("Choose one of the call's partner organisations."),
    ),
    # After opening.
    "extension.closes_day": Words(N_("New closing: date"), empty=N_("Enter a date.")),
    "extension.closes_time": Words(N_("New closing: time"), empty=N_("Enter a time.")),
    "extension.reason": Words(
        N_("Why"), hint=N_("Everybody reads it on the call's page."), empty=N_("Say why, in every language.")
    ),
    "cancellation.reason": Words(
        N_("Why"), hint=N_("Everybody reads it on the call's page."), empty=N_("Say why, in every language.")
    ),
    # The eligibility check itself.
    "check.age": Words(
        N_("Are you {years} or older?"),
        why=N_("Whoever signs the contract must be of age for it."),
    ),
    "check.place": Words(
        N_("Will the project take place here: {place}?"),
        why=N_("The money of this call is for one place."),
    ),
    "check.selection_place": Words(
        N_("Do you live here, or can you come here: {place}?"),
        why=N_("What the places are for happens there."),
    ),
    "check.kind": Words(
        N_("Who is applying?"),
        hint=N_("Your answer is filled in for you when you begin."),
        why=N_("Some calls are for organisations only, some for everybody."),
    ),
    "check.amount": Words(
        N_("Do you need more from this grant than {ceiling}?"),
        why=N_("No application can be given more, however good it is."),
    ),
    "check.started": Words(
        N_("Has the work begun, or has some of it been paid for?"),
        hint=N_("Planning and asking for permits is not a beginning."),
        why=N_("A grant pays for what is still to come, not for what has been done."),
    ),
    "check.dates": Words(
        N_("Can you take part on the dates of the call?"),
        why=N_("A place that stays empty is lost for somebody else."),
    ),
    # The reminder.
    "reminder.email": Words(
        N_("E-mail address"),
        hint=N_("One e-mail now to confirm it, and one when the call opens."),
        empty=N_("Enter your e-mail address."),
    ),
    "reminder.agreed": Words(
        N_("I agree that my address is kept until the call opens."),
        hint=N_("It is deleted after that. A link in the first e-mail deletes it at once."),
    ),
    "preview.reason": Words(N_("Reason"), hint=N_("The applicant will read it without your name.")),
    # Headings of the setup's parts.
    "setup.texts": Words(
        N_("Texts"), hint=N_("What everybody reads on the call's page, in three languages.")
    ),
    "setup.dates": Words(N_("Dates"), hint=N_("Type a date and a time; below they are said back in words.")),
    "setup.money": Words(
        N_("Money and limits"), hint=N_("Applicants plan in tenge; the ceiling is in euro.")
    ),
    "setup.sections": Words(N_("Parts of the application"), hint=N_("Switch on what this call asks for.")),
    "setup.choices": Words(
        N_("Themes and priorities"), hint=N_("Answers that applicants choose from, in three languages.")
    ),
    "setup.eligibility": Words(
        N_("Eligibility check"),
        hint=N_("A few questions that tell people at once whether the call is for them, and if not, why."),
    ),
    "setup.faq": Words(
        N_("Questions and answers"), hint=N_("Optional. Everybody reads them beside the call.")
    ),
    "setup.criteria": Words(
        N_("Criteria and rubric"), hint=N_("What is scored, with which weight, and how.")
    ),
    "setup.scoring": Words(N_("Scoring"), hint=N_("The published method and what becomes public.")),
    "setup.rounds": Words(N_("Award rounds"), hint=N_("Each has its event, places and money.")),
    "setup.organisations": Words(N_("Partner organisations"), hint=N_("Those whose reviewers score.")),
    "setup.panel": Words(N_("People"), hint=N_("Coordinators run the call; reviewers score without names.")),
    "setup.criterion": Words(N_("Criterion")),
    "setup.round": Words(N_("Award round")),
    "setup.extension": Words(
        N_("Move the closing"),
        hint=N_("Only to a later time. The dates after it move by as much, and everybody is told why."),
    ),
    "setup.cancellation": Words(
        N_("Cancel the call"),
        hint=N_("This cannot be undone. Applicants keep what they wrote, and everybody is told why."),
    ),
    "setup.clone": Words(
        N_("Copy this call"),
        hint=N_(
            "Texts, criteria, rounds and organisations are copied; dates, people and applications are not."
        ),
    ),
}

CHOICES: dict[str, dict[str, str]] = {
    "hook_events": {
        "opened": N_("The call opens"),
        "closed": N_("The call closes"),
        "published": N_("The results are published"),
    },
    "hook_sent": {
        "opened": N_("The call opens"),
        "closed": N_("The call closes"),
        "published": N_("The results are published"),
        "test": N_("Test"),
    },
    "hook_state": {
        "queued": N_("waits"),
        "delivered": N_("received"),
        "failed": N_("given up"),
    },
    "hook_log": {
        "caption": N_("Last messages"),
        "event": N_("Message"),
        "queued": N_("Made"),
        "state": N_("State"),
        "answer": N_("Answer of the receiver"),
        "attempts": N_("Attempts"),
        "again": N_("Again at"),
    },
    "hook_problem": {
        "refused": N_("not accepted"),
        "no_such_name": N_("the name was not found"),
        "private": N_("the address is not on the public internet"),
        "not_https": N_("the address is not https"),
        "no_address": N_("the address cannot be used"),
        "certificate": N_("its certificate is not valid"),
        "too_slow": N_("no answer in time"),
        "no_answer": N_("no connection"),
        "ended": N_("the webhook was removed"),
    },
    "split": {
        "fixed": N_("Every award gets the same amount"),
        "equal": N_("All winners share the money equally, each at most the amount"),
        "asked": N_("Each winner gets what was asked for, at most the amount, until the money ends"),
        "proportional": N_(
            "Each winner gets what was asked for; where the money is not enough, all get the same part of it"
        ),
        "first_full": N_("The first get the whole amount, the rest share what is left"),
    },
    "round_parts": {
        "pitch": N_("Pitch before a jury"),
        "pitch_hint": N_("This is published with the call and stays as it is once reviewing has closed."),
        "split": N_("Dividing the money"),
        "threshold": N_("Quality threshold"),
        "seats": N_("Reserved seats"),
        "claim": N_("{answer} (to be confirmed for each application)"),
        "seats_hint": N_(
            "For a group, for example members of a workshop. A seat that nobody of them can have goes to the "
            "next in the order."
        ),
        "reserve": N_("Reserve list"),
        "reserve_hint": N_("If a winner gives an award back, the next on the list gets it."),
        "won": N_("Won a place in: {call}"),
        "short": N_(
            "The money is not enough for every place: for {places} awards of {amount} there is {envelope}, "
            "and so {fits} of them fit."
        ),
    },
    "round_rule": {
        "pitch": N_(
            "Invited to pitch before a jury, by the written scores: {count}. The pitch counts {pitch} %, the "
            "written scores {written} %."
        ),
        "exactly": N_("Awards promised: {least}."),
        "number": N_("Awards: at least {least}, at most {most}."),
        "equal": N_("The winners share the money equally; each gets at most {amount}."),
        "asked": N_(
            "Each winner gets what was asked for, at most {amount}, in the order of the scores until the "
            "money ends."
        ),
        "proportional": N_(
            "Each winner gets what was asked for, at most {amount}. Where the money is not enough, all get "
            "the same part of it."
        ),
        "first_full": N_(
            "The first get {amount} each (so many: {full}); the others share what is left equally."
        ),
        "seats": N_(
            "Reserved seats: {seats}, for: {group}. A seat that nobody of them can have goes to the next in "
            "the order."
        ),
        "threshold": N_("Lowest total that can win: {threshold} of 100."),
        "reserve": N_("Applications on the reserve list: {count}. It is valid until: {until}"),
    },
    "call_kind": {"grant": N_("Grants: money for projects"), "selection": N_("Places for people, no money")},
    "panel_role": {
        "reviewer": N_("Score applications"),
        "contact": N_("Answer for a partner organisation: propose its reviewers, see how far they are"),
        "coordinator": N_("Run the call"),
    },
    "call_states": {
        "scheduled": N_("Applications are not open yet."),
        "open": N_("Applications are open."),
        "grace": N_("The call has closed. Who began before the closing may still send, for a few minutes."),
        "closed": N_("The call has closed. Partner organisations will now read every application."),
        "reviewing": N_("The call has closed. Partner organisations are scoring the applications."),
        "reviewed": N_("All applications are scored. The decision is being prepared."),
        "decided": N_("The decision is made. Winners are announced next."),
        "published": N_("Winners have been announced."),
        "cancelled": N_("This call was cancelled."),
    },
    "call_steps": {
        "closed": N_("The call closes"),
        "scoring": N_("Partner organisations have scored every application"),
        "event": N_("Winners are announced at the event"),
        "results": N_("Everybody who applied gets a result with reasons"),
    },
    "preview": {
        "not_started": N_("Not started"),
        "minutes": N_("Minutes"),
        "cannot_judge": N_("Cannot judge"),
        "cannot_judge_hint": N_("It never counts as zero. Say why."),
    },
    "preview_texts": {
        "brief": N_(
            "A bench that listens. We put ten benches with a shelf for books into courtyards where "
            "there is nowhere to sit. Neighbours choose the places and look after them."
        ),
        "need": N_(
            "In six courtyards of the district there is no place to sit in the shade. We asked 74 "
            "people, most of them pensioners: 61 go home earlier than they would like because their "
            "legs get tired."
        ),
        "work_plan": N_(
            "May: choose the places with the neighbours, six meetings. June: build with pupils of a "
            "college, ten benches. July: put them up and agree who looks after each."
        ),
        "budget": N_(
            "Wood and fittings 640 000 ₸, tools lent by the college, transport 90 000 ₸, paint 120 "
            "000 ₸. Prices of three shops were compared."
        ),
        "sustainability": N_(
            "Each bench has a keeper among the neighbours. A coat of paint a year costs 4 000 ₸ and "
            "is paid by the house. The drawings are public, so that others can build the same."
        ),
        "motivation": N_(
            "I have led a reading circle for three years and learned that people stay when they "
            "decide themselves. I would like to learn how to lead a meeting in which everybody "
            "speaks."
        ),
    },
    "setup_said": {
        "opens": N_("Opens"),
        "closes": N_("Closes"),
        "reviews_due": N_("Scoring ends"),
        "results_expected": N_("Results expected"),
        "ceiling": N_("The most that one project may get, in tenge"),
        "lottery": N_("What drawing lots at the line costs"),
        "unreached": N_("People without e-mail, whom no letter reaches: call them"),
    },
    "strata": {
        "none": N_("None: all applications are compared as they are"),
        "theme": N_("The themes that applications are of"),
        "language": N_("The languages in which applications are written"),
    },
    "impute_said": {
        "yes": N_(
            "Calibration estimates them from the reviewer's other scores; such a review weighs less by the "
            "part that was not judged."
        )
    },
    "lottery_said": {
        "rule": N_(
            "Who is above the line by the reviews at least three times in four wins without a draw, and who "
            "is below it as often does not win. Those between draw lots for the places that are left, each "
            "with the same chance. Anybody can repeat the draw."
        ),
        "planned": N_(
            "Played through with {applications} applications, {places} places and {reviews} reviews of each: "
            "of the {places} chosen, about {order} are truly among the best {places} by the order alone, and "
            "about {drawn} where lots are drawn."
        ),
        "price": N_(
            "By the order alone, about {order} of the {line} chosen would be truly among the best {line}; "
            "with lots it is about {drawn}."
        ),
        "held": N_(
            "Above the line without a draw: {certain}. Lots were drawn by {drawing} applications for {left} "
            "places."
        ),
        "enough": N_("Nobody had to draw: the places are enough for all who cannot be told from the line."),
    },
    "strata_effect": {
        "none": N_("{by}, groups: {groups}. It gives no application another calibrated place."),
        "moved": N_(
            "{by}, groups: {groups}. Applications with another calibrated place than without it: {moved}. "
            "Across the line: {crossing}."
        ),
    },
    "strata_by": {"theme": N_("themes"), "language": N_("languages of the applications")},
    "strata_said": {
        "theme": N_(
            "By theme. Where reviewers read mostly one theme, a real difference between themes is not taken "
            "for their strictness. No application gains or loses by its theme."
        ),
        "language": N_(
            "By the language of the application. Where reviewers read mostly one language, a real difference "
            "between languages is not taken for their strictness. No application gains or loses by its "
            "language."
        ),
    },
    "method": {
        "mean_of_means": N_("Mean of the organisations' means"),
        "median": N_("Median of the organisations' means"),
        "calibrated": N_("Calibrated: without what strict and generous reviewers add"),
    },
    "setup_status": {
        "ready": N_("Completed"),
        "missing": N_("Something is missing"),
        "locked": N_("Published"),
        "lacks": N_("Missing"),
        "optional": N_("Optional"),
    },
    "check_questions": {
        "age": N_("How old the applicant is"),
        "place": N_("Where it takes place"),
        "kind": N_("Who applies: a person, a group or an organisation"),
        "amount": N_("Whether more money is needed than the call gives"),
        "started": N_("Whether the work has begun already"),
        "dates": N_("Whether the person has time on the dates of the call"),
    },
    "check_age": {"yes": N_("Yes"), "no": N_("No")},
    "check_place": {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")},
    "check_amount": {
        "no": N_("No, that is enough"),
        "yes": N_("Yes, more is needed"),
        "unsure": N_("I do not know yet"),
    },
    "check_started": {
        "no": N_("No, nothing yet"),
        "partly": N_("A part of it"),
        "yes": N_("Yes, it has begun or is paid for"),
    },
    "check_dates": {"yes": N_("Yes"), "partly": N_("On some of them"), "no": N_("No")},
    "check_reasons": {
        "age.no": N_("The least age of an applicant in this call: {years}."),
        "place.partly": N_("Only what takes place here can be supported: {place}. Plan that part."),
        "place.no": N_("Only what takes place here can be supported: {place}."),
        "kind": N_("Those who can apply in this call: {kinds}."),
        "amount.yes": N_(
            "The most that one project gets: {ceiling}. You can apply if the rest is paid from elsewhere, "
            "or if you plan a smaller project."
        ),
        "started.partly": N_(
            "What has been done or paid for already cannot be paid from the grant. Apply for the rest only."
        ),
        "started.yes": N_("A grant cannot pay for work that has begun or been paid for already."),
        "dates.partly": N_("Say in your application which dates you cannot keep, and how you will catch up."),
        "dates.no": N_("A place is for those who can take part on the dates of the call."),
    },
    "check_verdicts": {
        "yes": N_("Yes, this call is for you"),
        "probably": N_("Probably yes, with one thing to mind"),
        "no": N_("This call is not for you as it stands"),
    },
    "check_found": {
        "yes": N_("By these answers the applicant can apply."),
        "probably": N_("By these answers the applicant can probably apply. Look at what stands in the way."),
        "no": N_("By these answers the applicant cannot apply. Look closely."),
    },
    "question_facts": {
        "cap": N_("at most {cap} characters"),
        "rows": N_("{least} to {most} entries"),
        "feeds": N_("Criterion: {criterion}"),
    },
    "who_sees": {
        "identity": N_("Only coordinators see it. Reviewers never do."),
        "blind": N_("Reviewers see it, without your name."),
        "only_coordinator": N_("Seen by: coordinators only"),
        "reviewers": N_("Seen by: reviewers, without your name"),
        "public": N_("Public if you win"),
    },
}

FLASHES: dict[str, str] = {
    "hook_tested": N_("A test is on its way. Load this page again in a moment to see the answer."),
    "hook_ended": N_("The webhook is removed. It is told nothing any more."),
    "reminder_asked": N_("Thank you. If the address is right, an e-mail that confirms it is on its way."),
    "reminder_stopped": N_("There will be no e-mail. The address is deleted."),
    "call_created": N_("The call is made. Now set it up part by part."),
    "call_cloned": N_("The copy is made. Set its dates and check its parts."),
    "call_opened": N_("The call is published. What it promises cannot change any more."),
    "call_extended": N_("The closing has been moved."),
    "call_cancelled": N_("The call is cancelled."),
    "criterion_added": N_("The criterion is added. Describe what each score means."),
    "criterion_removed": N_("The criterion is removed."),
    "round_removed": N_("The round is removed."),
    "organisation_added": N_("The organisation is added."),
    "member_added": N_("The person is on the panel now."),
    "member_removed": N_("The person is no longer on the panel. This already applies."),
}
