"""The one textual form of a definition: sorted keys, indent 1, newline at the end, so that a diff shows a change."""

from __future__ import annotations

import json
from typing import Any

from govml_pipeline.authoring import placeholders as open_values


def canonical(definition: dict[str, Any]) -> str:
    """Return the canonical text of a definition; nulls are dropped, since the deployed template drops them too."""
    text = json.dumps(_without_nulls(definition), sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    for stand_in, placeholder in open_values.STAND_INS.items():
        text = text.replace(stand_in, placeholder)
    return text


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
