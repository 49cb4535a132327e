"""How values read on screens, lists and paper: masked numbers, dates, money, ages; in the language of the moment."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from fieldcrm.base import clock
from fieldcrm.base.i18n import is_chinese

EMPTY = "—"
HIDDEN = "•"

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NEAR_ZH = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
_NEAR = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$|0\d{9,11}$)")
_AREA = re.compile(r"^(010|02\d|0[3-9]\d\d)(\d{7,8})$")


def nfc(text: str) -> str:
    """Text in Unicode normal form C, as it is kept."""
    return unicodedata.normalize("NFC", text)


def half_width(text: str) -> str:
    """Full-width letters, digits, signs and spaces as typed by a Chinese keyboard, made half-width."""
    return text.translate(_HALF_WIDTH)


def one_line(text: str) -> str:
    """A sentence that a person wrote, as it was written (，。stay), NFC and on one line with single blanks."""
    return " ".join(nfc(text).split())


def tidy(text: str) -> str:
    """A number, day or filter as typed: half-width, NFC, on one line with single blanks. Not for sentences."""
    return one_line(half_width(text))


# Numbers that name a person


def _bare_phone(phone: str) -> tuple[str, str]:
    """Digits without country code, and the extension if one was written."""
    text = half_width(phone).strip()
    main, _, extension = re.sub(r"(?:转|ext\.?|x|#)", "|", text, flags=re.IGNORECASE).partition("|")
    parts = main.split("-")
    if not extension and len(parts) == 3 and parts[0].startswith("0") and len(parts[1]) >= 7:
        main, extension = "-".join(parts[:2]), parts[2]
    digits = re.sub(r"[\s\-().]", "", main)
    return _COUNTRY.sub("", digits), re.sub(r"\D", "", extension)


def phone(number: str) -> str:
    """A phone number in full, grouped: `138 0591 0032`, `0591-28123116`; what is neither stays as typed."""
    digits, extension = _bare_phone(number)
    tail = f"-{extension}" if extension else ""
    if len(digits) == 11 and digits[0] == "1" and digits.isdecimal():
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}{tail}"
    if landline := _AREA.match(digits):
        return f"{landline[1]}-{landline[2]}{tail}"
    return tidy(number)


def mask_phone(number: str) -> str:
    """A phone number with its middle hidden: `138 0591 ••32`, `0591-28•••116`; empty stays empty."""
    digits, _ = _bare_phone(number)
    if len(digits) == 11 and digits[0] == "1" and digits.isdecimal():
        return f"{digits[:3]} {digits[3:7]} {HIDDEN * 2}{digits[9:]}"
    if landline := _AREA.match(digits):
        local = landline[2]
        return f"{landline[1]}-{local[:2]}{HIDDEN * (len(local) - 5)}{local[-3:]}"
    return _middle(digits, 2 if len(digits) >= 7 else 0, 2)


def mask_id(number: str) -> str:
    """An identity document's number, first three and last two left: `350•••••••••••••02`."""
    return _middle(half_width(number).strip(), 3, 2)


def _middle(text: str, head: int, tail: int) -> str:
    if len(text) < head + tail + 2:
        head, tail = 0, 1 if len(text) > 3 else 0
    shown = text[len(text) - tail :] if tail else ""
    return text[:head] + HIDDEN * (len(text) - head - tail) + shown


# Days and instants


def weekday(day: date) -> str:
    """`周一`, in English `Mon`."""
    return f"周{_WEEKDAYS_ZH[day.weekday()]}" if is_chinese() else _WEEKDAYS[day.weekday()][:3]


def day_text(day: date | None) -> str:
    """`11-23`, with its year outside this one; in English `23 Nov`, `12 Jan 2027`."""
    if day is None:
        return EMPTY
    this_year = day.year == clock.today().year
    if is_chinese():
        return f"{day:%m-%d}" if this_year else day.isoformat()
    return f"{day.day} {_MONTHS[day.month - 1][:3]}" + ("" if this_year else f" {day.year}")


def short_date(day: date | None) -> str:
    """`11-23 周一`, with its year outside this one; in English `Mon 23 Nov`, `Tue 12 Jan 2027`."""
    if day is None:
        return EMPTY
    return f"{day_text(day)} {weekday(day)}" if is_chinese() else f"{weekday(day)} {day_text(day)}"


def span_text(first: date, last: date) -> str:
    """`11-23 至 11-27`; in English `23–27 Nov`, `30 Nov – 4 Dec`."""
    if is_chinese():
        return f"{day_text(first)} 至 {day_text(last)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_text(last)}"
    return f"{day_text(first)} – {day_text(last)}"


def long_date(day: date) -> str:
    """`11 月 20 日 星期五`, with its year outside this one; in English `Friday 20 November`."""
    this_year = day.year == clock.today().year
    if is_chinese():
        year = "" if this_year else f"{day.year} 年 "
        return f"{year}{day.month} 月 {day.day} 日 星期{_WEEKDAYS_ZH[day.weekday()]}"
    year = "" if this_year else f" {day.year}"
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def full_date(day: date) -> str:
    """A day as a letter writes it, with its year: `2026 年 11 月 20 日`; in English `20 November 2026`."""
    if is_chinese():
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_name(day: date) -> str:
    """The month of a day: `2026 年 11 月`; in English `November 2026`."""
    return f"{day.year} 年 {day.month} 月" if is_chinese() else f"{_MONTHS[day.month - 1]} {day.year}"


def near_date(day: date | None) -> str:
    """A day as it is said: `今天`, `明天`, `昨天`; others as `short_date`."""
    return EMPTY if day is None else _near(day) or short_date(day)


def instant_text(moment: datetime | None) -> str:
    """An instant in Shanghai time: `今天 08:02`, `明天 17:00`, `11-20 20:41`; in English `20 Nov 20:41`."""
    if moment is None:
        return EMPTY
    local = clock.local(moment)
    return f"{near_day(local.date())} {local:%H:%M}"


def within(words: str) -> str:
    """A day or instant inside a sentence: `today 08:02` for `Today 08:02`."""
    return words[:1].lower() + words[1:] if words.startswith(tuple(_NEAR.values())) else words


def capital(words: str) -> str:
    """Words that stand alone, as on a chip: `Paused` for `paused`."""
    return words[:1].upper() + words[1:]


def near_day(day: date) -> str:
    """A day in a narrow column: `今天`, `明天`; others as `day_text`."""
    return _near(day) or day_text(day)


def _near(day: date) -> str:
    return (_NEAR_ZH if is_chinese() else _NEAR).get((day - clock.today()).days, "")


def age(birth: date, on: date) -> int:
    """Full years on a day; the birthday counts, 29 February falls on 1 March in other years (domain, section 1)."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def age_words(years: int | None) -> str:
    """`52 岁`, in English `age 52`; empty when it is not known."""
    return "" if years is None else f"{years} 岁" if is_chinese() else f"age {years}"


def birthday(birth: date, year: int) -> date:
    """The birthday of a solar birth date in a year; 29 February falls on 1 March in years without it."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


# Money (integer fen) and shares


def money(fen: int | None) -> str:
    """Yuan with thousands, cents only when there are some: `120,000`, `-1,234.50`."""
    if fen is None:
        return EMPTY
    yuan, cents = divmod(abs(fen), 100)
    return ("-" if fen < 0 else "") + f"{yuan:,}" + (f".{cents:02d}" if cents else "")


def wan(fen: int | None) -> str:
    """A short amount: `12.0 万`, `1.20 亿`; in English `120k`, `1.20m`, `1.20bn`; below 10,000 yuan as `money`.

    From 100 亿 (100bn) on without decimals, so that no column cuts it.
    """
    if fen is None:
        return EMPTY
    if abs(fen) < 1_000_000:
        return money(fen)
    if is_chinese():
        # 99,999,500 yuan and more would round to 10000.0 万
        return (
            _scaled(fen, 10**10, _places(fen, 10**10), " 亿")
            if abs(fen) >= 9_999_950_000
            else _scaled(fen, 10**6, 1, " 万")
        )
    if abs(fen) >= 99_999_500_000:
        return _scaled(fen, 10**11, _places(fen, 10**11), "bn")
    return _scaled(fen, 10**8, 2, "m") if abs(fen) >= 99_950_000 else _scaled(fen, 10**5, 0, "k")


def _places(fen: int, unit: int) -> int:
    return 2 if abs(fen) < 100 * unit - unit // 200 else 0


def _scaled(fen: int, unit: int, places: int, suffix: str) -> str:
    """`fen / unit` rounded half away from zero, without passing through a float."""
    scaled = (abs(fen) * 10**places * 2 + unit) // (unit * 2)
    whole, rest = divmod(scaled, 10**places)
    return ("-" if fen < 0 else "") + f"{whole:,}" + (f".{rest:0{places}d}" if places else "") + suffix


def count_short(count: int) -> str:
    """A count for a narrow place: whole below 100,000, then `12 万`; in English `123k`, `12m`."""
    if count < 100_000:
        return f"{count:,}"
    if is_chinese():
        return f"{count // 10_000:,} 万"
    return f"{count // 1_000:,}k" if count < 10_000_000 else f"{count // 1_000_000:,}m"


def percent(part: int, whole: int, places: int = 0) -> str:
    """`31%`; a zero denominator shows `—`."""
    if not whole:
        return EMPTY
    if whole < 0:
        part, whole = -part, -whole
    return _scaled(part * 100, whole, places, "%")
