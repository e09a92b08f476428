"""The teams of a rehearsal. They are invented, one title a language in turn, long ones among them."""

from app.events.programme import Card, Programme

TEAMS = (
    ("kk", "Ұшатын орындықтар аллеясы", "«Жел» тобы"),
    ("ru", "Библиотека зонтов, которые помнят каждый дождь", "Команда «Тучка»"),
    ("en", "A museum of lost mittens", "The Left Hand Club"),
    ("kk", "Көршілерге арналған бұлт питомнигі: әр аулаға өз бұлты", "«Ақ мамық» тобы"),
    ("ru", "Трамвай, который ходит в гости", "Команда «Пятая остановка»"),
    ("en", "Night school for street lamps", "Friends of the Dark"),
    ("kk", "Сөйлейтін субұрқақтар", "«Тамшы» тобы"),
    ("ru", "Прокат облаков", "Команда «Высота»"),
    ("en", "A choir of apple trees", "The Orchard"),
    ("kk", "Айға баратын саты", "«Саты» тобы"),
)


JURORS = 8


def invented_programme(pitch_seconds: int, question_seconds: int) -> Programme:
    """Ten teams that do not exist, with the times of the evening."""
    cards = (
        Card(slot=slot, number=slot, title=title, team=team, language=language)
        for slot, (language, title, team) in enumerate(TEAMS, 1)
    )
    return Programme(tuple(cards), pitch_seconds, question_seconds, jurors=JURORS, finished=JURORS - 1)
