"""How Prometheus spells OpenTelemetry's names.

Source: OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", section "OTLP Metric points to Prometheus".
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_UNITS: Final = {"s": "seconds", "ms": "milliseconds", "By": "bytes"}


def metric_name(name: str, unit: str, *, counter: bool) -> str:
    """Return the name of a metric: its unit is part of it, and of a counter `_total`."""
    spelt = _plain(name)
    suffix = _UNITS.get(unit, "")
    if suffix and not spelt.endswith(f"_{suffix}"):
        spelt += f"_{suffix}"
    return f"{spelt}_total" if counter and not spelt.endswith("_total") else spelt


def label_name(key: str) -> str:
    """Return the name of a label."""
    return _plain(key)


def bound(value: float) -> str:
    """Return an upper bound as the label `le` has it, without an exponent: `0.5`, `2000000`."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(name: str) -> str:
    spelt = re.sub(r"[^a-zA-Z0-9_]", "_", name)
    return f"key_{spelt}" if not spelt[:1].isalpha() else spelt
