"""Schedule expressions of EventBridge Scheduler, checked before the deploy would refuse them.

Source: EventBridge Scheduler user guide, "Schedule types": `rate(value unit)` and
`cron(minutes hours day-of-month month day-of-week year)`.
"""

from __future__ import annotations

import re

from pydantic_core import PydanticCustomError

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
# name, lowest, highest, names that stand for numbers from the lowest up
_FIELDS: tuple[tuple[str, int, int, list[str]], ...] = (
    ("minutes", 0, 59, []),
    ("hours", 0, 23, []),
    ("day-of-month", 1, 31, []),
    ("month", 1, 12, _MONTHS),
    ("day-of-week", 1, 7, _DAYS),
    ("year", 1970, 2199, []),
)
_RATE = re.compile(r"rate\(([1-9]\d{0,4}) (minute|hour|day)(s?)\)", re.ASCII)
_CRON = re.compile(r"cron\(([^()]*)\)")
# The last day (L), the weekday nearest to a day (15W, LW), the last Friday (6L), the second Tuesday (3#2).
_DAY_OF_MONTH_EXTRA = re.compile(r"L|LW|([1-9]|[12]\d|3[01])W", re.ASCII)
_DAY_OF_WEEK_EXTRA = re.compile(r"L|[1-7]L|[1-7]#[1-5]", re.ASCII)


def check_schedule(text: str) -> str:
    """Return a `rate(...)` or `cron(...)` expression unchanged.

    Raises:
        PydanticCustomError: what is wrong with it, naming the field.
    """
    if rate := _RATE.fullmatch(text):
        if (rate[1] == "1") == bool(rate[3]):
            raise _wrong("a rate of 1 takes the singular (`rate(1 day)`), any other the plural (`rate(7 days)`)")
        return text
    cron = _CRON.fullmatch(text)
    if cron is None:
        raise _wrong("write cron(minutes hours day-of-month month day-of-week year) or rate(7 days)")
    parts = cron[1].split()
    if len(parts) != len(_FIELDS):
        raise _wrong(f"a cron expression has 6 fields, this one has {len(parts)}")
    if (parts[2] == "?") == (parts[4] == "?"):
        raise _wrong("exactly one of day-of-month and day-of-week must be `?`")
    for part, (name, low, high, names) in zip(parts, _FIELDS, strict=True):
        if not _field_is_valid(part.upper(), name, low, high, names):
            raise _wrong(f"`{part}` is not valid for {name} ({low}-{high})")
    return text


def _wrong(why: str) -> PydanticCustomError:
    return PydanticCustomError("schedule", "is not a schedule: {why}", {"why": why})


def _field_is_valid(part: str, name: str, low: int, high: int, names: list[str]) -> bool:
    if part == "?":
        return name.startswith("day-of-")
    if name == "day-of-month" and _DAY_OF_MONTH_EXTRA.fullmatch(part):
        return True
    if name == "day-of-week" and _DAY_OF_WEEK_EXTRA.fullmatch(part):
        return True
    return all(_item_is_valid(item, low, high, names) for item in part.split(","))


def _item_is_valid(item: str, low: int, high: int, names: list[str]) -> bool:
    """Check one of `*`, `5`, `MON`, `1-5`, `*/15`, `0/10`, `8-18/2`."""
    span, slash, step = item.partition("/")
    if slash and not (re.fullmatch(r"[1-9]\d{0,3}", step, re.ASCII) and int(step) <= high):
        return False
    if span == "*":
        return True
    first, dash, last = span.partition("-")
    numbers = [_number(text, low, names) for text in ([first, last] if dash else [first])]
    return all(number is not None and low <= number <= high for number in numbers)


def _number(text: str, low: int, names: list[str]) -> int | None:
    if text in names:
        return low + names.index(text)
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else None
