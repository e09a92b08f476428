"""A believable body for every operation that takes one: the reference shows them, the tests send them."""

from typing import Any, Final

REASON = "A partner withdrew in writing on 3 May; the others cover its share."

BODIES: Final[dict[str, Any]] = {
    "api.calls.create": {
        "slug": "2027",
        "ref_prefix": "WA27",
        "kind": "grant",
        "title": {"kk": "Қала гранттары 2027", "ru": "Гранты города 2027", "en": "City grants 2027"},
    },
    "api.calls.clone": {"slug": "2028", "ref_prefix": "WA28"},
    "api.calls.change": {
        "dates": {
            "timezone": "Asia/Almaty",
            "opens_at": "2026-11-02T09:00:00+05:00",
            "closes_at": "2026-11-30T18:00:00+05:00",
            "grace_minutes": 15,
            "reviews_due_at": "2026-12-21T18:00:00+05:00",
            "results_expected_at": "2027-01-15T18:00:00+05:00",
        },
        "money": {
            "ceiling_minor": 500000,
            "rate_minor": 56000,
            "max_months": 8,
            "administration_percent": 10,
        },
        "scoring": {"reviews_per_application": None, "scores_published": True},
    },
    "api.calls.save_criteria": {
        "criteria": [
            {
                "code": "need",
                "title": {"kk": "Қажеттілік", "ru": "Необходимость", "en": "Need"},
                "asks": {"en": "Is the problem real, and do those who live with it say so?"},
                "weight": 100,
                "tie_position": 1,
                "scale_min": 1,
                "scale_max": 5,
                "anchors": {"1": {"en": "No problem is shown."}, "5": {"en": "Shown with evidence."}},
                "sections": ["need"],
            }
        ]
    },
    "api.calls.save_faq": {
        "entries": [
            {
                "question": {
                    "kk": "Қай тілде жазу керек?",
                    "ru": "На каком языке писать?",
                    "en": "In which language shall I write?",
                },
                "answer": {
                    "kk": "Үш тілдің кез келгенінде.",
                    "ru": "На любом из трёх.",
                    "en": "In any of the three.",
                },
            }
        ]
    },
    "api.calls.save_rounds": {
        "rounds": [
            {
                "name": {"kk": "Негізгі кезең", "ru": "Основной раунд", "en": "Main round"},
                "event": {"en": "Pitching"},
                "held_at": "2027-01-20T15:00:00+05:00",
                "places": 6,
                "amount_minor": 500000,
                "envelope_minor": 3000000,
            }
        ]
    },
    "api.calls.choose_organisations": {"organisations": ["BC", "AKIM", "ADC", "KBTU"]},
    "api.calls.add_organisation": {
        "code": "LIB",
        "name": {"kk": "Қалалық кітапхана", "ru": "Городская библиотека", "en": "City library"},
    },
    "api.calls.extend": {
        "closes_at": "2026-12-04T18:00:00+05:00",
        "reason": {
            "kk": "Екі күн электр болмады.",
            "ru": "Два дня не было света.",
            "en": "Two days without electricity.",
        },
    },
    "api.calls.cancel": {
        "reason": {
            "kk": "Бағдарлама тоқтады.",
            "ru": "Программа закрыта.",
            "en": "The programme has ended.",
        }
    },
    "api.reviewers.add": {"email": "reviewer@example.org", "name": "Aliya Smagulova", "organisation": "BC"},
    "api.applications.start": {
        "language": "en",
        "processing": True,
        "publication": True,
        "pictures": True,
        "news": False,
        "checked": {"age": "yes", "kind": "group", "amount": "no", "started": "no"},
    },
    "api.applications.change_consent": {"given": False, "language": "en"},
    "api.applications.leave_leak": {"left": True},
    "api.applications.save": {
        "answers": {
            "title": "Apples in the yard",
            "summary": "Forty apple trees for sixty neighbours, and a bare yard becomes a garden.",
            "theme": "ecology",
            "districts": ["medeu"],
            "place": "The yard behind the library",
        }
    },
    "api.applications.restore": {"number": 2, "answer": "title"},
    "api.team.invite": {"email": "neighbour@example.org", "role": "editor", "language": "ru"},
    "api.team.change": {"role": "reader"},
    "api.invitations.accept": {
        "processing": True,
        "publication": True,
        "pictures": False,
        "news": False,
        "language": "kk",
        "own_name": "Aigerim Seitova",
    },
    "api.files.change": {"title": "The yard in May, seen from the library: no tree, two benches."},
    "api.applications.send": {
        "number": 1,
        "truth": True,
        "no_conflict": True,
        "no_double_funding": True,
        "controls": True,
        "name": "Aigul Serikova",
    },
    "api.assisted.start": {
        "own_name": "Sabira Akhmetova",
        "birth_year": 1956,
        "phone": "+7 701 234 56 78",
        "language": "kk",
        "channel": "paper",
        "received_on": "2026-03-09",
        "processing": True,
        "publication": True,
        "agreed": "signed",
        "agreed_note": "The signed form is in the binder of 2026, page 12.",
    },
    "api.extensions.give": {
        "until": "2026-12-01T18:00:00+05:00",
        "reason": "There was no electricity in the village from 27 to 29 November.",
    },
    "api.extensions.take_back": {"reason": "It was given to the wrong application."},
    "api.applications.correction_save": {"answers": {"brief": {"title": "Apples behind the library"}}},
    "api.applications.correct": {
        "number": 2,
        "answers": {"brief": {"title": "Apples behind the library"}},
    },
    "api.applications.about_you": {"age": "from_35", "gender": "unsaid", "applying": "easy"},
    "api.screening.save": {
        "checks": {"age": "met", "kind": "met", "who_cannot": "unmet"},
        "decision": "keep",
        "words": "",
        "note": "The place of the project is to be looked at once more.",
    },
    "api.screening.decline": {"why": "The letter of the school shows that it is in Almaty after all."},
    "api.screening.reinstate": {"why": "The letter of the school shows that it is in Almaty after all."},
    "api.flags.raise": {
        "kind": "double_funding",
        "words": "The same seedlings seem to be in the list of another fund.",
        "to": "",
    },
    "api.flags.resolve": {"answer": "The other fund paid for 2025; this is for 2026."},
    "api.redaction.clear_plain": {"count": 0},
    "api.redaction.decide": {
        "number": 1,
        "texts": {"need.problem": {"how": "edited", "text": "A founder of the yard asked 140 neighbours."}},
        "files": {},
    },
    "api.redaction.clear": {"number": 1},
    "api.desk.remind": {"to": "begun", "reviewer": ""},
    "api.corrections.ask": {
        "fields": ["brief.title", "brief.summary"],
        "question": "The title names your organisation. Please choose one without it.",
        "due_on": None,
    },
    "api.corrections.extend": {"due_on": "2026-04-10"},
    "api.my_data.correct": {"name": "Aigul Serikova", "language": "kk"},
    "api.phases.plan": {"step": "discussion", "at": "2026-12-14T09:00:00+05:00"},
    "api.phases.unplan": {"step": "discussion"},
    "api.blind.ask": {"reason": "The finals must know which districts their finalists come from."},
    "api.thirds.assign": {"reviewers": {"K7M2Q4": "R9W3XK5D"}},
    "api.returns.make": {
        "application": "K7M2Q4",
        "reviewer": "R9W3XK5D",
        "note": "Please say why the budget has one: the reason is about another application.",
    },
    "api.practice.compare": {"scores": {"need": {"score": 4}, "budget": {"cannot_judge": True}}},
    "api.seats.invite": {
        "email": "reviewer@example.org",
        "name": "Aliya Smagulova",
        "organisation": "BC",
        "language": "ru",
        "proposals": 42,
        "hours": 6,
        "due_at": "2026-12-21T18:00:00+05:00",
        "note": "Your colleagues of last year said that you might enjoy it.",
    },
    "api.own_seats.accept": {
        "languages": ["kk", "ru"],
        "topics": ["ecology"],
        "capacity": 40,
        "own_name": "Aliya Smagulova",
    },
    "api.own_seats.decline": {
        "reason": "I am away until January.",
        "colleague_email": "colleague@example.org",
        "colleague_name": "Dana Omarova",
    },
    "api.contact.propose": {"email": "colleague@example.org", "name": "Dana Omarova"},
    "api.reading.save": {"languages": ["kk", "ru"], "topics": ["ecology"], "capacity": 40},
    "api.reviewers.save_reading": {"languages": ["kk", "ru"], "topics": ["ecology"], "capacity": 40},
    "api.own_requests.more_time": {"until": "2026-12-28T18:00:00+05:00", "reason": "I was ill for a week."},
    "api.own_requests.give_back": {"count": 10, "reason": "I was ill for a week."},
    "api.requests.answer": {"answer": "refuse", "words": "The results are promised for 15 January."},
    "api.reviews.read_again": {"text_version": 2},
    "api.reviews.raise_flag": {
        "kind": "double_funding",
        "words": "The same seedlings seem to be in the list of another fund.",
    },
    "api.assignments.make": {"application": "K7M2Q4", "reviewer": "R9W3XK5D"},
    "api.assignments.propose": {"most": 60, "organisation_most": {"BC": 253}},
    "api.assignments.adjust": {"application": "K7M2Q4", "reviewer": "R9W3XK5D", "act": "give"},
    "api.assignments.hand_on": {"handed_by": "R9W3XK5D", "number": 10},
    "api.assignments.read_sheet": {"rows": "application,reviewer\r\nK7M2Q4,R9W3XK5D\r\n"},
    "api.ties.pin": {
        "application": "K7M2Q4",
        "member": "R9W3XK5D",
        "reason": "They have published together since 2022.",
    },
    "api.ties.declare": {"application": "WA26-K7M2Q4", "reason": "My sister leads the team."},
    "api.ties.decide": {
        "suspected": ["K7M2Q4.domain.kbtu.kz"],
        "finding": "no_tie",
        "reason": "Students and the reviewer have never met.",
    },
    "api.ties.lift": {"tie": "K7M2Q4.R9W3XK5D.1", "reason": "It was somebody of the same name."},
    "api.assignments.substitute": {"application": "K7M2Q4", "organisation": "BC"},
    "api.reviews.answer_tie": {"tie": "none", "note": ""},
    "api.reviews.save": {
        "scores": {
            "need": {"score": 4, "reason": "The survey of 140 residents is convincing."},
            "budget": {"cannot_judge": True, "reason": "Prices of seedlings are outside what I know."},
        },
        "convinced": "The neighbours are behind it.",
        "stronger": "Name who waters in August.",
        "panel_note": "",
        "private_note": "",
        "confidence": "medium",
        "change_reason": "",
    },
    "api.ranking.reopen": {"reason": REASON},
    "api.ranking.excuse": {
        "excuses": [{"application": "K7M2Q4", "organisation": "BC", "reason": REASON}],
    },
    "api.awards.give": {"application": "K7M2Q4", "round": "H4TQ8ZWN"},
    "api.awards.change": {"amount_minor": 450000},
    "api.departures.explain": {"application": "K7M2Q4", "round": "H4TQ8ZWN", "reason": REASON},
    "api.decision.reopen": {"reason": REASON},
    "api.stage.show": {"scene": "board"},
}
