"""Two whole proposals as people type them, one in Kazakh and one in Russian, in the shape of the forms."""

from typing import Any

TITLE = {"kk": "Кітапхана ауласындағы алма бағы", "ru": "Яблоневый сад за библиотекой"}
OWN_WORD = {"kk": "қызылалмабақ", "ru": "яблонесад"}
"""A word that only this proposal has: reviewers meet it."""
NAME = {"kk": "Айару Қызғалдақ", "ru": "Аяру Кызгалдак"}


def proposal(language: str) -> dict[str, Any]:
    """Everything that is typed, by section."""
    return _with(_KAZAKH if language == "kk" else _RUSSIAN, language)


def _with(words: dict[str, Any], language: str) -> dict[str, Any]:
    family, given = NAME[language].split()[1], NAME[language].split()[0]
    return {
        "team": {
            "applicant_kind": "group",
            "family_name": family,
            "given_name": given,
            "email": "aiaru@example.org",
            "phone": "8 (701) 000-00-00",
            "contact_way": "phone",
            "contact_language": language,
        },
        "brief": {
            "title": TITLE[language],
            "summary": words["summary"],
            "theme": "ecology",
            "districts": ["medeu", "bostandyk"],
            "place": words["place"],
        },
        "need": {
            "problem": words["problem"],
            "evidence": words["evidence"],
            "beneficiaries": [
                {
                    "kind": "older",
                    "group": words["older"],
                    "direct": "60",
                    "indirect": "200",
                    "help": words["meet"],
                }
            ],
            "permit": "yes",
            "stakeholders": [
                {"kind": "akimat", "role": "permits", "state": "talking", "gives": words["permit"]}
            ],
            "priorities": ["clean"],
            "priority_why": words["dust"],
        },
        "work_plan": {
            "result": words["result"],
            "starts": "2026-06",
            "ends": "2026-11",
            "activities": [
                {
                    "title": words["dig"],
                    "does": words["digs"],
                    "from_month": "2026-06",
                    "to_month": "2026-08",
                    "lead": words["gardener"],
                    "output_number": "40",
                    "output_unit": words["trees"],
                },
                {
                    "title": words["teach"],
                    "does": words["teaches"],
                    "from_month": "2026-09",
                    "to_month": "2026-11",
                    "lead": words["teacher"],
                    "output_number": "6",
                    "output_unit": words["lessons"],
                },
            ],
            "milestones": [
                {"name": words["stand"], "month": "2026-08", "activity": "a1", "proof": "photo"},
                {"name": words["rota"], "month": "2026-10", "activity": "a2", "proof": "list"},
            ],
            "strengths": words["strengths"],
            "risks": [{"risk": words["drought"], "response": words["barrels"]}],
        },
        "budget": {
            "lines": [
                {
                    "activity": "a1",
                    "category": "materials",
                    "what": words["seedlings"],
                    "unit": words["piece"],
                    "quantity": "40",
                    "price": "15 000",
                    "payer": "grant",
                },
                {
                    "activity": "a2",
                    "category": "fees",
                    "what": words["teacher"],
                    "unit": words["day"],
                    "quantity": "6",
                    "price": "25 000",
                    "payer": "grant",
                },
            ],
            "prices_found": words["asked"],
            "other_money_state": "none",
        },
        "sustainability": {
            "stays": words["stays"],
            "funding": ["fees", "volunteers"],
            "month_income": [{"source": words["sold"], "amount": "30 000", "certainty": "likely"}],
            "month_costs": [{"what": words["water"], "amount": "8 000"}],
            "access": words["access"],
            "measures": [{"number": "36", "unit": words["trees"], "how": words["counted"]}],
        },
    }


_KAZAKH = {
    "summary": "Алпыс көршімен бірге кітапхананың артына қызылалмабақ отырғызамыз, бос аула баққа айналады.",
    "place": "Кітапхананың артындағы аула",
    "problem": "Аулада көлеңке де, отыратын орын да жоқ: ескі қызылалмабақ он бес жыл бұрын кесілген.",
    "evidence": "Жүз қырық тұрғыннан сұрадық: тоқсан алтысы үйінің жанында бірдеңе өсіргісі келеді.",
    "older": "Маңайдағы зейнеткерлер",
    "meet": "Кездесетін орын",
    "permit": "Жер қазуға рұқсат",
    "dust": "Ағаштар шаң ұстайды.",
    "result": "Аулада қырық ағаш тұр, суару кестесі бар.",
    "dig": "Қазу және отырғызу",
    "digs": "Көршілер қырық шұңқыр қазып, көшет отырғызады.",
    "gardener": "бағбан",
    "trees": "ағаш",
    "teach": "Бұтауды үйрету",
    "teaches": "Алты ашық сенбілік.",
    "teacher": "мұғалім",
    "lessons": "сабақ",
    "stand": "Ағаштар тұр",
    "rota": "Кесте келісілді",
    "strengths": "Бес жыл бойы кішірек баққа күтім жасап келеміз.",
    "drought": "Құрғақ жаз",
    "barrels": "Шатыр астындағы бөшкелер",
    "seedlings": "Көшеттер",
    "piece": "дана",
    "day": "күн",
    "asked": "Үш көшетжайдан сұрадық.",
    "stays": "Бақ қалады, оны суару кестесі сақтайды.",
    "sold": "Сатылған алма",
    "water": "Су",
    "access": "Жолдар арбаға жететіндей кең.",
    "counted": "Мамырда санаймыз",
}
_RUSSIAN = {
    "summary": "Вместе с шестьюдесятью соседями сажаем яблонесад, и пустой двор становится садом.",
    "place": "Двор за библиотекой",
    "problem": "Во дворе нет тени и негде сесть: прежний яблонесад вырубили пятнадцать лет назад.",
    "evidence": "Мы спросили сто сорок жителей: девяносто шесть хотят что-нибудь растить у дома.",
    "older": "Пенсионеры из соседних домов",
    "meet": "Место для встреч",
    "permit": "Разрешение копать",
    "dust": "Деревья держат пыль.",
    "result": "Во дворе стоят сорок деревьев, есть график полива.",
    "dig": "Копаем и сажаем",
    "digs": "Соседи копают сорок ям и сажают саженцы.",
    "gardener": "садовник",
    "trees": "деревья",
    "teach": "Учим обрезке",
    "teaches": "Шесть открытых суббот.",
    "teacher": "учитель",
    "lessons": "занятия",
    "stand": "Деревья стоят",
    "rota": "График согласован",
    "strengths": "Пять лет ухаживаем за садом поменьше.",
    "drought": "Сухое лето",
    "barrels": "Бочки под крышей",
    "seedlings": "Саженцы",
    "piece": "штука",
    "day": "день",
    "asked": "Спросили в трёх питомниках.",
    "stays": "Сад остаётся, его держит график полива.",
    "sold": "Проданные яблоки",
    "water": "Вода",
    "access": "Дорожки достаточно широки для коляски.",
    "counted": "Считаем в мае",
}
