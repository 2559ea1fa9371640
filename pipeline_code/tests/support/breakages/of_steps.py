"""Faults of the graph, of conditions, and of what stands around a step's request."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from breakages.mutant import GONE, Breakage, at, changed, edited, places, steps


def make(definition: dict[str, Any]) -> Iterator[Breakage]:
    """Give all of them."""
    names = [step["Name"] for _, step in steps(definition)]
    for place, step in steps(definition):
        for value in ("Nowhere", 7, None):
            yield changed(definition, "depends on an unknown step", (*place, "DependsOn"), [value])
        yield changed(definition, "depends on itself", (*place, "DependsOn"), [step["Name"]])
        yield changed(definition, "DependsOn is no list", (*place, "DependsOn"), {"Step": "x"})
        for value in ("", "two words", 7, None, "x" * 65, "-x"):
            yield changed(definition, "step without a valid name", (*place, "Name"), value)
        for value in (GONE, step["Type"].lower(), "Procesing", None):
            yield changed(definition, "unknown type of step", (*place, "Type"), value)
        for value in (GONE, {}, [], None):
            yield changed(definition, "step without arguments", (*place, "Arguments"), value)
        yield changed(definition, "unknown member of a step", (*place, "Retries"), [])
        others = [name for name in names if name != step["Name"]]
        for name in others:
            yield changed(definition, "two steps of one name", (*place, "Name"), name)
        holder = place[:-1]
        yield edited(
            definition, "step twice", step["Name"], lambda d, h=holder, s=step: at(d, h).append(copy.deepcopy(s))
        )
        if step["Type"] not in ("RegisterModel", "Fail"):
            yield changed(definition, "step removed", place, GONE)
        yield from _policies(definition, place, step)
        if step["Type"] == "Condition":
            yield from _condition(definition, place, step)
    yield from _circles(definition)


def _circles(definition: Any) -> Iterator[Breakage]:
    """Make every step wait for each step that reads from it."""
    for place, step in steps(definition):
        for _, reader in steps(definition):
            if reader["Type"] not in ("Condition", "Fail") and any(
                isinstance(value, str) and value.startswith(f"Steps.{step['Name']}.")
                for _, value in places(reader["Arguments"])
            ):
                waits = [*step.get("DependsOn", []), reader["Name"]]
                yield changed(definition, "circle", (*place, "DependsOn"), waits)


def _policies(definition: Any, place: Any, step: Any) -> Iterator[Breakage]:
    for position in range(len(step.get("RetryPolicies", []))):
        where = (*place, "RetryPolicies", position)
        faults: dict[str, tuple[Any, ...]] = {
            "ExceptionType": (GONE, [], ["Step.ANY"], "Step.THROTTLING", None),
            "MaxAttempts": (0, -1, 10_000, "3", None),
            "IntervalSeconds": (0, -5, "10", None),
            "BackoffRate": (0, -1.0, "2", None),
            "Retries": (3,),
        }
        for member, values in faults.items():
            for value in values:
                yield changed(definition, "bad retry policy", (*where, member), value)
    if "CacheConfig" in step:
        for value in ("30D", "P", "P30", "PT", "1 month", "", 30, None, "P-3D", "30 days", GONE):
            yield changed(definition, "bad ExpireAfter", (*place, "CacheConfig", "ExpireAfter"), value)
        for value in ("true", 1, None, GONE):
            yield changed(definition, "bad CacheConfig", (*place, "CacheConfig", "Enabled"), value)
        yield changed(definition, "bad CacheConfig", (*place, "CacheConfig", "TimeToLive"), "P1D")
        yield changed(definition, "bad CacheConfig", (*place, "CacheConfig"), [])
    else:
        cache = {"Enabled": True, "ExpireAfter": "P1D"}
        yield changed(definition, "cached although it must run", (*place, "CacheConfig"), cache)


def _condition(definition: Any, place: Any, step: Any) -> Iterator[Breakage]:
    inside = (*place, "Arguments")
    taken, other = step["Arguments"]["IfSteps"], step["Arguments"]["ElseSteps"]
    for position in range(len(step["Arguments"]["Conditions"])):
        where = (*inside, "Conditions", position)
        for value in ("Equal", "equals", "NotEquals", None, GONE, "GreaterThan", "LessThanOrEqualTo"):
            yield changed(definition, "bad comparison", (*where, "Type"), value)
        for side in ("LeftValue", "RightValue"):
            for value in (GONE, None, [], {}, {"a": 1}):
                yield changed(definition, "bad operand", (*where, side), value)
        yield changed(definition, "compares constants", (*where, "LeftValue"), "accepted")
        for value in ("rejected", "Accepted", "", 1, True):
            yield changed(definition, "gate that asks for something else", (*where, "RightValue"), value)
        yield changed(definition, "unknown member of a condition", (*where, "Else"), [])
    for value in (GONE, [], None, {}):
        yield changed(definition, "no conditions", (*inside, "Conditions"), value)
    for branch in ("IfSteps", "ElseSteps"):
        for value in (GONE, None, {}, "x"):
            yield changed(definition, "malformed branch", (*inside, branch), value)
    yield edited(
        definition,
        "branches swapped",
        step["Name"],
        lambda d: at(d, inside).update(IfSteps=copy.deepcopy(other), ElseSteps=copy.deepcopy(taken)),
    )
    for branch, twin in (("IfSteps", other), ("ElseSteps", taken)):
        yield edited(
            definition,
            "step in both branches",
            branch,
            lambda d, b=branch, t=twin: at(d, inside)[b].extend(copy.deepcopy(t)),
        )
        yield changed(definition, "empty branch", (*inside, branch), [])
    yield edited(
        definition, "registered without a gate", step["Name"], lambda d: d["Steps"].extend(copy.deepcopy(taken))
    )
    yield edited(
        definition, "registered without a gate", f"{step['Name']} replaced", lambda d: _replace(d, place, taken)
    )
    names = [each["Name"] for each in (*taken, *other)]
    yield from (changed(definition, "waits for a branch", ("Steps", 0, "DependsOn"), [name]) for name in names)


def _replace(definition: Any, place: Any, taken: Any) -> None:
    at(definition, place[:-1])[place[-1] : place[-1] + 1] = copy.deepcopy(taken)
