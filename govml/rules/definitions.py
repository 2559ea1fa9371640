"""JSON documents inside templates: text or object, with placeholders where a deployment fills something in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from govml.rules.values import is_token

_BARE = re.compile(r"(?<=[:\[,\s])\$\{[^}\"]+\}(?=\s*[,}\]])")


def document(value: object) -> Mapping[str, Any] | None:
    """Return a definition as a mapping; None when a template alone cannot say it (`${Definition}`, a parameter).

    Raises:
        ValueError: the text is no JSON object.
    """
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, str) or is_token(value):
        return None
    found = parsed(value)
    if not isinstance(found, Mapping):
        raise ValueError("it is no JSON object")
    return found


@lru_cache(maxsize=256)
def parsed(text: str) -> Any:
    """Return a JSON text as data; placeholders of `Fn::Sub` that stand without quotes become text.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return json.loads(text, strict=False)
    except ValueError:
        if "${" not in text:
            raise
        return json.loads(_BARE.sub(lambda match: json.dumps(match[0]), text), strict=False)
