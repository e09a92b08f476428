"""The spoken code under which reviewers know an application: "Апорт-117".

Apple and pear varieties and mountain names of Almaty, easy to say in a meeting. A code is random:
it says nothing of who applied, when, or what the applicant's own reference is.
"""

from collections.abc import Container

from sqlmodel import Session, select

from app.models.applications import Application
from app.random_codes import random_choice, random_number

NAMES = (
    "Апорт", "Айдаред", "Столовка", "Синап", "Кандиль", "Пепин", "Ранет", "Боровинка", "Восход",
    "Титовка", "Лимонка", "Дюшес", "Пармен", "Грушовка", "Мельба", "Алатау", "Көктөбе", "Шымбұлақ",
    "Талғар", "Түйіқсу", "Құмбел", "Есік", "Бутаковка", "Горельник", "Қаскелең", "Үштас", "Ақсай",
    "Күйгенсай", "Қаратау", "Белбұлақ", "Қотырбұлақ", "Мыңжылқы", "Арман", "Қарғалы", "Ремизовка",
)  # fmt: skip
SMALLEST, LARGEST = 101, 999
FAIR_TRIES = 50
"""With three digits there are over 32,000 codes; after this many taken ones a fourth digit is added."""


def spoken_code(taken: Container[str] = ()) -> str:
    """A random code that is not in `taken`."""
    for attempt in range(1, 10_000):
        code = _drawn(LARGEST if attempt <= FAIR_TRIES else 9_999)
        if code not in taken:
            return code
    raise RuntimeError("no spoken code is free")


def free_code(session: Session) -> str:
    """A random code that no application of this database has."""
    return spoken_code(_TakenIn(session))


def _drawn(largest: int) -> str:
    return f"{random_choice(NAMES)}-{random_number(SMALLEST, largest)}"


class _TakenIn:
    """The codes of a database, asked one by one: a draw is hardly ever taken."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __contains__(self, code: object) -> bool:
        return self._session.exec(select(Application.id).where(Application.code == code)).first() is not None
