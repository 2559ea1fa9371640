"""What every pipeline of a use case is filled with when it is deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Deployment:
    """Values of a definition's placeholders, see `pipeline_definition.fill` and `TrainingPipeline`.

    Args:
        values: placeholder -> text; `${Name}` where only CloudFormation knows it.
        lists: placeholder -> texts.
        variables: name in such a text -> what CloudFormation puts there.
    """

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    variables: Mapping[str, str]

    def used_by(self, definition: Mapping[str, Any]) -> dict[str, str]:
        """Return the variables that occur in a filled definition; CloudFormation refuses others."""
        text = json.dumps(definition)
        return {name: value for name, value in self.variables.items() if f"${{{name}}}" in text}
