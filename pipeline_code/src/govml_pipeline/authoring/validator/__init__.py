"""Validator of pipeline definitions (schema 2020-12-01), offline: what the service would refuse only when it runs.

The public JSON schema of pipeline definitions is stale; instead every step's `Arguments` are checked against botocore's
request shape of the API that the service calls with them, every reference is resolved, and every job must carry the
security settings that this project promises.
"""

from __future__ import annotations

from typing import Any

from govml_pipeline.authoring.validator import graph, parameters, placeholders, security, steps


def validate(definition: dict[str, Any]) -> list[str]:
    """Return the findings of a definition with its placeholders; an empty list means that none was found.

    Args:
        definition: the committed definition, placeholders not filled in.
    """
    findings = placeholders.check(definition)
    if findings:
        return findings  # nothing else can be judged until the definition can be filled
    filled = placeholders.filled(definition)
    findings = parameters.check(filled) + steps.check(filled)
    if findings:
        return findings + security.check(definition)
    return graph.check(filled) + security.check(definition)
