"""Validator of pipeline definitions (schema 2020-12-01), offline: what the service would refuse only when it runs.

The public JSON schema of pipeline definitions is stale; instead every step's `Arguments` are checked against botocore's
request shape of the API that the service calls with them, every reference is resolved, and every job must carry the
security settings that this project promises.
"""

from __future__ import annotations

from typing import Any

from govml_pipeline.authoring.validator import gates, graph, parameters, placeholders, security, steps, structure


def validate(definition: Any) -> list[str]:
    """Return the findings of a definition with its placeholders; an empty list means that none was found.

    Args:
        definition: the committed definition, placeholders not filled in; any JSON value.
    """
    findings = structure.check(definition) or placeholders.check(definition)
    if findings:
        return findings  # nothing else can be judged until the definition can be read and filled
    filled = placeholders.filled(definition)
    judged = security.check(definition) + gates.check(definition)
    return (parameters.check(filled) or steps.check(filled) or graph.check(filled)) + judged
