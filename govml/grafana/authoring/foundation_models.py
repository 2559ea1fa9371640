"""Foundation models: calls, tokens, which are what is paid for, refusals and the guardrail."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from govml.grafana.authoring.board import Row, board
from govml.grafana.authoring.panels import cloud_lines
from govml.grafana.authoring.queries import measured

_MODELS, _GUARDRAILS = "AWS/Bedrock", "AWS/Bedrock/Guardrails"
_EACH = {"ModelId": "*"}
_NAME = "${PROP('Dim.ModelId')}"
_HOUR, _DAY = 3600, 86_400


def foundation_models() -> Dashboard:
    """Return the dashboard."""
    seen = {"Operation": "ApplyGuardrail"}
    return board(
        "foundation-models",
        "Foundation models",
        says="For who pays and who builds on them: how much, how fast, what was stopped?",
        variables=[],
        hours=24 * 7,
        refresh="5m",
        rows=[
            Row(
                "What is paid for",
                [
                    cloud_lines(
                        f"Tokens {way} a {word}",
                        measured(_MODELS, metric, _EACH, label=_NAME, seconds=seconds),
                        says="Times the model's price of a token: `govml cost`.",
                    )
                    for way, metric in (("in", "InputTokenCount"), ("out", "OutputTokenCount"))
                    for word, seconds in (("hour", _HOUR), ("day", _DAY))
                ],
            ),
            Row(
                "Calls",
                [
                    cloud_lines(
                        "Calls", measured(_MODELS, "Invocations", _EACH, label=_NAME), says="Answered calls by model."
                    ),
                    cloud_lines(
                        "Time to the last token, p50 and p99",
                        *(
                            measured(_MODELS, "InvocationLatency", _EACH, share, label=f"{_NAME} {share}")
                            for share in ("p50", "p99")
                        ),
                        says="Long answers take long.",
                        unit="ms",
                    ),
                    cloud_lines(
                        "Calls refused for their number, and failed",
                        *(
                            measured(_MODELS, metric, _EACH, label=f"{_NAME} {metric}")
                            for metric in ("InvocationThrottles", "InvocationClientErrors", "InvocationServerErrors")
                        ),
                        says="docs/operations/foundation-models.md",
                    ),
                ],
            ),
            Row(
                "Guardrail",
                [
                    cloud_lines(
                        "Requests that it saw and stopped",
                        *(
                            measured(_GUARDRAILS, metric, seen, label=metric)
                            for metric in ("Invocations", "InvocationsIntervened")
                        ),
                        says="A jump: an attack, a new application, or a rule that is too strict.",
                    ),
                    cloud_lines(
                        "Text units that it read",
                        measured(_GUARDRAILS, "TextUnitCount", seen, label="text units"),
                        says="They are paid for beside the tokens.",
                    ),
                ],
            ),
        ],
    )
