"""Value of a plain (unquoted) YAML scalar: the core schema of YAML 1.2, where `no` and `on` are text."""

from __future__ import annotations

import math
import re

# YAML 1.2.2, section 10.3.2: the core schema's tag resolution of plain scalars.
_WORDS: dict[str, float | bool | None] = {
    **dict.fromkeys(("", "null", "Null", "NULL", "~"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((f"{sign}{word}" for sign in ("", "+") for word in (".inf", ".Inf", ".INF")), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_INT = re.compile(r"[-+]?[0-9]{1,100}", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]{1,100}", re.ASCII)
_HEX = re.compile(r"0x[0-9a-fA-F]{1,100}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)


def resolve(text: str) -> str | int | float | bool | None:
    """Return the value of a plain (unquoted) scalar in the core schema."""
    if text in _WORDS:
        return _WORDS[text]
    for pattern, base in ((_INT, 10), (_OCTAL, 8), (_HEX, 16)):
        if pattern.fullmatch(text):
            return int(text if base == 10 else text[2:], base)
    return float(text) if _FLOAT.fullmatch(text) else text
