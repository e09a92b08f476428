"""What is found in a text: an applicant's own words in every ending, everybody's contacts and names."""

from hypothesis import given
from hypothesis import strategies as st

from app.leaks.kinds import Kind
from app.leaks.secrets import Secrets
from app.proof.known import Known, count
from app.proof.seeking import Find, Seeker

AIGUL = Known(
    "WA26-A", "Apple-1",
    Secrets(
        people=((Kind.OWN_NAME, "Айгүл Сейтқызы Нұрланова"), (Kind.TEAM_NAME, "Ерлан Тестбеков")),
        organisations=("«Жасыл Аула» қоғамдық қоры",),
        emails=("aigul@garden.example",), phones=("+7 (701) 234-56-78",), numbers=("990140000014",),
    ),
)  # fmt: skip
OTHER = Known(
    "WA26-B", "Pear-2", Secrets(people=((Kind.OWN_NAME, "Марат Оспанов"),), emails=("m@b.example",))
)
SEEKER = Seeker([AIGUL, OTHER])


def kinds(text: str, about: str = "") -> set[tuple[str, Kind]]:
    return {(each.ref, each.kind) for each in SEEKER.finds(text, about) if each.sure}


def test_contacts_and_whole_names_of_everybody_are_found_in_any_text() -> None:
    assert count([AIGUL, OTHER]) == 8
    said = {
        "Write to AIGUL@garden.example.": ("WA26-A", Kind.EMAIL),
        "x-contact: 8 701 234 56 78": ("WA26-A", Kind.PHONE),
        '<a href="tel:+77012345678">': ("WA26-A", Kind.PHONE),
        "Заявку подал Оспанов Марат.": ("WA26-B", Kind.OWN_NAME),
        "Ерлан&nbsp;Тестбеков": ("WA26-A", Kind.TEAM_NAME),
        "БСН 990140000014": ("WA26-A", Kind.BIN),
    }
    for text, found in said.items():
        assert found in kinds(text), text
    assert SEEKER.finds("A garden for 60 neighbours of the Medeu district, call +7 700 000 00 00.") == set()
    assert SEEKER.finds("Марат пришёл") == set(), "one word alone may be anybody's"


def test_own_words_are_found_in_every_ending_where_a_text_is_about_the_application() -> None:
    text = "Жобаны Нұрлановаға тапсырды."
    assert kinds(text, "Apple-1") == {("WA26-A", Kind.OWN_NAME)}
    assert kinds(text, "Pear-2") == kinds(text) == set()
    assert Find("WA26-A", Kind.EMAIL, sure=True) not in SEEKER.finds("help@city.example", "Apple-1")


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["", "Apple-1", "nowhere"]))
def test_a_secret_is_found_whatever_stands_around_it(before: str, after: str, about: str) -> None:
    said = f"{before} aigul@garden.example {after}"
    assert Find("WA26-A", Kind.EMAIL, sure=True) in SEEKER.finds(said, about)
