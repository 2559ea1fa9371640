"""Tuning steps beyond the shape of their request: what the service refuses only when the job is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from govml_pipeline.authoring.validator.expressions import is_expression
from govml_pipeline.authoring.validator.reading import at, objects

_CATEGORICAL: Final = "CategoricalParameterRanges"
_STRATEGIES: Final = frozenset({"Bayesian", "Random", "Grid"})
_RANGES_AT_MOST: Final = 30  # SageMaker developer guide, "Resource limits for automatic model tuning"


def check(arguments: dict[str, Any], name: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    """Return findings on the arguments of a tuning step.

    Args:
        arguments: the request.
        name: name of the step.
        parameters: pipeline parameters by name.
    """
    config, trial = arguments.get("HyperParameterTuningJobConfig"), arguments.get("TrainingJobDefinition")
    if not isinstance(trial, dict):
        return [f"{name}: no TrainingJobDefinition"]
    findings = [*_objective(config, trial, name), *_ranges(config, trial, name), *_strategy(name, parameters)]
    limits = at(config, "ResourceLimits")
    findings += [
        f"{name}: {member} does not come from parameter {parameter}"
        for holder, member, parameter in (
            (limits, "MaxNumberOfTrainingJobs", "TuningTrials"),
            (limits, "MaxParallelTrainingJobs", "TuningParallelTrials"),
            (config, "RandomSeed", "Seed"),
            (config, "Strategy", "TuningStrategy"),
        )
        if at(holder, member) != {"Get": f"Parameters.{parameter}"}
    ]
    trials, parallel = (
        _value(at(limits, member), parameters) for member in ("MaxNumberOfTrainingJobs", "MaxParallelTrainingJobs")
    )
    if isinstance(trials, int) and isinstance(parallel, int) and not parallel <= trials <= 750:
        findings.append(f"{name}: {parallel} trials at once of {trials}")
    return findings


def _objective(config: Any, trial: dict[str, Any], name: str) -> Iterator[str]:
    """The objective is one of the metrics that the trials' log is searched for."""
    metric = at(config, "HyperParameterTuningJobObjective", "MetricName")
    definitions = objects(at(trial, "AlgorithmSpecification", "MetricDefinitions"))
    if [item.get("Name") for item in definitions].count(metric) != 1:
        yield f"{name}: the objective {metric!r} is none of the trials' metrics"
    if at(config, "HyperParameterTuningJobObjective", "Type") != "Minimize":
        yield f"{name}: the objective is not minimised; trials print a score of which less is better"
    for item in definitions:
        try:
            groups = re.compile(str(item.get("Regex"))).groups
        except re.error as error:
            yield f"{name}: metric {item.get('Name')!r}: no regular expression: {error}"
        else:
            if groups != 1:
                yield f"{name}: metric {item.get('Name')!r}: the expression has {groups} groups, wanted one"
            elif not re.search(str(item.get("Regex")), "validation-score=1.25e-03"):
                yield f"{name}: metric {item.get('Name')!r}: the expression does not find what a trial prints"


def _ranges(config: Any, trial: dict[str, Any], name: str) -> Iterator[str]:
    """One search space for all strategies: lists of different values, of hyperparameters that are not fixed as well."""
    given = at(config, "ParameterRanges")
    ranges = objects(at(given, _CATEGORICAL))
    if not ranges or not isinstance(given, dict) or any(given[kind] for kind in given.keys() - {_CATEGORICAL}):
        yield f"{name}: the search space is not made of {_CATEGORICAL}, which all strategies take"
    names = [item.get("Name") for item in ranges]
    if len(set(map(str, names))) != len(names) or len(names) > _RANGES_AT_MOST:
        yield f"{name}: a hyperparameter has two ranges, or there are more than {_RANGES_AT_MOST}"
    for item in ranges:
        values = item.get("Values")
        if isinstance(values, list) and len({str(value) for value in values}) != len(values):
            yield f"{name}: hyperparameter {item.get('Name')!r} has a value twice"
        if item.get("Name") in (at(trial, "StaticHyperParameters") or {}):
            yield f"{name}: hyperparameter {item.get('Name')!r} is searched and fixed"
        if not str(item.get("Name") or "").strip():
            yield f"{name}: a range without a name"


def _strategy(name: str, parameters: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Every strategy that may be chosen takes such a search space."""
    chosen = parameters.get("TuningStrategy", {}).get("EnumValues")
    if not isinstance(chosen, list) or not set(map(str, chosen)) <= _STRATEGIES:
        yield f"{name}: strategies are {chosen}, wanted some of {sorted(_STRATEGIES)}"


def _value(value: Any, parameters: dict[str, dict[str, Any]]) -> Any:
    """Return a value, or the default of the parameter that it refers to."""
    if not is_expression(value):
        return value
    return parameters.get(str(value.get("Get")).removeprefix("Parameters."), {}).get("DefaultValue")
