"""Whatever name somebody has, and however it is written: it is found in its place."""

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.leaks.finder import Finder
from app.leaks.kinds import Kind
from app.leaks.places import Place, Written, found_in
from app.leaks.secrets import Secrets, secrets_of
from app.leaks.vocabulary import NEVER
from tests.leaks.labelled import TEAMS
from tests.leaks.spelled import cases, spellings

FIRST = (
    "Айгүл", "Әсел", "Әйгерім", "Жәнібек", "Нұрлан", "Өмірбек", "Ұлжан", "Қуаныш", "Ғалым", "Іңкәр", "Шыңғыс",
    "Бақытжан", "Мөлдір", "Тоғжан", "Жұмабай", "Сәуле", "Дмитрий", "Сергей", "Наталья", "Юлия", "Татьяна",
    "Алёна", "Игорь", "Фёдор", "Михаил", "Елена", "Мадина", "Алия", "Данияр", "Ерлан", "Айгуль", "Вячеслав",
)  # fmt: skip
LAST = (
    "Ахметов", "Ахметова", "Сейітқали", "Өтепберген", "Ысқақбаев", "Жолдыбаева", "Әбілмәжін", "Қойшыбай",
    "Щербаков", "Кузнецова", "Бережков", "Нұрғожа", "Тілемісов", "Үсенова", "Цай-Ким", "Хасенов",
)  # fmt: skip
LETTERS = "абвгдежзиклмнопрстуфхшыәғқңөұүі"
INVENTED = st.text(alphabet=LETTERS, min_size=5, max_size=9).filter(
    lambda word: any(each in "аеиоуыәөүұі" for each in word[:3]) and len(set(word)) > 3 and word not in NEVER
)


def _finder(*names: str) -> Finder:
    return Finder(Secrets(people=tuple((Kind.OWN_NAME, name) for name in names)))


def test_every_spelling_and_every_case_of_a_name_is_found() -> None:
    missed, tried = [], 0
    for name in (*FIRST, *LAST):
        finder = _finder(name)
        for said in {*spellings(name), *(each for case in cases(name) for each in spellings(case)[:2])}:
            text = f"Сол күні {said} келді."
            tried += 1
            if [text[hit.start : hit.end] for hit in finder.hits(text)] != [said]:
                missed.append((name, said, [text[hit.start : hit.end] for hit in finder.hits(text)]))
    assert missed == []
    assert tried == 1072


@given(INVENTED.map(str.capitalize), st.data(), st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_name_in_any_spelling_is_found_between_any_texts(
    name: str, data: st.DataObject, before: str, after: str
) -> None:
    said = data.draw(st.sampled_from(spellings(name)))
    text = f"{before} — {said} — {after}"
    start = len(before) + 3
    found = _finder(name).hits(text)
    assert any(hit.start <= start and hit.end >= start + len(said) for hit in found), (name, said)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_name_that_a_line_or_a_hyphen_breaks_is_found() -> None:
    finder = _finder("Ахметова Айгүл")
    for text in ("Ах-\nметова", "Ай-гүл", "Ахме\u00adтова", "Айгүл\nАхметова", "Айгүл\u00a0Ахметова"):
        (hit,) = finder.hits(f"С нами {text} была.")
        assert (hit.start, hit.end, hit.sure) == (7, 7 + len(text), True)


def test_spans_count_code_points() -> None:
    """A letter outside the first plane is one."""
    text = "🌳🌳 Айгүл"
    (found,) = found_in(_finder("Айгүл"), [Written(Place("need", "problem"), text)])
    assert (found.spans, found.words) == ([(3, 8)], ["Айгүл"])


def test_code_of_a_finding_changes_with_the_text_and_not_with_its_spaces() -> None:
    finder = _finder("Айгүл")

    def code(text: str) -> str:
        (found,) = found_in(finder, [Written(Place("need", "problem"), text)])
        return found.code

    assert code("Айгүл  келді.\n") == code("Айгүл келді.") != code("Айгүл кетті.")


PIECES = (
    "a", "a ", "Айгүл ", "1 ", "1-", "a@", "а-", "a.", "a\u00ad", "(at)", "http://", "жасыл әлем ", "А. ",
    "Абай 150 ", "a at b dot ",
)  # fmt: skip


HANGS = 20
"""Seconds of CPU no machine needs for what grows with the length; what were quadratic takes minutes."""


def test_hostile_text_does_not_hang_the_finder() -> None:
    finder = Finder(secrets_of({"team": TEAMS["kk"]}))
    slow = []
    for piece in PIECES:
        begun = time.process_time()
        finder.hits((piece * 100_000)[:100_000])
        if time.process_time() - begun > HANGS:
            slow.append(piece)
    assert slow == []
