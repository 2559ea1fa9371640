"""Schedules that EventBridge Scheduler would refuse are refused in the file."""

import pytest
from pydantic_core import PydanticCustomError

from govml.settings.schedule import check_schedule

GOOD = [
    "rate(1 day)",
    "rate(12 hours)",
    "cron(0 18 1 * ? *)",
    "cron(0/15 8-17 ? * MON-FRI *)",
    "cron(0 18 L * ? *)",
    "cron(0 8 15W * ? 2027)",
    "cron(0 8 ? * 6L *)",
    "cron(30 2 ? JAN,jul 3#2 2026-2030)",
    "cron(*/5 * * * ? *)",
]
BAD = {
    "": "write cron",
    "at(2027-01-01T00:00:00)": "write cron",
    "rate(1 days)": "singular",
    "rate(2 day)": "plural",
    "rate(0 days)": "write cron",
    "rate(5 weeks)": "write cron",
    "cron(0 18 * * *)": "this one has 5",
    "cron(0 18 * * * *)": "exactly one",
    "cron(0 18 ? * ? *)": "exactly one",
    "cron(60 18 1 * ? *)": "`60` is not valid for minutes (0-59)",
    "cron(0 25 1 * ? *)": "hours",
    "cron(0 18 32 * ? *)": "day-of-month",
    "cron(0 18 1 13 ? *)": "month",
    "cron(0 18 ? * 8 *)": "day-of-week",
    "cron(0 18 ? * 3#6 *)": "day-of-week",
    "cron(0 18 1 * ? 1969)": "year",
    "cron(0 ? 1 * ? *)": "hours",
    "cron(0 18 1/0 * ? *)": "day-of-month",
    "cron(0 18 1- * ? *)": "day-of-month",
    "cron(0 18 ,1 * ? *)": "day-of-month",
    "cron(٣ 18 1 * ? *)": "minutes",  # a digit, but not ASCII
}


@pytest.mark.parametrize("text", GOOD)
def test_a_schedule_is_accepted(text: str) -> None:
    assert check_schedule(text) == text


@pytest.mark.parametrize(("text", "why"), BAD.items())
def test_a_schedule_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        check_schedule(text)
    assert why in caught.value.message()
