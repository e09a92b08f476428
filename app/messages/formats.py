"""Numbers, money, dates and times as people of each language write them.

Babel has traps for kk and ru: the tenge sign, the order of a long
Kazakh date and the zone's name are therefore written here.
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from app.messages.catalogue import translations
from app.sections.limits import euro_cents

LOCALES = {"kk": "kk_KZ", "ru": "ru_KZ", "en": "en_GB"}
NBSP = "\u00a0"
ALMATY = ZoneInfo("Asia/Almaty")


def number(language: str, value: int | Decimal | float | str, places: int | None = None) -> str:
    """Grouped by no-break spaces (by commas in English), with `places` decimals if given, else up to three.

    By hand: Babel gives the same and takes thirty times as long, on pages of hundreds of numbers.
    """
    if isinstance(value, int):
        text = f"{value:,}" + ("." + "0" * places if places else "")
    else:
        exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-3 if places is None else -places))
        text = f"{exact:,f}"
        if places is None:
            text = text.rstrip("0").rstrip(".")
    return text if language == "en" else text.translate(_MARKS)


_MARKS = str.maketrans({",": NBSP, ".": ","})


def euros(language: str, minor: int) -> str:
    """Euro cents as euros; cents are shown only where there are any."""
    amount = number(language, Decimal(minor) / 100, 2 if minor % 100 else 0)
    return f"€{amount}" if language == "en" else f"{amount}{NBSP}€"


def tenge(language: str, minor: int) -> str:
    """Tiyn as tenge; tiyn are shown only where there are any."""
    return f"{number(language, Decimal(minor) / 100, 2 if minor % 100 else 0)}{NBSP}₸"


def money(language: str, tiyn: int, rate_minor: int | None) -> str:
    """An amount in both currencies, the euros rounded down once for everybody: "12 500 ₸ (22.32 €)"."""
    if not rate_minor:
        return tenge(language, tiyn)
    return f"{tenge(language, tiyn)} ({euros(language, euro_cents(tiyn, rate_minor))})"


def phone(digits: str) -> str:
    """A number as it is kept, in the groups that people here read: "+7 701 234 56 78"; others as they are."""
    if len(digits) != 12 or not digits.startswith("+7") or not digits[1:].isdigit():
        return digits
    groups = (digits[:2], digits[2:5], digits[5:8], digits[8:10], digits[10:])
    return NBSP.join(groups)


def day(language: str, when: date | datetime, zone: ZoneInfo = ALMATY) -> str:
    """A date without its weekday: "18 March 2026"."""
    return format_date(_day(when, zone), "long", locale=LOCALES[language])


def short_moment(language: str, when: datetime, now: datetime, zone: ZoneInfo = ALMATY) -> str:
    """The time of day, and of another day its date before it: "18:00", "18 Mar, 18:00"."""
    if _day(when, zone) == _day(now, zone):
        return clock(when, zone)
    return f"{format_skeleton('MMMd', _day(when, zone), locale=LOCALES[language])}, {clock(when, zone)}"


def weekday(language: str, when: date | datetime, zone: ZoneInfo = ALMATY) -> str:
    """A date with its weekday, in the order each language uses."""
    return format_date(_day(when, zone), "full", locale=LOCALES[language])


def clock(when: datetime, zone: ZoneInfo = ALMATY) -> str:
    """The time of day, "18:00"."""
    return f"{when.astimezone(zone):%H:%M}"


def moment(language: str, when: datetime, zone: ZoneInfo = ALMATY) -> str:
    """Date, time and zone in full: "Wednesday 18 March 2026, 18:00 (Almaty time, UTC+5)"."""
    local = when.astimezone(zone)
    return f"{weekday(language, when, zone)}, {local:%H:%M} ({zone_name(language, when, zone)})"


def stopwatch(seconds: int) -> str:
    """5:00: minutes and seconds, in every language."""
    return f"{seconds // 60}:{seconds % 60:02}"


def duration(language: str, minutes: int) -> str:
    """A length of time in hours and minutes: "1 h 40 min"."""
    gettext = translations(language).ugettext
    hours, rest = divmod(minutes, 60)
    words = gettext("{hours} h {minutes} min") if hours and rest else gettext("{hours} h")
    return (words if hours else gettext("{minutes} min")).format(hours=hours, minutes=rest)


def zone_name(language: str, when: datetime, zone: ZoneInfo = ALMATY) -> str:
    """The zone in words with its offset at that instant."""
    offset = when.astimezone(zone).utcoffset()
    hours = int(offset.total_seconds() // 3600) if offset else 0
    gettext = translations(language).ugettext
    name = gettext("Almaty time") if zone.key == "Asia/Almaty" else zone.key
    return f"{name}, UTC{hours:+d}"


def file_size(language: str, size: int) -> str:
    """How large a file is, in whole kilobytes or in megabytes with one decimal: "120 kB"."""
    gettext = translations(language).ugettext
    if size < 1_000_000:
        return gettext("{n} kB").format(n=number(language, max(1, round(size / 1000)))).replace(" ", NBSP)
    return gettext("{n} MB").format(n=number(language, Decimal(size) / 1_000_000, 1)).replace(" ", NBSP)


def _day(when: date | datetime, zone: ZoneInfo) -> date:
    return when.astimezone(zone).date() if isinstance(when, datetime) else when
