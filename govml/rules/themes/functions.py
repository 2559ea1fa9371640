"""Functions: limits, what happens to failures, runtimes, who may call them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, is_token, listed

_FUNCTION = "AWS::Lambda::Function"

# Runtimes that AWS supported at the date below are not named; the rest left support on the day given
# (Lambda developer guide, "Lambda runtimes", table of deprecated runtimes, read in November 2026).
_ENDED = {
    "dotnet6": date(2024, 12, 20),
    "dotnet8": date(2026, 11, 10),
    "go1.x": date(2024, 1, 8),
    "java8": date(2024, 1, 8),
    "nodejs14.x": date(2023, 12, 4),
    "nodejs16.x": date(2024, 6, 12),
    "nodejs18.x": date(2025, 9, 1),
    "nodejs20.x": date(2026, 4, 30),
    "provided": date(2024, 1, 8),
    "provided.al2": date(2026, 7, 31),
    "python3.7": date(2023, 12, 4),
    "python3.8": date(2024, 10, 14),
    "python3.9": date(2025, 12, 15),
    "python3.10": date(2026, 10, 31),
    "ruby2.7": date(2023, 12, 7),
    "ruby3.2": date(2026, 3, 31),
}
_LONG_AGO = ("dotnetcore", "nodejs4", "nodejs6", "nodejs8", "nodejs10", "nodejs12", "python2", "python3.6", "ruby2.5")


@rule(
    "GovML-FunctionConcurrency",
    _FUNCTION,
    title="A function has a share of the account's concurrency, and no more",
    rationale="A function that runs away takes the concurrency of every other one in the account.",
    severity="medium",
    controls=("SC-5", "SC-6"),
    public_sector_controls=("LM-10",),
)
def function_concurrency(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for ReservedConcurrentExecutions."""
    if resource.get("ReservedConcurrentExecutions") is None:
        yield "has no ReservedConcurrentExecutions: set the most that it may need"


@rule(
    "GovML-FunctionFailures",
    _FUNCTION,
    title="Events that a function could not handle are kept",
    rationale="Asynchronous events are dropped after three attempts, and nobody knows.",
    severity="medium",
    controls=("SI-11", "CP-10"),
    public_sector_controls=("LM-11",),
)
def function_failures(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Accept a dead-letter queue, a destination for failures, or a source that keeps what failed."""
    if resource.get("DeadLetterConfig", "TargetArn") or is_token(resource.get("DeadLetterConfig")):
        return
    kinds = ("AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping")
    for each in template.of_type(*kinds):
        kept = get(each.get("DestinationConfig"), "OnFailure", "Destination")
        if resource.refers_to(each.get("FunctionName")) and kept:
            return
    yield "has neither DeadLetterConfig nor a destination on failure: add a queue"


@rule(
    "GovML-FunctionRuntime",
    _FUNCTION,
    "AWS::Lambda::LayerVersion",
    title="A function's runtime is supported",
    rationale="A runtime out of support gets no security patches, and AWS blocks its functions step by step.",
    severity="medium",
    controls=("SI-2", "SA-22"),
    public_sector_controls=("IS-9",),
    source='Lambda developer guide, "Lambda runtimes" (deprecated runtimes), November 2026',
)
def function_runtime(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look the runtime up in the table of those that ended; a layer must serve a living one."""
    named = resource.get("Runtime" if resource.type == _FUNCTION else "CompatibleRuntimes")
    given = [str(each) for each in listed(named)]
    ended = [each for each in given if each == "nodejs" or each in _ENDED or each.startswith(_LONG_AGO)]
    if ended and len(ended) == len(given):
        day = _ENDED.get(ended[0])
        yield f"runs on {ended[0]}, without support since {day.isoformat() if day else 'before 2023'}"
