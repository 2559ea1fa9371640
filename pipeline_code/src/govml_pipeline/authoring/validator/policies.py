"""Retries and caching of a step: their form, and that nothing is cached which must run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from govml_pipeline.authoring.validator.expressions import walk
from govml_pipeline.authoring.validator.reading import at

_EXCEPTIONS: Final = re.compile(
    r"Step\.(SERVICE_FAULT|THROTTLING)|SageMaker\.(JOB_INTERNAL_ERROR|CAPACITY_ERROR|RESOURCE_LIMIT)"
)
_RETRY: Final = frozenset({"ExceptionType", "IntervalSeconds", "BackoffRate", "MaxAttempts", "ExpireAfterMin"})
#: ISO 8601 duration; the service takes years, months, weeks, days, hours and minutes ("Turn on step caching").
_DURATION: Final = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?")
#: Step types that the service can cache, among those that we know ("Caching pipeline steps").
_CACHED_TYPES: Final = frozenset({"Processing", "Training", "Tuning", "Transform"})
#: Commands with effects elsewhere: their outputs are not all that they do.
_WITH_EFFECTS: Final = frozenset({"ingest", "fetch-source", "features", "monitor"})
#: Its object keeps its address when the data changes.
_MUTABLE_INPUT: Final = "Parameters.InputDataUri"


def check(step: dict[str, Any], name: str) -> list[str]:
    """Return findings on the retry policies and the caching of a job's step."""
    findings = [finding for policy in step.get("RetryPolicies", []) for finding in _retry(policy, name)]
    return findings + (list(_cache(step, name)) if "CacheConfig" in step else [])


def _retry(policy: dict[str, Any], name: str) -> list[str]:
    findings = [f"{name}: unknown member {member} of a retry policy" for member in sorted(policy.keys() - _RETRY)]
    kinds = policy.get("ExceptionType")
    if not isinstance(kinds, list) or not kinds or not all(_EXCEPTIONS.fullmatch(str(kind)) for kind in kinds):
        findings.append(f"{name}: retry policy for unknown exceptions {kinds!r}")
    if "MaxAttempts" not in policy and "ExpireAfterMin" not in policy:
        findings.append(f"{name}: retry policy without an end")
    limits = {"MaxAttempts": (1, 20), "IntervalSeconds": (1, 86_400), "ExpireAfterMin": (1, 14_400)}
    for member, (low, high) in limits.items():
        if member in policy and not (type(policy[member]) is int and low <= policy[member] <= high):
            findings.append(f"{name}: {member} of a retry policy is {policy[member]!r}, wanted {low} to {high}")
    rate = policy.get("BackoffRate", 2.0)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 1 <= rate <= 100:
        findings.append(f"{name}: BackoffRate of a retry policy is {rate!r}, wanted 1 to 100")
    return findings


def _cache(step: dict[str, Any], name: str) -> Iterator[str]:
    config = step["CacheConfig"]
    if not isinstance(config, dict) or config.keys() - {"Enabled", "ExpireAfter"}:
        yield f"{name}: CacheConfig takes Enabled and ExpireAfter"
        return
    if not isinstance(config.get("Enabled"), bool):
        yield f"{name}: CacheConfig.Enabled is neither true nor false"
    if not isinstance(config.get("ExpireAfter"), str) or not _DURATION.fullmatch(config["ExpireAfter"]):
        yield f"{name}: CacheConfig.ExpireAfter is no ISO 8601 duration such as P30D"
    if step["Type"] not in _CACHED_TYPES:
        yield f"{name}: a {step['Type']} step cannot be cached"
    if config.get("Enabled") is not True:
        return
    command = at(step["Arguments"], "AppSpecification", "ContainerArguments")
    if isinstance(command, list) and str(next(iter(command), "")) in _WITH_EFFECTS:
        yield f"{name}: cached, although {command[0]} has effects beyond its outputs"
    if any(expression.get("Get") == _MUTABLE_INPUT for _, expression in walk(step["Arguments"], name)):
        yield f"{name}: cached, although the data behind InputDataUri changes under its address"
