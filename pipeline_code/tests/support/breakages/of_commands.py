"""What a job's command needs and does not get, and searches that the service would refuse."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from breakages.mutant import GONE, Breakage, Place, at, changed, edited, places, steps

LISTS = {"ProcessingInputs": "InputName", "Outputs": "OutputName", "InputDataConfig": "ChannelName"}


def make(definition: dict[str, Any]) -> Iterator[Breakage]:
    """Give all of them."""
    for place, step in steps(definition):
        for inner, value in places(step["Arguments"], (*place, "Arguments")):
            name = inner[-1]
            if name in LISTS and isinstance(value, list):
                yield from _entries(definition, inner, value, LISTS[str(name)])
            if name == "ContainerArguments":
                yield from _words(definition, inner, value)
            if name == "GOVML_COMMAND":
                for wrong in (value.replace("trial", "trail"), value.replace(" --use-case", ""), "python3", ""):
                    yield changed(definition, "bad command", inner, wrong)
            if name == "LocalPath":
                for wrong in (value + "s", "/tmp/data", "relative", "/opt/ml/processing"):
                    yield changed(definition, "another local path", inner, wrong)
            if name in ("InstanceCount", "VolumeSizeInGB"):
                for wrong in (0, -1, 10**6):
                    yield changed(definition, "number out of range", inner, wrong)
        if step["Type"] == "Tuning":
            yield from _search(definition, (*place, "Arguments"))


def _entries(definition: Any, place: Place, entries: list[Any], key: str) -> Iterator[Breakage]:
    for position, entry in enumerate(entries):
        where = (*place, position)
        yield changed(definition, "input or output removed", where, GONE)
        yield changed(definition, "input or output renamed", (*where, key), entry[key] + "s")
        yield edited(
            definition,
            "input or output twice",
            f"{place} {position}",
            lambda d, e=entry: at(d, place).append(copy.deepcopy(e)),
        )
        for other in entries:
            if other is not entry:
                yield changed(definition, "two inputs or outputs of one name", (*where, key), other[key])


def _words(definition: Any, place: Place, words: list[Any]) -> Iterator[Breakage]:
    yield changed(definition, "bad command", (*place, 0), words[0] + "s")
    yield changed(definition, "bad command", place, words[1:])
    yield changed(definition, "bad command", place, words[:1])
    yield changed(definition, "bad command", place, words[:-1])
    yield changed(definition, "bad command", (*place, 2), "another_one")
    yield changed(definition, "bad command", place, [*words, "--verbose", "yes"])
    for position in range(1, len(words), 2):
        yield changed(definition, "bad command", (*place, position), words[position] + "s")


def _search(definition: Any, place: Place) -> Iterator[Breakage]:
    config, trial = (*place, "HyperParameterTuningJobConfig"), (*place, "TrainingJobDefinition")
    ranges = (*config, "ParameterRanges")
    lists = (*ranges, "CategoricalParameterRanges")
    first = at(definition, lists)[0]
    for target in (
        place[:-1] and trial,
        ranges,
        (*config, "HyperParameterTuningJobObjective"),
        (*trial, "ResourceConfig"),
    ):
        yield changed(definition, "search without a part", target, GONE)
    for member in ("MaxNumberOfTrainingJobs", "MaxParallelTrainingJobs"):
        yield changed(definition, "search without a part", (*config, "ResourceLimits", member), GONE)
        for value in (0, -1, "4"):
            yield changed(definition, "bad budget", (*config, "ResourceLimits", member), value)
    yield changed(definition, "bad budget", (*config, "ResourceLimits", "MaxParallelTrainingJobs"), 999)
    yield changed(definition, "bad search space", lists, [])
    yield changed(definition, "bad search space", lists, [first, first])
    yield changed(definition, "bad search space", (*lists, 0, "Values"), [*first["Values"], first["Values"][0]])
    yield changed(definition, "bad search space", (*lists, 0, "Values"), [])
    yield changed(definition, "bad search space", (*lists, 0, "Name"), "seed")
    yield changed(definition, "bad search space", (*lists, 0, "Name"), "")
    numbers = [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.3"}]
    yield changed(definition, "bad search space", ranges, {"ContinuousParameterRanges": numbers})
    for value in ("Hyperband", "grid", "Genetic", GONE):
        yield changed(definition, "bad strategy", (*config, "Strategy"), value)
    metrics = (*trial, "AlgorithmSpecification", "MetricDefinitions")
    objective = (*config, "HyperParameterTuningJobObjective")
    for where, value in (
        ((*objective, "MetricName"), "validation:rmse"),
        ((*objective, "Type"), "Maximize"),
        ((*metrics, 0, "Name"), "score"),
        ((*metrics, 0, "Regex"), "score=(["),
        ((*metrics, 0, "Regex"), "score="),
        ((*metrics, 0, "Regex"), "loss=([0-9.]+)"),
        (metrics, []),
        (metrics, GONE),
    ):
        yield changed(definition, "bad objective", where, value)
