"""Whole sections as their forms type them."""

from typing import Any

TEAM: dict[str, Any] = {
    "applicant_kind": "group",
    "family_name": "Canaryname",
    "given_name": "Ada",
    "email": "ada.canary@example.org",
    "phone": "8 (701) 234-56-78",
    "contact_way": "message",
    "contact_language": "en",
    "members": [{"id": "t1", "name": "Bota Canarymember", "role": "gardener"}],
    "partner_links": ["ADC"],
}

BRIEF: dict[str, Any] = {
    "title": "Garden behind the library",
    "summary": "We will plant a garden with 60 neighbours.",
    "theme": "ecology",
    "districts": ["medeu"],
}

NEED: dict[str, Any] = {
    "problem": "The yard is bare and hot.",
    "evidence": "We counted 12 benches without shade in July.",
    "beneficiaries": [
        {"id": "b1", "kind": "residents", "group": "Neighbours", "direct": "60", "help": "Shade"}
    ],
    "permit": "yes",
    "stakeholders": [
        {
            "id": "s1",
            "kind": "akimat",
            "role": "permits",
            "state": "talking",
            "name": "Coordinatoronly office",
        }
    ],
    "complete": "yes",
}

WORK_PLAN: dict[str, Any] = {
    "result": "Forty trees stand.",
    "starts": "2026-06",
    "ends": "2026-11",
    "activities": [
        {
            "id": "a1",
            "title": "Plant",
            "does": "Dig and plant.",
            "from_month": "2026-06",
            "to_month": "2026-08",
            "lead": "gardener",
            "output_number": "40",
            "output_unit": "trees",
        },
        {
            "id": "a2",
            "title": "Teach",
            "does": "Six Saturdays.",
            "from_month": "2026-09",
            "to_month": "2026-11",
            "lead": "teacher",
            "output_number": "6",
            "output_unit": "workshops",
        },
    ],
    "milestones": [
        {"id": "m1", "name": "Trees stand", "month": "2026-08", "activity": "a1", "proof": "photo"},
        {"id": "m2", "name": "Rota agreed", "month": "2026-10", "activity": "a2", "proof": "list"},
    ],
    "strengths": "We have kept a garden for five years.",
    "risks": [{"id": "r1", "risk": "Drought", "response": "Barrels"}],
    "complete": "yes",
}

BUDGET: dict[str, Any] = {
    "lines": [
        {
            "id": "l1",
            "activity": "a1",
            "category": "materials",
            "what": "Seedlings",
            "unit": "tree",
            "quantity": "40",
            "price": "15 000",
            "payer": "grant",
        },
        {
            "id": "l2",
            "activity": "whole",
            "category": "fees",
            "what": "Coordination",
            "unit": "hour",
            "quantity": "2,5",
            "price": "1 000,50 ₸",
            "payer": "own",
        },
    ],
    "prices_found": "Asked three nurseries.",
    "other_money_state": "none",
    "unsure": "Coordinatoronly question",
}

SUSTAINABILITY: dict[str, Any] = {
    "stays": "The garden stays.",
    "funding": ["volunteers"],
    "access": "Everybody can enter.",
    "measures": [{"id": "x1", "number": "36", "unit": "trees", "how": "Count"}],
    "complete": "yes",
}

CANDIDATE: dict[str, Any] = {
    "family_name": "Canaryname",
    "given_name": "Ada",
    "email": "ada.canary@example.org",
    "phone": "+7 701 234 56 78",
    "contact_language": "en",
}

MOTIVATION: dict[str, Any] = {
    "title": "A listener",
    "why": "To learn.",
    "experience": "Two years of courses.",
    "availability": "Weekends.",
    "complete": "yes",
}

GRANT: dict[str, dict[str, Any]] = {
    "team": TEAM,
    "brief": BRIEF,
    "need": NEED,
    "work_plan": WORK_PLAN,
    "budget": BUDGET,
    "sustainability": SUSTAINABILITY,
}
SELECTION: dict[str, dict[str, Any]] = {"candidate": CANDIDATE, "motivation": MOTIVATION}
