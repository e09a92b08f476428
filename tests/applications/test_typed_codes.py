"""A code is understood however it was typed, and no two are taken for each other."""

from app.applications.codes import NAMES
from app.applications.typed_codes import letters_meant, meant


def test_a_code_is_meant_by_any_way_of_typing_it() -> None:
    for name in NAMES:
        code = f"{name}-417"
        for typed in (code, code.lower(), code.upper(), f" {name}  417 ", f"{name}417", f"{name} – 417"):
            assert meant(typed) == code
    # Letters of another keyboard that look the same, Russian ones for Kazakh ones, and Latin by sound.
    assert meant("Aпopт-117") == "Апорт-117"
    assert meant("коктобе 203") == "Көктөбе-203"
    assert meant("Aport-117") == "Апорт-117"
    assert meant("Апорт-1") == "Апорт-1"


def test_a_reference_is_meant_by_any_way_of_typing_it() -> None:
    for typed in ("WA26-7KHQ2M", "wa26-7khq2m", "wa26 7khq2m", "WA267KHQ2M", "WА26-7КНQ2М"):
        assert meant(typed) == "WA26-7KHQ2M"
    assert letters_meant("3hv23xqdvj ") == letters_meant("3НV23ХQDVJ") == "3HV23XQDVJ"
    assert meant("An orchard for all") == "An orchard for all"
