"""`CacheConfig` of a step, as the service writes it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from govml.errors import UserError

# Durations of ISO 8601; the service's guide leaves the P out ("30dT5h": "Turn on step caching").
_DURATION = re.compile(
    r"P?(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?",
    re.IGNORECASE,
)
# What a year and a month are worth here; the service does not say.
_DAYS = {"years": 365, "months": 30, "weeks": 7, "days": 1}


def parse_cache_config(raw: Any, *, step: str) -> timedelta | None:
    """Return how old a result may be that is used again; None: the step runs every time.

    Raises:
        UserError: the configuration is none.
    """
    if raw is None:
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("Enabled"), bool):
        raise UserError(f"step {step}: CacheConfig needs Enabled, true or false")
    if not raw["Enabled"]:
        return None
    text = raw.get("ExpireAfter", "P1Y")
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    numbers = {name: int(value) for name, value in (match.groupdict() if match else {}).items() if value}
    if not numbers:
        raise UserError(f"step {step}: ExpireAfter {text!r} is no duration", hint="write it as P30D or PT12H")
    days = sum(numbers.get(name, 0) * length for name, length in _DAYS.items())
    return timedelta(days=days, hours=numbers.get("hours", 0), minutes=numbers.get("minutes", 0))
