"""Regular expressions that mean the same to Polars (Rust) and to Spark (Java).

Where the two differ on what a contract may hold, the pattern is rewritten to what Rust makes of it, and what cannot be
rewritten is refused. Sources: documentation of the Rust crate `regex`, of `java.util.regex.Pattern`.
"""

from __future__ import annotations

#: Classes that are of all Unicode in Rust and of ASCII in Java, and anchors of which Java knows other line ends.
_AMBIGUOUS = frozenset("dDwWsSbBpPZGKQEhHvVRX0123456789")
_INSTEAD = {"d": "[0-9]", "D": "[^0-9]", "w": "[A-Za-z0-9_]", "W": "[^A-Za-z0-9_]", "s": "[ ]", "S": "[^ ]", "Z": "$"}


def portable(pattern: str) -> str:
    """Rewrite a pattern so that every engine finds the same.

    `$` becomes the very end (Java's also stands before a last line break), `.` everything but a line feed (Java's
    leaves out four more line ends).

    Raises:
        ValueError: a construct that differs between engines; the message names what to write instead.
    """
    result: list[str] = []
    inside = False
    position = 0
    while position < len(pattern):
        sign = pattern[position]
        if sign == "\\":
            escaped = pattern[position + 1 : position + 2]
            if escaped in _AMBIGUOUS or not escaped:
                instead = f"write {_INSTEAD[escaped]}" if escaped in _INSTEAD else "write out the characters"
                raise ValueError(f"pattern {pattern}: \\{escaped} differs between engines; {instead}")
            result.append(sign + escaped)
            position += 2
            continue
        if pattern.startswith("(?", position) and not inside and not pattern.startswith("(?:", position):
            raise ValueError(
                f"pattern {pattern}: groups of the form (?...) differ between engines; use (...) or (?:...)"
            )
        if inside and (sign == "[" or pattern.startswith(("&&", "--", "~~"), position)):
            raise ValueError(f"pattern {pattern}: a set within a set differs between engines; write out the characters")
        if not inside and sign in "*+?}" and pattern[position + 1 : position + 2] == "+":
            raise ValueError(f"pattern {pattern}: {sign}+ differs between engines; leave the + out")
        if sign == "[":
            inside = True
        elif sign == "]":
            inside = False
        result.append({"$": r"\z", ".": r"[^\n]"}.get(sign, sign) if not inside else sign)
        position += 1
    return "".join(result)
