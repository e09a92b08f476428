"""The words of reviews, assignments and the coordinator's desk."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "needed.all_chosen": N_("Choose fewer than apply: otherwise every application is chosen."),
    "comparing.none": N_("Nobody is given anything, so there is nobody to compare."),
    "comparing.one": N_("Only one reviewer is given something: there is nobody to compare them with."),
    "comparing.all": N_(
        "Yes. How firmly: {percent} % (0: hardly linked; 100: every two of them share equally many)"
    ),
    "comparing.groups": N_("No. They fall into groups that share no application: {groups}"),
    "needed.no_earlier": N_("There is no earlier call of yours whose reviews can be compared."),
    "reviewing.not_ready": N_("Reviewing can be opened once, after the call has closed."),
    "reviewing.not_open": N_("Reviewing is not open. What you had saved is kept."),
    "assignment.over": N_(
        "Assignments can be changed between the closing of the call and the end of reviewing."
    ),
    "assignment.barred": N_("This reviewer has a tie with the application and cannot score it."),
    "assignment.exists": N_("This is assigned already."),
    "assignment.nobody_fits": N_(
        "Tick that you know what is missing, or put somebody who fits on the panel."
    ),
    "assignment.nobody_free": N_(
        "No other reviewer of this organisation is free of ties. Add one to the panel."
    ),
    "assignment.review_sent": N_("This review has been sent and counts. It cannot be taken back."),
    "assignment.withdrawn": N_(
        "The coordinator has taken this application back. What you wrote is kept, and you need do nothing."
    ),
    "assignment.begun": N_("The reviewer has begun this review. It stays with them."),
    "assignment.nothing_to_hand_on": N_("This reviewer has nothing that they have not begun."),
    "assignment.expired": N_(
        "What the proposal rests on has changed. Propose again: what you decided by hand is heeded."
    ),
    "assignment.no_columns": N_(
        "This is no table with the columns “application” and “reviewer” in its first line."
    ),
    "assignment.letters_lost": N_(
        "The file has lost letters: in {count} lines “?” stands where a code has a letter. Save it as "
        "“CSV UTF-8” in the spreadsheet, then send that."
    ),
    "assignment.workbook": N_(
        "This is a workbook, which cannot be read here. Save it as CSV in the spreadsheet, then send that."
    ),
    "assignment.nothing_new": N_(
        "Nothing in this table is new: fill in reviewers where none is named yet. Nothing was changed."
    ),
    "assignment.not_theirs": N_("This reviewer does not have this application."),
    "assignment.lines_more": N_(
        "Lines not named here: {count}. Correct those above, then send the table once more."
    ),
    "assignment.too_many_lines": N_("There are more lines than can be read at once: {most} at most."),
    "assignment.lines_wrong": N_("Lines that cannot be taken: {count}. Nothing was changed."),
    "assignment.line_twice": N_("Line {line}: the same as line {same}."),
    "assignment.line_application": N_("Line {line}: no application {application} is to be scored."),
    "assignment.line_reviewer": N_("Line {line}: there is no reviewer {reviewer} on the panel."),
    "assignment.line_barred": N_("Line {line}: {reviewer} has a tie with {application}."),
    "assignment.line_other": N_("Line {line}: {reviewer} scores for {theirs}, not for {organisation}."),
    "assignment.line_organisation": N_(
        "Line {line}: somebody of the same organisation as {reviewer} has {application} already."
    ),
    "assignment.unknown_application": N_("There is no application with this code to be scored."),
    "assignment.unknown_reviewer": N_("Choose a reviewer from the list."),
    "discussion.not_meant": N_("This call did not promise a discussion when it opened."),
    "discussion.open": N_("The discussion is open already."),
    "discussion.not_open": N_("There is no discussion to read now."),
    "discussion.own_first": N_(
        "Send your own review of this application first. Then you can read what the others wrote."
    ),
    "third.settled": N_("No third review of it is due any more."),
    "third.not_free": N_("This reviewer cannot give the third review. Choose another one."),
    "return.unknown": N_("This reviewer has no application with this code."),
    "return.not_sent": N_("This review is not sent yet, so that its reviewer still has it."),
    "plan.step_taken": N_("This step lies behind: nothing of it can be left to the clock."),
    "plan.not_planned": N_("This step is not left to the clock any more."),
    "plan.not_ahead": N_("Choose a moment that lies ahead."),
    "blind.names_hidden": N_(
        "Names are seen one by one until the blind is lifted. Open an application to see who applied."
    ),
    "blind.too_early": N_(
        "The blind can be lifted after reviewing has closed and before the decision is frozen."
    ),
    "blind.asked": N_("Somebody has asked for it already."),
    "blind.not_asked": N_("There is nothing to agree to: nobody has asked, or it is answered already."),
    "blind.second_person": N_("You have asked for it, so somebody else has to agree."),
    "review.changed_elsewhere": N_(
        "You changed this review in another window. Press Save to see both versions."
    ),
    "review.two_versions": N_("You changed this review in another window."),
    "review.tie_not_answered": N_("First say whether you have a tie to this project."),
    "review.tie_declared": N_("You have declared a tie to this project, so you do not score it."),
    "review.change_unexplained": N_(
        "Say why you change your review, in at least {least} characters. What you had sent is kept."
    ),
    "review.is_sent": N_("This review is sent, so there is nothing to set aside."),
    "review.share": N_("Enough for today: {count} more, about {time}."),
    "review.share_done": N_("Today's share is done. Thank you."),
    "review.unknown_criterion": N_("This call has no such criterion."),
    "review.outside_scale": N_("Choose a score from {least} to {most}."),
    "review.score_and_cannot_judge": N_("Give a score or say that you cannot judge, not both."),
    "review.score_missing": N_("{criterion}: choose a score, or say that you cannot judge."),
    "review.reason_of_score": N_("{criterion}: say why you gave {score}, in at least {least} characters."),
    "review.reason_of_cannot_judge": N_(
        "{criterion}: say why you cannot judge it, in at least {least} characters."
    ),
    "desk.preparing": N_("The call is being prepared. Nobody else sees it yet."),
    "desk.scheduled": N_("The call is published and has not opened yet."),
    "desk.open": N_("The call is open. Sent: {applications}. Drafts: {drafts}."),
    "desk.grace": N_(
        "The call has just closed; drafts begun in time may still arrive. Sent: {applications}."
    ),
    "desk.closed": N_(
        "The call has closed with {applications} applications. Check them against the rules, clear what "
        "reviewers read, give them out, then open reviewing."
    ),
    "desk.reviewing": N_("Reviewing is open. Reviews sent: {sent} of {assigned}."),
    "desk.reviewed": N_("Reviewing has closed. Reviews sent: {sent} of {assigned}. The ranking can be read."),
    "desk.decided": N_("The decision is frozen. It can be announced."),
    "desk.revealing": N_("The winners are being announced. Revealed: {revealed} of {winners}."),
    "desk.published": N_("The results are public."),
    "desk.cancelled": N_("The call was cancelled."),
    "tie.nothing_answered": N_("Answer at least one of the questions."),
    "tie.own_needs_another": N_(
        "One of these points to yourself. That it is no tie is for another coordinator to say."
    ),
    "wall.behind": N_(
        "Something stands in the way. You have a tie to an application of this call, so it may be kept from"
        " you: ask a coordinator without a tie."
    ),
    "tie.exists": N_("This tie is on record already."),
    "tie.unknown_member": N_("Choose somebody from the list."),
    "tie.unknown_suspicion": N_("Choose from the list: it has changed meanwhile."),
    "tie.several_organisations": N_("People of several organisations"),
    "tie.which_application": N_("Which application is it?"),
    "tie.many_titles": N_("So many titles hold these words: {count}. Type more of the title, or the code."),
    "tie.unknown": N_("Choose a tie from the list: it has changed meanwhile."),
    "desk.todo_ties": N_("Ties without a substitute: {count}"),
    "desk.todo_suspected": N_("Suspected ties to be decided: {count}"),
    "desk.todo_thirds": N_("Third reviews to be given out, where two differ much: {count}"),
    "desk.todo_returned": N_("Returned reviews that wait for their reviewers: {count}"),
    "desk.todo_holes": N_("Reviews that nobody is to write yet: {count}"),
    "desk.todo_holes_beside": N_("Other reviews that nobody is to write yet: {count}"),
    "desk.todo_missing": N_("Reviews that are not sent yet: {count}"),
    "desk.todo_setup": N_("Still missing before the call can open: {count}"),
    "desk.todo_to_open": N_("Nothing is missing: the call can be opened"),
    "desk.todo_to_review": N_("Every application has its reviewers: reviewing can be opened"),
    "desk.todo_to_close": N_("Every review is sent: reviewing can be closed"),
    "desk.todo_withdrawn": N_("Awards of applications that have withdrawn: {count}"),
    "desk.todo_unexcused": N_("Missing reviews that are not excused: {count}"),
    "desk.todo_seats": N_("Reserved seats: applications that say it is for them, to be confirmed: {count}"),
    "desk.todo_unexplained": N_("Departures from the order without a written reason: {count}"),
    "desk.todo_to_confirm": N_("Departures from the order that wait for you as the second person: {count}"),
    "desk.todo_unconfirmed": N_("Departures from the order that wait for a second person: {count}"),
    "desk.todo_promotion_to_confirm": N_(
        "Promotions out of turn from the reserve list that wait for you as the second person: {count}"
    ),
    "desk.todo_promotion_unconfirmed": N_(
        "Promotions out of turn from the reserve list that wait for a second person: {count}"
    ),
    "desk.todo_to_award": N_("Places that can be awarded: {count}"),
    "desk.todo_pending": N_("Awards that are pending until the decision is frozen: {count}"),
    "desk.todo_unannounced": N_("Winners that are not announced yet: {count}"),
    "desk.todo_to_publish": N_(
        "Every winner is announced: the results are to be published, so that the letters leave"
    ),
    "desk.todo_to_promote": N_("Awards that were given back, for which somebody stands by: {count}"),
    "desk.todo_finalists": N_("An evening is to be prepared: {name}"),
    "desk.todo_evening": N_("An evening is ahead: {name}"),
    "desk.todo_to_seal": N_("Results are to be sealed before they are announced: {name}"),
    "desk.todo_seal_to_confirm": N_("A seal waits for you as the second person: {name}"),
    "desk.todo_seal_unconfirmed": N_("Your seal waits for a second person: {name}"),
    "desk.todo_publication_to_confirm": N_("Publishing the results waits for you as the second person"),
    "desk.todo_publication_asked": N_("Publishing the results waits for a second person"),
    "desk.todo_lacking": N_(
        "Applications whose refusal could not leave, for want of a line of feedback: {count}"
    ),
    "desk.todo_held_back": N_("Refusals that cannot leave, for want of a line of feedback: {count}"),
    "desk.todo_errors": N_("Factual errors that were pointed out and wait for an answer: {count}"),
    "desk.todo_stopped": N_("Letters of the results that were stopped: {count}"),
    "desk.todo_held": N_("Letters of the results that can still be stopped: {count}"),
    "desk.todo_empty_bench": N_("Partner organisations without a reviewer: {count}"),
    "desk.todo_letters": N_("Letters that could not be sent, though it was tried again and again: {count}"),
    "desk.todo_late": N_("Reviews that are overdue: {count}"),
    "desk.todo_idle": N_("Reviewers who have not begun: {count}"),
}

QUESTIONS: dict[str, Words] = {
    "needed.applications": Words(N_("How many applications do you expect?"), empty=N_("Enter a number.")),
    "needed.chosen": Words(N_("How many of them will be chosen?"), empty=N_("Enter a number.")),
    "needed.reviewers": Words(N_("How many reviewers are there in all?"), empty=N_("Enter a number.")),
    "needed.agreeing": Words(
        N_("How far will reviewers agree?"),
        hint=N_("Nobody knows before. Try more than one: what you plan should hold in each."),
        empty=N_("Choose one of the answers."),
    ),
    "card.theme": Words(N_("Theme")),
    "card.districts": Words(N_("Where")),
    "card.stakeholders": Words(N_("Who else is part of it")),
    "review.score": Words(N_("Your score")),
    "review.cannot_judge": Words(
        N_("I cannot judge this"), hint=N_("It never counts as zero. Say below why you cannot judge.")
    ),
    "review.reason": Words(
        N_("Why this score?"),
        hint=N_(
            "The applicant will read it without your name. At least 30 characters for 1, 2 and 5, "
            "and when you cannot judge."
        ),
    ),
    "review.convinced": Words(
        N_("What convinced you?"), hint=N_("The applicant will read this without your name.")
    ),
    "review.stronger": Words(
        N_("What would make the project stronger?"),
        hint=N_("The applicant will read this without your name."),
    ),
    "review.panel_note": Words(
        N_("Note to the panel"),
        hint=N_("Other reviewers read it without your name, if the panel discusses. Applicants never do."),
    ),
    "review.private_note": Words(
        N_("Note to the coordinator"), hint=N_("Only the coordinator reads this, with your name.")
    ),
    "substitute.nonetheless": Words(N_("I know this, and give it to them all the same")),
    "third.reviewer": Words(N_("who gives the third review?")),
    "return.application": Words(
        N_("Code of the application"), hint=N_("For example Апорт-117."), empty=N_("Enter the code.")
    ),
    "return.reviewer": Words(N_("Reviewer"), empty=N_("Choose a reviewer from the list.")),
    "return.note": Words(
        N_("What is to be completed?"),
        hint=N_("Only its reviewer reads this."),
        empty=N_("Say what is to be completed, in at least 10 characters."),
    ),
    "plan.step": Words(N_("Which step?"), empty=N_("Choose a step.")),
    "plan.at_day": Words(N_("Day"), empty=N_("Enter a day.")),
    "plan.at_time": Words(N_("Time"), empty=N_("Enter a time.")),
    "lift.reason": Words(
        N_("Why must names be seen before the decision?"),
        hint=N_("At least 30 characters. It becomes part of the record."),
        empty=N_("Say why, in at least 30 characters."),
    ),
    "review.confidence": Words(
        N_("How sure are you of this review?"), hint=N_("It weighs nothing: it tells where to look twice.")
    ),
    "review.change_reason": Words(
        N_("Why do you change it?"), hint=N_("Kept beside what you had sent. The applicant does not read it.")
    ),
    "tie.tie": Words(
        N_("Do you have a tie to this project?"),
        hint=N_("Family, friendship, money, work: anything that could make it hard to be fair."),
        empty=N_("Say whether you have a tie to this project."),
    ),
    "tie.note": Words(N_("If you have a tie, what kind?"), hint=N_("Only the coordinator reads this.")),
    "ties.ties": Words(N_("Questions about ties")),
    "ties.rest": Words(N_("I have read all cards above, and have no tie to those that I left open")),
    "suspicion.suspected": Words(
        N_("What do you decide on?"),
        hint=N_("You can tick several and give one reason for all."),
        empty=N_("Tick at least one."),
    ),
    "suspicion.finding": Words(N_("Is it a tie?"), empty=N_("Say whether it is a tie.")),
    "suspicion.members": Words(
        N_("Whom does the tie concern?"),
        hint=N_("Without a tick: everybody who is named. With one: nobody else."),
    ),
    "suspicion.reason": Words(
        N_("Why?"), hint=N_("It becomes part of the record."), empty=N_("Say why, in at least 10 characters.")
    ),
    "tie_pin.application": Words(
        N_("Code or reference of the application"), empty=N_("Enter the code or the reference.")
    ),
    "tie_pin.member": Words(N_("Who has the tie?"), empty=N_("Choose somebody from the list.")),
    "tie_pin.reason": Words(
        N_("What kind of tie, and how is it known?"), empty=N_("Say why, in at least 10 characters.")
    ),
    "own_tie.application": Words(
        N_("Code of the application, or words of its title"),
        hint=N_("For example Апорт-117. Before anything is hidden you see which one it is."),
        empty=N_("Enter the code, or words of the title."),
    ),
    "own_tie_back.application": Words(N_("Code of the application")),
    "own_tie_back.reason": Words(
        N_("Why was it a mistake?"),
        hint=N_(
            "At least 30 characters. You are the only coordinator: it stands in the log that is open to "
            "checks, and the ledger of the call says that you took a tie back."
        ),
        empty=N_("Say why, in at least 30 characters."),
    ),
    "own_tie.reason": Words(N_("What kind of tie is it?"), empty=N_("Say why, in at least 10 characters.")),
    "tie_lift.tie": Words(N_("Which tie?"), empty=N_("Choose a tie from the list.")),
    "tie_lift.reason": Words(N_("Why is it a tie no more?"), empty=N_("Say why, in at least 10 characters.")),
    "assignment.application": Words(
        N_("Code of the application"), hint=N_("For example Апорт-117."), empty=N_("Enter the code.")
    ),
    "assignment.act": Words(N_("What to do"), empty=N_("Press one of the two buttons.")),
    "rules.languages": Words(
        N_("Nobody reads a language that they did not name"),
        hint=N_("Who has named no language yet may get any."),
    ),
    "rules.capacity": Words(
        N_("Nobody gets more than they can"), hint=N_("As the reviewers said in their answers.")
    ),
    "rules.topics": Words(
        N_("Whoever knows the theme or named the language comes first"), hint=N_("Loads stay even.")
    ),
    "rules.connected": Words(
        N_("All reviewers can be compared with each other"),
        hint=N_("They share applications, directly or through others. Some exchange an application for it."),
    ),
    "rules.most": Words(N_("At most for each reviewer who gave no number")),
    "rules.organisation_most": Words(N_("At most for all reviewers of an organisation together")),
    "hand_on.handed_by": Words(
        N_("Whose applications are to be handed on?"), empty=N_("Choose a reviewer from the list.")
    ),
    "hand_on.number": Words(N_("How many?"), hint=N_("Leave it empty for all that they have not begun.")),
    "sheet.rows": Words(
        N_("The lines of the table"),
        hint=N_("The first line names the columns. Commas, semicolons or tabs separate them."),
        empty=N_("Choose a file or paste the lines."),
    ),
    "assignment.reviewer": Words(N_("Reviewer"), empty=N_("Choose a reviewer from the list.")),
}

CHOICES: dict[str, dict[str, str]] = {
    "lacks": {
        "language": N_("did not name this language as one they read: {language}"),
        "capacity": N_("has as many as they said they can"),
    },
    "agreeing": {
        "usual": N_("As is usual: at a large conference it was found so"),
        "more": N_("More than usual: they know the rubric well and have practised"),
        "less": N_("Less than usual: tastes differ, some are strict and some generous"),
        "earlier": N_("As in an earlier call"),
    },
    "earlier_size": {
        "enough": N_("{title}. Applications: {count}."),
        "small": N_(
            "{title}. Applications: {count}, too few to tell how far the reviews of another call will differ."
        ),
    },
    "review_progress": {
        "to_do": N_("To do"),
        "draft": N_("Draft, not sent"),
        "sent": N_("Sent"),
        "returned": N_("Returned to you"),
        "tied": N_("You have a tie"),
        "aside": N_("Set aside"),
        "all": N_("All"),
    },
    "confidence": {"low": N_("Not very"), "medium": N_("Fairly"), "high": N_("Very")},
    "review_situation": {
        "reading": N_("Reviewing has closed. This is what you wrote."),
        "tied": N_(
            "You have declared a tie to this project, so you do not score it. Thank you for saying so."
        ),
        "withdrawn": N_("The coordinator has taken this application back. You need do nothing."),
        "over": N_("Reviewing is over and the text is closed. Thank you."),
    },
    "proposal_parts": {
        "applications": N_("the applications"),
        "reviewers": N_("the reviewers"),
        "ties": N_("ties"),
        "assignments": N_("what is given out"),
        "number": N_("how many reviews the call wants"),
    },
    "coverage_states": {
        "sent": N_("Sent"),
        "begun": N_("Begun"),
        "given": N_("Has it"),
        "new": N_("New"),
        "leaves": N_("Gives it back"),
    },
    "coverage_shows": {
        "all": N_("All applications"),
        "changes": N_("What changes"),
        "holes": N_("Without a reviewer"),
    },
    "finding": {"tie": N_("A tie: this person must not score it"), "no_tie": N_("No tie")},
    "tie_heading": {
        "decide": N_("Is it a tie?"),
        "pin": N_("Record a tie"),
        "own": N_("Declare a tie of your own"),
        "sure": N_("Is it this application?"),
        "back": N_("Take back a tie of your own"),
        "lift": N_("Take a tie off the record"),
    },
    "tie_lead": {
        "decide": N_("Until this is decided, these people are not given these applications."),
        "pin": N_(
            "The application is taken from this person at once. A review that was sent counts no more, and is"
            " kept."
        ),
        "own": N_(
            "From then on you meet nothing of this application, in no list, file or count. Only another"
            " coordinator can change that; where there is none, you yourself with a written reason."
        ),
        "sure": N_(
            "Once you say so you meet nothing of it any more, in no list, file or count. Nothing is hidden"
            " yet."
        ),
        "back": N_("The application is there for you again from the next page on."),
        "lift": N_("What the tie has ended stays ended. You can give the application out again by hand."),
    },
    "tie_press": {
        "decide": N_("Save the decision"),
        "pin": N_("Record the tie"),
        "own": N_("Go on"),
        "sure": N_("Yes, I have a tie to it"),
        "back": N_("Take the tie back"),
        "lift": N_("Take it off the record"),
    },
    "tie_empty": {
        "decide": N_("Nothing waits to be decided."),
        "lift": N_("There is no tie that could be taken off the record."),
    },
    "steps": {
        "reviewing": N_("Open reviewing"),
        "discussion": N_("Open the discussion"),
    },
    "acts": {
        "call.open": N_("The call was published"),
        "call.extend": N_("The deadline was moved for all"),
        "call.cancel": N_("The call was cancelled"),
        "reviewing.open": N_("Reviewing was opened"),
        "discussion.open": N_("The discussion was opened"),
        "reviewing.close": N_("Reviewing was closed and the order stored"),
        "reviewing.reopen": N_("Reviewing was opened again"),
        "blind.lift": N_("The blind was lifted by two people"),
        "blind.lift_alone": N_("The blind was lifted by the one coordinator there is"),
        "decision.freeze": N_("The decision was frozen"),
        "decision.reopen": N_("The decision was opened again"),
        "results.publish": N_("The results were published"),
        "seal.make": N_("The results of a round were sealed"),
        "seal.confirm": N_("The seal was confirmed by a second person"),
        "seal.void": N_("The seal was made void, since the decision was opened again"),
        "ledger.sealed_alone": N_("The one coordinator there is sealed alone, in writing"),
        "ledger.published_alone": N_("The one coordinator there is published alone, in writing"),
        "ledger.error_answered": N_("A factual error that an applicant pointed out was answered"),
        "results.correct": N_("A correction of what was published was made known"),
        "award.return": N_("A winner gave an award back"),
        "award.promote": N_("An award went to somebody on the reserve list"),
        "ledger.refused_by_one": N_("An application was refused by the one coordinator there is, in writing"),
        "ledger.own_tie_taken_back": N_(
            "The one coordinator there is took back a tie of their own, declared by mistake, in writing"
        ),
        "ledger.departed_alone": N_(
            "The one coordinator who could decide departed from the order, in writing"
        ),
        "ledger.keyed_alone": N_("The one coordinator there is keyed in a paper ballot twice, in writing"),
        "pitches.close": N_("The scoring of the pitches was closed and the order stored"),
        "pitches.reopen": N_("The scoring of the pitches was opened again"),
        "blind.ask": N_("Somebody asked to lift the blind"),
        "blind.turn_down": N_("The blind stays: the request was turned down or taken back"),
        "phase.plan": N_("Left to the clock"),
        "phase.unplan": N_("Taken from the clock again"),
        "phase.by_clock": N_("Done by the clock"),
    },
    "agreement": {
        "good": N_("They agree well."),
        "fair": N_("They agree to a fair degree."),
        "low": N_(
            "They agree little: one review alone says little. A place rests on the mean of all of them, and "
            "the ranking says how firm it is."
        ),
        "none": N_("There is nothing to compare."),
    },
    "tie": {
        "none": N_("No tie"),
        "may_recognise": N_("I may recognise it"),
        "tie": N_("I have a tie"),
    },
}

FLASHES: dict[str, str] = {
    "review_saved": N_("Your draft is saved. It does not count until you send it."),
    "review_set_aside": N_("It is saved and set aside. It comes again after all others."),
    "review_sent": N_("Your review is sent. You can change it until reviewing closes."),
    "thirds_assigned": N_("Third reviews given out: {count}."),
    "review_returned": N_("The review is back with its reviewer, who gets an e-mail."),
    "discussion_opened": N_("The discussion is open. Reviewers who have sent a review get an e-mail."),
    "step_planned": N_("The clock will do it."),
    "step_unplanned": N_("The clock will not do it."),
    "blind_asked": N_("Another coordinator is asked to agree."),
    "blind_lifted": N_("The blind is lifted. It is written into the log."),
    "blind_stays": N_("The blind stays."),
    "tie_declared": N_("Thank you for saying so. The coordinator will find somebody else."),
    "ties_answered": N_("Your answers are saved: {count}."),
    "tie_decided": N_("Your decision is on record."),
    "tie_pinned": N_("The tie is on record, and the application is taken from this person."),
    "own_tie_declared": N_("Thank you for saying so. You meet nothing of this application from now on."),
    "tie_lifted": N_("The tie is off the record."),
    "own_tie_back": N_("Your tie is taken back, and the log says why."),
    "reviewing_opened": N_("Reviewing is open. Reviewers with applications get an e-mail."),
    "assignments_made": N_("The applications are given out."),
    "assignment_proposed": N_("The proposal is made. Nothing has changed for the reviewers yet."),
    "assignment_adjusted": N_("The proposal is changed."),
    "assignment_discarded": N_("The proposal is discarded. Nothing has changed for the reviewers."),
    "assignment_no_proposal": N_("No proposal is open. This is who scores what now."),
    "assignment_moved": N_("Somebody changed the proposal in the meantime. This is how it is now."),
    "assignment_made": N_("The reviewer has this application now."),
    "assignment_withdrawn": N_("The application is taken back from the reviewer."),
    "substitute_found": N_("A colleague of the same organisation has this application now."),
}
