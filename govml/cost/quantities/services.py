"""Services of the platform whose price depends on a property."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from govml.cost.line import Use
from govml.cost.template_values import Template
from govml.cost.usage import Usage

_ALARM, _FUNCTION = "AWS::CloudWatch::Alarm", "AWS::Lambda::Function"


def alarm_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield what an alarm reads: one metric, those of its formula, or a metric with its band."""
    queries = properties.get("Metrics", [])
    read = Decimal(max(1, sum("MetricStat" in query for query in queries)))
    banded = any("ANOMALY_DETECTION_BAND" in str(query.get("Expression", "")) for query in queries)
    yield Use(_ALARM, "anomaly" if banded else "metric", read)


def function_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield calls and computing by the function's processor."""
    yield Use(_FUNCTION, "requests")
    yield Use(_FUNCTION, (properties.get("Architectures") or ["x86_64"])[0])


def build_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield a minute of the build's machine."""
    yield Use("AWS::CodeBuild::Project", str(properties.get("Environment", {}).get("ComputeType")))


def delivery_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield a month of a V1 pipeline, a minute of a V2 pipeline's action."""
    yield Use("AWS::CodePipeline::Pipeline", str(properties.get("PipelineType", "V1")))


def parameter_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield the parameter by its tier."""
    yield Use("AWS::SSM::Parameter", str(properties.get("Tier", "Standard")))
