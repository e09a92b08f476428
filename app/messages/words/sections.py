"""The words of an application's sections: every question, every choice, every page title."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {}

FLASHES: dict[str, str] = {}

_NAMES = {
    "family_name": Words(
        N_("Family name"),
        empty=N_("Enter your family name."),
        why=N_("The contract and the letters are written in this name, if you win."),
    ),
    "given_name": Words(
        N_("Given name"), empty=N_("Enter your given name."), why=N_("We address you by it.")
    ),
    "patronymic": Words(
        N_("Patronymic, if you have one"),
        why=N_("Only if it stands in your documents: then the contract needs it."),
    ),
    "email": Words(
        N_("E-mail address"),
        hint=N_("Where the coordinator can write to you."),
        empty=N_("Enter an e-mail address."),
        why=N_("Letters of this site go to the address with which you sign in. Here a person can reach you."),
    ),
    "phone": Words(
        N_("Mobile phone"),
        hint=N_("In any form that you use, for example 8 701 234 56 78."),
        empty=N_("Enter a phone number."),
        why=N_("For questions that cannot wait for an e-mail, shortly before a deadline."),
    ),
    "contact_language": Words(
        N_("In which language shall we speak with you?"),
        empty=N_("Choose a language."),
        why=N_(
            "So that nobody is called in a language that is hard for them. "
            "Letters of this site come in the language in which you signed in."
        ),
    ),
    "access_kinds": Words(
        N_("What do you need in order to take part in meetings and on stage?"),
        hint=N_("Choose all that fit."),
        why=N_("Only the coordinator sees this, to prepare meetings. It is never scored."),
    ),
    "access_needs": Words(
        N_("Anything else that we should prepare?"),
        hint=N_("For example a language, a diet or a seat."),
        why=N_("Only the coordinator sees this, to prepare meetings. It is never scored."),
    ),
}

TEAM = {
    "applicant_kind": Words(
        N_("Who is applying?"),
        why=N_("It decides which details we need if you win."),
        empty=N_("Choose who is applying."),
    ),
    **_NAMES,
    "stage_name": Words(
        N_("How shall we call you on stage?"),
        hint=N_("As it should be spoken."),
        why=N_("The presenter says it when winners are announced."),
    ),
    "contact_way": Words(
        N_("How can we reach you best?"),
        empty=N_("Choose how we can reach you."),
        why=N_("Some people cannot talk at work, some cannot hear: we go by your answer."),
    ),
    "contact_time": Words(
        N_("At what time of day?"),
        why=N_("Some people cannot talk at work, some cannot hear: we go by your answer."),
    ),
    "organisation_name_kk": Words(
        N_("Name of the organisation in Kazakh"),
        hint=N_("As in its registration. Leave it empty for a person or an informal group."),
        why=N_("The contract is written in this name, if you win."),
    ),
    "organisation_name_ru": Words(
        N_("Name of the organisation in Russian"),
        hint=N_("As in its registration."),
        why=N_("The contract is written in this name, if you win."),
    ),
    "legal_form": Words(
        N_("Legal form"),
        hint=N_("For example public association."),
        why=N_("It decides which papers the contract needs."),
    ),
    "bin": Words(
        N_("BIN"),
        hint=N_("Twelve digits. Spaces do not matter."),
        why=N_("It finds your organisation in the public register, so that you need not send papers."),
    ),
    "address": Words(N_("Registered address"), why=N_("It stands in the contract, if you win.")),
    "website": Words(
        N_("Website or page"), why=N_("The coordinator looks there for what you have done before.")
    ),
    "members": Words(
        N_("Who else is in the team?"),
        hint=N_("Up to eight people. Reviewers do not see this."),
        add=N_("Add a team member"),
        why=N_("The coordinator checks that nobody in the team has a tie to a reviewer."),
    ),
    "members.name": Words(N_("Full name"), empty=N_("Enter the full name.")),
    "members.role": Words(N_("Role in the project"), empty=N_("Enter the role, for example coordinator.")),
    "members.email": Words(N_("E-mail address of this person")),
    "partner_links": Words(
        N_("Does somebody in the team work for, or have close ties to, one of these organisations?"),
        why=N_("Their reviewers will then not score your application. It does not count against you."),
    ),
    "partner_links_note": Words(
        N_("What kind of tie is it?"),
        why=N_("The coordinator decides by it which reviewers must not read your application."),
    ),
}

BRIEF = {
    "title": Words(
        N_("What is your project called?"),
        hint=N_("Without the name of your organisation or of a person."),
        why=N_("Reviewers see it first, and it is spoken on stage if you win."),
        empty=N_("Enter a title."),
    ),
    "title_second": Words(
        N_("The title in a second language"), why=N_("Winners are announced in more than one language.")
    ),
    "summary": Words(
        N_("What will you do, for whom, and what will change?"),
        hint=N_("Two or three sentences."),
        why=N_("It opens your application, and it becomes public if you win."),
        empty=N_("Say in two or three sentences what you will do, for whom, and what will change."),
    ),
    "theme": Words(
        N_("Which theme fits best?"),
        empty=N_("Choose a theme."),
        why=N_("It shows how the applications spread over the themes. It is not scored."),
    ),
    "districts": Words(
        N_("Where in the city?"),
        hint=N_("Choose all that fit."),
        empty=N_("Choose where."),
        why=N_("It shows which parts of the city the call reaches. It is not scored."),
    ),
    "place": Words(
        N_("The place"),
        hint=N_("For example a courtyard, a school, a park."),
        why=N_("Reviewers can picture the project when they know where it is."),
    ),
}

NEED = {
    "problem": Words(
        N_("What problem do you want to solve, and where exactly?"),
        hint=N_("Describe what one can see there today."),
        why=N_("Reviewers score how well they understand the need. They may never have been there."),
        empty=N_("Describe the problem and the place."),
    ),
    "evidence": Words(
        N_("How do you know?"),
        hint=N_("A survey, figures, letters, or your own observation."),
        why=N_("An observation of your own is enough, if you say when and how."),
        empty=N_("Say how you know about the problem."),
    ),
    "beneficiaries": Words(
        N_("Who benefits?"),
        hint=N_("At least one group, at most six."),
        empty=N_("Add a group of people who benefit."),
        add=N_("Add a group"),
        why=N_("Reviewers look at whom it reaches and how. Honest numbers convince more than large ones."),
    ),
    "sources": Words(
        N_("Links where this can be seen"),
        hint=N_("Up to three: a survey, a photo, an article."),
        add=N_("Add a link"),
        why=N_("A link lets reviewers see it with their own eyes. It is not required."),
    ),
    "sources.link": Words(N_("Link"), empty=N_("Enter a link, for example stat.gov.kz.")),
    "sources.shows": Words(N_("What does it show?")),
    "beneficiaries.kind": Words(N_("Which people?"), empty=N_("Choose which people benefit.")),
    "beneficiaries.group": Words(
        N_("Who exactly?"),
        hint=N_("For example pensioners of three houses."),
        empty=N_("Enter who benefits."),
    ),
    "beneficiaries.direct": Words(
        N_("How many benefit directly?"),
        empty=N_("Enter how many people benefit directly, for example 60."),
    ),
    "beneficiaries.indirect": Words(N_("How many benefit indirectly?")),
    "beneficiaries.help": Words(N_("How does it help them?"), empty=N_("Enter how it helps them.")),
    "beneficiaries.part": Words(N_("How do they take part?")),
    "permit": Words(
        N_("Does anybody have to permit it?"),
        hint=N_("For example the owner of the place, the city administration or a school."),
        empty=N_("Choose whether anybody has to permit it."),
        why=N_("A permit can take weeks. Reviewers look whether you have thought of it."),
    ),
    "stakeholders": Words(
        N_("Who else matters?"),
        hint=N_("Who helps, who must give a permit, who may object."),
        why=N_("A permit that nobody asked for stops more projects than a lack of money."),
        add=N_("Add a stakeholder"),
    ),
    "stakeholders.kind": Words(N_("Who is it?"), empty=N_("Choose who it is.")),
    "stakeholders.role": Words(N_("What is their part?"), empty=N_("Choose their part.")),
    "stakeholders.state": Words(N_("How far are you with them?"), empty=N_("Choose how far you are.")),
    "stakeholders.gives": Words(N_("What do they give or ask?")),
    "stakeholders.name": Words(N_("Name of the organisation"), hint=N_("Only the coordinator sees this.")),
    "priorities": Words(
        N_("Which priorities of the city does it serve?"),
        hint=N_("At most three."),
        why=N_("The city says which needs it wants to meet first. If none fits, leave it empty."),
    ),
    "priority_why": Words(
        N_("Why?"), hint=N_("One sentence."), why=N_("A tick alone does not show how the project serves it.")
    ),
}

WORK_PLAN = {
    "result": Words(
        N_("When the project ends, what will exist or have changed?"),
        hint=N_("Something that a visitor could see or count."),
        empty=N_("Enter the result."),
        why=N_("Everything else in your plan leads to this."),
    ),
    "starts": Words(
        N_("First month"),
        empty=N_("Choose the first month."),
        why=N_("Reviewers check whether the activities fit into the time."),
    ),
    "ends": Words(
        N_("Last month"),
        empty=N_("Choose the last month."),
        why=N_("Reviewers check whether the activities fit into the time."),
    ),
    "activities": Words(
        N_("What will you do?"),
        hint=N_("Two to eight activities, each with something that can be counted."),
        why=N_("Budget lines and milestones belong to an activity."),
        empty=N_("Add at least two activities."),
        add=N_("Add an activity"),
    ),
    "activities.title": Words(N_("Activity"), empty=N_("Enter what the activity is called.")),
    "activities.does": Words(N_("What will you do?"), empty=N_("Enter what you will do.")),
    "activities.from_month": Words(N_("From"), empty=N_("Choose the month in which it begins.")),
    "activities.to_month": Words(N_("To"), empty=N_("Choose the month in which it ends.")),
    "activities.lead": Words(
        N_("Who leads it?"), hint=N_("A role, not a name."), empty=N_("Enter the role of who leads it.")
    ),
    "activities.output_number": Words(
        N_("What comes out, as a number?"), empty=N_("Enter a number, for example 120.")
    ),
    "activities.output_unit": Words(
        N_("Of what?"), hint=N_("For example seedlings or workshops."), empty=N_("Enter what is counted.")
    ),
    "activities.place": Words(N_("Where?")),
    "milestones": Words(
        N_("Milestones"),
        hint=N_("Two to four moments at which everyone can see that something is done."),
        empty=N_("Add at least two milestones."),
        add=N_("Add a milestone"),
        why=N_("If you win, you report by them, and everybody sees that it goes on."),
    ),
    "milestones.name": Words(N_("What is done then?"), empty=N_("Enter what is done then.")),
    "milestones.month": Words(N_("Month"), empty=N_("Choose the month.")),
    "milestones.activity": Words(N_("Which activity?"), empty=N_("Choose the activity.")),
    "milestones.proof": Words(N_("How will everyone see it?"), empty=N_("Choose how everyone will see it.")),
    "resources": Words(
        N_("What do you bring yourselves?"),
        hint=N_("People's time, a place, tools, money."),
        why=N_("It shows that the project does not stand on the grant alone. It is not required."),
        add=N_("Add something of your own"),
    ),
    "resources.kind": Words(N_("What kind?"), empty=N_("Choose the kind.")),
    "resources.what": Words(N_("What is it?"), empty=N_("Enter what it is.")),
    "resources.activity": Words(N_("For which activity?")),
    "resources.value": Words(
        N_("Its value"), hint=N_("For work, leave this empty and enter hours and rate below.")
    ),
    "resources.hours": Words(N_("Hours of work"), hint=N_("All people together, for example 40.")),
    "resources.rate": Words(N_("Usual pay for an hour"), hint=N_("For example 1 500.")),
    "resources.certainty": Words(N_("How sure is it?"), empty=N_("Choose how sure it is.")),
    "strengths": Words(
        N_("Why can your team do this?"),
        hint=N_("Experience without names, for example: our coordinator ran three courtyard projects."),
        empty=N_("Say why your team can do this."),
        why=N_("Reviewers do not see your names, so only this tells them that you can do it."),
    ),
    "risks": Words(
        N_("What could go wrong?"),
        hint=N_("One to four things, and what you will do then."),
        empty=N_("Add at least one thing that could go wrong."),
        add=N_("Add a risk"),
        why=N_("Things go wrong in every project. Who has thought of it goes on all the same."),
    ),
    "risks.risk": Words(N_("What could happen?"), empty=N_("Enter what could happen.")),
    "risks.response": Words(N_("What will you do?"), empty=N_("Enter what you will do.")),
}

BUDGET = {
    "lines": Words(
        N_("Budget lines"),
        hint=N_("Prices in tenge. At most fifteen lines."),
        empty=N_("Add at least one budget line."),
        add=N_("Add a line"),
        why=N_("Reviewers score whether the money fits the plan, so each line belongs to an activity."),
    ),
    "lines.activity": Words(N_("For which activity?"), empty=N_("Choose the activity.")),
    "lines.category": Words(N_("Category"), empty=N_("Choose a category.")),
    "lines.what": Words(N_("What is it?"), empty=N_("Enter what has to be bought or paid.")),
    "lines.unit": Words(N_("Unit"), hint=N_("For example piece, hour, kg."), empty=N_("Enter the unit.")),
    "lines.quantity": Words(N_("How many?"), empty=N_("Enter how many, for example 12.")),
    "lines.price": Words(N_("Price of one"), empty=N_("Enter the price of one, for example 12 500.")),
    "lines.payer": Words(N_("Who pays?"), empty=N_("Choose who pays.")),
    "lines.grant_part": Words(
        N_("The grant's part, if the cost is shared"), hint=N_("Choose above who pays the rest.")
    ),
    "lines.source": Words(N_("Where is the price from?"), hint=N_("A shop and a date, or a link.")),
    "prices_found": Words(
        N_("How did you find the prices?"),
        why=N_("Reviewers score whether the costs are believable."),
        empty=N_("Say how you found the prices."),
    ),
    "other_money_state": Words(
        N_("Is there other money for this same project?"),
        why=N_("The same cost may not be paid twice."),
        empty=N_("Choose whether there is other money."),
    ),
    "other_money": Words(
        N_("From whom, and how much?"),
        hint=N_("If there is none, leave this empty."),
        empty=N_("Enter from whom and how much, for example city budget, 300 000."),
        why=N_("The same cost may not be paid twice."),
    ),
    "unsure": Words(
        N_("Is there anything that you are unsure about?"),
        hint=N_("Only the coordinator sees this."),
        why=N_("Better asked now than found later. It is never scored."),
    ),
}

SUSTAINABILITY = {
    "stays": Words(
        N_("What stays when the grant ends, and who looks after it?"),
        empty=N_("Say what stays and who looks after it."),
        why=N_("Reviewers score what is left when the grant is spent."),
    ),
    "funding": Words(
        N_("How will it be paid for?"),
        hint=N_("Choose all that fit."),
        empty=N_("Choose how it will be paid for."),
        why=N_("What costs nothing lasts too; what costs something needs somebody who pays."),
    ),
    "month_income": Words(
        N_("Income in one ordinary month after the grant"),
        hint=N_("Leave this out if there will be none."),
        add=N_("Add an income"),
        why=N_("A rough guess is enough: it shows that you have thought of the time after."),
    ),
    "month_income.source": Words(N_("From where?"), empty=N_("Enter where it comes from.")),
    "month_income.amount": Words(N_("How much?"), empty=N_("Enter an amount, for example 40 000.")),
    "month_income.certainty": Words(N_("How sure is it?"), empty=N_("Choose how sure it is.")),
    "month_costs": Words(
        N_("Costs in one ordinary month after the grant"),
        hint=N_("Leave this out if there will be none."),
        add=N_("Add a cost"),
        why=N_("One month in figures shows more than a page of promises."),
    ),
    "month_costs.what": Words(N_("For what?"), empty=N_("Enter what it is for.")),
    "month_costs.amount": Words(N_("How much?"), empty=N_("Enter an amount, for example 40 000.")),
    "growth": Words(
        N_("If it works, how could it grow?"),
        hint=N_("Other courtyards, schools or cities."),
        why=N_("A good idea can be repeated elsewhere. It is no promise."),
    ),
    "ownership": Words(
        N_("What will you own after the project, and who keeps it?"),
        hint=N_("Equipment, a site, recordings."),
        why=N_("What public money has bought needs somebody who keeps it."),
    ),
    "access": Words(
        N_("Can everyone use it?"),
        hint=N_("Think of wheelchairs, hearing, sight, language and price."),
        empty=N_("Say who can use it and who cannot."),
        why=N_("Public money is for everybody, also for those who are often forgotten."),
    ),
    "measures": Words(
        N_("What will you measure half a year later?"),
        hint=N_("One to three numbers."),
        empty=N_("Add at least one number that you will measure."),
        add=N_("Add a number"),
        why=N_("If you win, we ask you for these numbers half a year later."),
    ),
    "measures.number": Words(N_("Number"), empty=N_("Enter a number, for example 40.")),
    "measures.unit": Words(N_("Of what?"), empty=N_("Enter what is counted.")),
    "measures.how": Words(N_("How will you find out?"), empty=N_("Enter how you will find out.")),
}

MOTIVATION = {
    "title": Words(
        N_("A headline for your application"),
        hint=N_("A few words, without your name."),
        empty=N_("Enter a headline."),
        why=N_("Reviewers see it first; it takes the place of your name."),
    ),
    "why": Words(
        N_("Why do you want to take part?"),
        empty=N_("Say why you want to take part."),
        why=N_("It shows what moves you. There is no right answer."),
    ),
    "experience": Words(
        N_("What have you done that fits?"),
        hint=N_("Work, study, volunteering. No names of employers."),
        empty=N_("Describe what you have done that fits."),
        why=N_("Reviewers see neither your name nor a list of posts, only this."),
    ),
    "example": Words(
        N_("Tell us about one thing that you changed around you"),
        why=N_("One true story says more than a list."),
    ),
    "availability": Words(
        N_("When do you have time?"),
        empty=N_("Say when you have time."),
        why=N_("Dates are set so that those who take part can come."),
    ),
}

OWN = {
    "answer": Words(
        N_("The call's own question"),
        empty=N_("Choose an answer."),
        why=N_("The programme asks it in this call, and says in the call's rules what follows from it."),
    ),
}

_COMPLETE = Words(
    N_("Have you completed this section?"),
    hint=N_("Your answers are kept either way."),
)

QUESTIONS: dict[str, Words] = {
    f"{section}.{name}": words
    for section, questions in {
        "team": TEAM,
        "candidate": _NAMES,
        "brief": BRIEF,
        "need": NEED | {"complete": _COMPLETE},
        "work_plan": WORK_PLAN | {"complete": _COMPLETE},
        "budget": BUDGET,
        "sustainability": SUSTAINABILITY | {"complete": _COMPLETE},
        "motivation": MOTIVATION | {"complete": _COMPLETE},
        "own": OWN,
    }.items()
    for name, words in questions.items()
}

CHOICES: dict[str, dict[str, str]] = {
    "sections": {
        "team": N_("You and your team"),
        "candidate": N_("You"),
        "brief": N_("Your project in brief"),
        "need": N_("Need: for whom and why"),
        "work_plan": N_("Work plan: what and when"),
        "budget": N_("Budget: what it costs"),
        "sustainability": N_("Sustainability: what stays"),
        "motivation": N_("Motivation and experience"),
        "own": N_("A question of this call"),
    },
    "pages": {
        "team.applicant": N_("Who applies"),
        "team.contact": N_("How we reach you"),
        "team.organisation": N_("Your organisation"),
        "team.members": N_("The team"),
        "need.problem": N_("The problem"),
        "need.people": N_("Who benefits"),
        "need.others": N_("Permits and partners"),
        "need.priorities": N_("Priorities of the city"),
        "work_plan.result": N_("Result and dates"),
        "work_plan.activities": N_("Activities"),
        "work_plan.milestones": N_("Milestones"),
        "work_plan.resources": N_("Your own resources"),
        "work_plan.risks": N_("Strengths and risks"),
        "work_plan.check": N_("Your plan at a glance"),
        "budget.lines": N_("Budget lines"),
        "budget.prices": N_("Prices and other money"),
        "sustainability.after": N_("After the grant"),
        "sustainability.month": N_("One ordinary month"),
        "sustainability.future": N_("The future"),
    },
    "rows": {
        "team.members": N_("Team member"),
        "need.sources": N_("Link"),
        "need.beneficiaries": N_("Group"),
        "need.stakeholders": N_("Stakeholder"),
        "work_plan.activities": N_("Activity"),
        "work_plan.milestones": N_("Milestone"),
        "work_plan.resources": N_("Own resource"),
        "work_plan.risks": N_("Risk"),
        "budget.lines": N_("Line"),
        "sustainability.month_income": N_("Income"),
        "sustainability.month_costs": N_("Cost"),
        "sustainability.measures": N_("Number"),
    },
    "complete": {"yes": N_("Yes, it is complete"), "later": N_("No, I will come back to it")},
    "languages": {"kk": "Қазақша", "ru": "Русский", "en": "English"},
    "applicant_kind": {
        "person": N_("One person"),
        "group": N_("An informal group"),
        "ngo": N_("A non-profit or public association"),
        "company": N_("A company or individual entrepreneur"),
        "public_body": N_("A public body, for example a school"),
    },
    "contact_way": {
        "phone": N_("Call me"),
        "message": N_("Send a message to my phone"),
        "email": N_("Write an e-mail"),
        "text_only": N_("Only in writing: I am deaf or hard of hearing"),
    },
    "contact_time": {
        "any": N_("Any time"),
        "morning": N_("Morning, 9 to 12"),
        "day": N_("Afternoon, 12 to 18"),
        "evening": N_("Evening, after 18"),
    },
    "access_need": {
        "step_free": N_("A way without steps, room for a wheelchair"),
        "sign_language": N_("A sign language interpreter"),
        "hearing": N_("A seat near the speaker, or a microphone"),
        "large_print": N_("Large print or texts by e-mail beforehand"),
        "helper": N_("I come with a helper or with a child"),
        "rest": N_("A place to rest"),
    },
    "beneficiary_kind": {
        "children": N_("Children up to 11"),
        "teenagers": N_("Teenagers, 12 to 17"),
        "youth": N_("Young adults and students"),
        "families": N_("Families and parents"),
        "older": N_("Older people"),
        "disabled": N_("People with disabilities"),
        "residents": N_("Residents of houses and streets"),
        "women": N_("Women"),
        "newcomers": N_("People who came to the city recently"),
        "professionals": N_("Teachers, doctors and other professionals"),
        "business": N_("Small shops, makers and farmers"),
        "everyone": N_("Everybody in the city"),
        "other": N_("Others"),
    },
    "permit": {
        "no": N_("No"),
        "yes": N_("Yes"),
        "unsure": N_("We do not know yet"),
    },
    "other_money_state": {
        "none": N_("No"),
        "asked": N_("We have asked for it"),
        "received": N_("We have received it"),
    },
    "districts": {
        "alatau": N_("Alatau district"),
        "almaly": N_("Almaly district"),
        "auezov": N_("Auezov district"),
        "bostandyk": N_("Bostandyk district"),
        "zhetysu": N_("Zhetysu district"),
        "medeu": N_("Medeu district"),
        "nauryzbay": N_("Nauryzbay district"),
        "turksib": N_("Turksib district"),
        "whole_city": N_("The whole city"),
    },
    "stakeholder_kind": {
        "residents": N_("Residents or their council"),
        "school": N_("School"),
        "akimat": N_("City administration"),
        "company": N_("Company"),
        "ngo": N_("Non-profit organisation"),
        "media": N_("Media"),
        "other": N_("Other"),
    },
    "stakeholder_role": {
        "helps": N_("Helps"),
        "permits": N_("Must give a permit"),
        "objects": N_("May object"),
    },
    "stakeholder_state": {
        "agreed": N_("Agreed"),
        "talking": N_("We are talking"),
        "not_yet": N_("Not asked yet"),
    },
    "proof": {
        "photo": N_("Photo"),
        "list": N_("List"),
        "document": N_("Document"),
        "link": N_("Link"),
        "other": N_("Other"),
    },
    "resource_kind": {
        "people": N_("People's time"),
        "place": N_("Place"),
        "equipment": N_("Equipment"),
        "transport": N_("Transport"),
        "money": N_("Money"),
        "other": N_("Other"),
    },
    "resource_certainty": {"sure": N_("Sure"), "likely": N_("Likely")},
    "budget_category": {
        "equipment": N_("Equipment"),
        "materials": N_("Materials"),
        "fees": N_("Fees and services"),
        "rent": N_("Rent"),
        "transport": N_("Transport"),
        "communication": N_("Communication and visibility"),
        "works": N_("Small works"),
        "administration": N_("Bank and administration"),
    },
    "payer": {
        "grant": N_("The grant"),
        "own": N_("Our own money"),
        "in_kind": N_("In kind, without money"),
        "partner": N_("A partner"),
    },
    "funding": {
        "volunteers": N_("Volunteers"),
        "fees": N_("Fees or sales"),
        "city": N_("City budget"),
        "sponsors": N_("Sponsors"),
        "membership": N_("Membership"),
        "none": N_("It needs no money"),
    },
    "income_certainty": {"agreed": N_("Agreed"), "likely": N_("Likely"), "hope": N_("We hope so")},
    "whole": {"whole": N_("The whole project")},
}
