"""Which metrics anybody publishes: AWS's services by their documentation, and our own code by what stands in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
OWN = "GovML/"
CODE = ("pipeline_code/src", "constructs/govml_constructs", "govml/local")

# Namespace -> names of the dimensions that a metric is published with -> metrics. From the pages of the services:
# SageMaker developer guide, "Amazon SageMaker AI metrics in Amazon CloudWatch"; SQS developer guide, "Available CloudWatch
# metrics for Amazon SQS"; Bedrock user guide, "Monitoring the performance of Amazon Bedrock"; Lambda developer guide, "Types of
# metrics for Lambda functions".
AWS: Mapping[str, Mapping[tuple[str, ...], set[str]]] = {
    "AWS/SageMaker": {
        ("EndpointName", "VariantName"): {
            "Invocation4XXErrors",
            "Invocation5XXErrors",
            "InvocationModelErrors",
            "Invocations",
            "InvocationsPerInstance",
            "ModelLatency",
            "OverheadLatency",
        },
    },
    "/aws/sagemaker/Endpoints": {
        ("EndpointName", "VariantName"): {"CPUUtilization", "DiskUtilization", "MemoryUtilization"}
    },
    "AWS/Sagemaker/ModelBuildingPipeline": {
        ("PipelineName",): {"ExecutionDuration", "ExecutionFailed", "ExecutionStarted", "ExecutionSucceeded"}
    },
    "AWS/SQS": {
        ("QueueName",): {
            "ApproximateAgeOfOldestMessage",
            "ApproximateNumberOfMessagesVisible",
            "ApproximateNumberOfMessagesNotVisible",
            "NumberOfMessagesSent",
        }
    },
    "AWS/Lambda": {("FunctionName",): {"Errors", "Duration", "Invocations", "Throttles"}},
    "AWS/Bedrock": {
        ("ModelId",): {
            "InputTokenCount",
            "InvocationClientErrors",
            "InvocationLatency",
            "InvocationServerErrors",
            "InvocationThrottles",
            "Invocations",
            "OutputTokenCount",
        }
    },
    "AWS/Bedrock/Guardrails": {(): {"Invocations", "InvocationsIntervened"}},
}


def unknown(namespace: str, metric: str, dimensions: tuple[str, ...]) -> str | None:
    """Return what is wrong with a metric that something reads; None if somebody publishes it so.

    Args:
        namespace: as in `AWS/SQS`.
        metric: its name.
        dimensions: names of its dimensions, in any order.
    """
    names = tuple(sorted(dimensions))
    if namespace.startswith(OWN):
        words = own_words(namespace)
        missing = [each for each in (metric, *names) if each not in words]
        return f"no code of {namespace} has {', '.join(missing)}" if missing else None
    if metric in AWS.get(namespace, {}).get(names, set()):
        return None
    return f"AWS publishes no {metric} in {namespace} by {', '.join(names) or 'nothing'}, as far as AWS is listed here"


@cache
def own_words(namespace: str) -> set[str]:
    """Return every string in the modules that publish under a namespace; that of a module which is not there: none."""
    found: set[str] = set()
    for tree in _modules():
        strings = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        if namespace in strings:
            found |= strings
    return found


@cache
def _modules() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text()) for path in _paths())


def _paths() -> Iterator[Path]:
    for folder in CODE:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            if OWN in path.read_text():
                yield path
