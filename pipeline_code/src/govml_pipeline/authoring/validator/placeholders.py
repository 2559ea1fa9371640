"""Placeholders: only known ones, and list-valued ones as whole list elements."""

from __future__ import annotations

from typing import Any

from govml_pipeline.authoring.placeholders import SAMPLES, fill, find


def check(definition: dict[str, Any]) -> list[str]:
    """Return findings on placeholders."""
    findings = [f"unknown placeholder ${{govml.{name}}}" for name in sorted(find(definition) - SAMPLES.keys())]
    if findings:
        return findings
    try:
        whole = fill(definition, SAMPLES)
    except ValueError as error:
        return [str(error)]
    return ["a placeholder is not written as ${govml.Name}"] if "${govml" in str(whole) else []


def filled(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the definition with sample values of the right form in place of the placeholders."""
    result: dict[str, Any] = fill(definition, SAMPLES)
    return result
