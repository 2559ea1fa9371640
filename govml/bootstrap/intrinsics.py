"""Template values with partition, region and account filled in, where that is all that they leave open."""

from __future__ import annotations

import re
from typing import Any

from govml.bootstrap.place import Target

_PSEUDO = re.compile(r"\$\{(AWS::[A-Za-z]+)\}")


def filled(value: Any, target: Target) -> Any:
    """Return a template value with `Ref`, `Fn::Sub` and `Fn::Join` of pseudo parameters resolved.

    What refers to anything else stays as it is.

    Args:
        value: any part of a template.
        target: partition, region and account.
    """
    pseudo = {"AWS::Partition": target.partition, "AWS::Region": target.region, "AWS::AccountId": target.account}
    if isinstance(value, list):
        return [filled(each, target) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: filled(each, target) for key, each in value.items()}
    if set(made) == {"Ref"} and made["Ref"] in pseudo:
        return pseudo[made["Ref"]]
    if set(made) == {"Fn::Sub"} and isinstance(made["Fn::Sub"], str):
        text = _PSEUDO.sub(lambda found: pseudo.get(found[1], found[0]), made["Fn::Sub"])
        return made if "${" in text else text
    if set(made) == {"Fn::Join"}:
        separator, parts = made["Fn::Join"]
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return str(separator).join(parts)
    return made
