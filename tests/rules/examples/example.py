"""What an example of a rule is, and how to break one setting of a good template."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from govml.rules.options import Options

Resources = Mapping[str, Any]
REMOVED = object()
"""Given as a value, `change` takes the property away."""


@dataclass(frozen=True)
class Example:
    """Templates of one rule.

    Args:
        passing: resources on which no rule at all has anything to say.
        failing: the same with one thing wrong, in each the rule must speak.
        options: what the landing zone demands.
    """

    passing: Resources
    failing: Sequence[Resources]
    options: Options = field(default_factory=Options)


def change(resources: Resources, path: str, value: object) -> dict[str, Any]:
    """Return a copy with one value changed, as in `change(good, "Bucket.Properties.VersioningConfiguration.Status", "Off")`.

    Numbers in the path are places in lists; missing mappings on the way are made.
    """
    out = json.loads(json.dumps(dict(resources)))  # not deepcopy: that would keep parts shared
    *parents, last = path.split(".")
    at: Any = out
    for key in parents:
        at = at[int(key)] if isinstance(at, list) else at.setdefault(key, {})
    if value is REMOVED:
        del at[int(last) if isinstance(at, list) else last]
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return out
