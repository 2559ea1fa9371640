"""A definition gives each command of the code archive exactly what it reads, and takes what it writes.

The service knows nothing of this: a job with a missing input starts, costs money and fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from govml_pipeline.authoring.validator.commands import INTERFACES, Interface
from govml_pipeline.authoring.validator.expressions import walk
from govml_pipeline.authoring.validator.reading import at, objects

_PROCESSING: Final = "/opt/ml/processing"


#: Option or hyperparameter -> the pipeline parameter that it always comes from.
_PARAMETERS: Final = {
    "--test-months": "TestMonths",
    "--criteria": "AcceptanceCriteria",
    "seed": "Seed",
    "trials": "TuningTrials",
}
#: Inputs that are no output of a processing step of the same name -> what they must come from.
_OTHER_SOURCES: Final = {
    "model": ("ModelArtifacts.S3ModelArtifacts", "Parameters.ModelUri"),
    "trial": ("BestTrainingJob.TrainingJobName",),
    "raw": ("Parameters.InputDataUri",),
    "champion": ("Parameters.ChampionUri",),
    "baseline": ("Parameters.BaselineUri",),
    "capture": ("Parameters.CaptureUri",),
    "labels": ("Parameters.LabelsUri",),
    "feedback": ("Parameters.FeedbackUri",),
    "state": ("Parameters.StateUri",),
}


def check(step: dict[str, Any], name: str) -> list[str]:
    """Return findings on what a step gives to its command."""
    arguments = step["Arguments"]
    trial = arguments.get("TrainingJobDefinition")
    if step["Type"] == "Processing":
        words = at(arguments, "AppSpecification", "ContainerArguments")
        inputs = {item.get("InputName"): at(item, "S3Input") for item in objects(arguments.get("ProcessingInputs"))}
        outputs = objects(at(arguments, "ProcessingOutputConfig", "Outputs"))
        found = _paths(name, inputs, outputs)
        sources = {key: at(item, "S3Uri") for key, item in inputs.items()}
        made, given, variables = {item.get("OutputName") for item in outputs}, {}, arguments.get("Environment")
    elif step["Type"] in ("Training", "Tuning"):
        job = trial if isinstance(trial, dict) else arguments
        command = str(at(job, "Environment", "GOVML_COMMAND") or "").split(" ")[2:]
        words = command if step["Type"] == "Tuning" else at(job, "AlgorithmSpecification", "ContainerArguments")
        sources = {
            item.get("ChannelName"): at(item, "DataSource", "S3DataSource", "S3Uri")
            for item in objects(job.get("InputDataConfig"))
        }
        given = job.get("HyperParameters", job.get("StaticHyperParameters")) or {}
        made, found, variables = set(), [], job.get("Environment")
    else:
        return []
    if not isinstance(words, list) or not words or words[0] not in INTERFACES:
        return [*found, f"{name}: runs no known command: {words!r}"]
    interface = INTERFACES[words[0]]
    variables = variables if isinstance(variables, dict) else {}
    return [
        *found,
        *_words(name, words, interface),
        *_same(name, "inputs", set(sources), interface.inputs),
        *_same(name, "outputs", made, interface.outputs),
        *_same(name, "hyperparameters", set(given), interface.hyperparameters),
        *_parameters(name, {**dict(pairwise(map(_hashable, words))), **given}),
        *(f"{name}: variable {each} is missing" for each in sorted(interface.variables - variables.keys())),
        *(f"{name}: variable {key} is empty" for key, value in variables.items() if value == ""),
        *(finding for key, uri in sources.items() for finding in _source(f"{name}.{key}", str(key), uri)),
    ]


def subjects(steps: list[dict[str, Any]]) -> list[str]:
    """Return a finding if the jobs of a pipeline are not all about one use case or data source."""
    found = {value for step in steps for value in _subject(step)}
    return [f"jobs and model are about {sorted(found)}, wanted one use case or source"] if len(found) > 1 else []


def _subject(step: dict[str, Any]) -> list[str]:
    """What a step's job, or the package that it registers, is about."""
    arguments = step["Arguments"]
    words = (
        at(arguments, "AppSpecification", "ContainerArguments")
        or at(arguments, "AlgorithmSpecification", "ContainerArguments")
        or str(at(arguments, "TrainingJobDefinition", "Environment", "GOVML_COMMAND") or "").split(" ")[2:]
    )
    note = at(arguments, "CustomerMetadataProperties", "UseCase")
    return [*map(str, words[2:3]), *([str(note)] if note is not None else [])]


def _paths(name: str, inputs: dict[Any, Any], outputs: list[dict[str, Any]]) -> list[str]:
    """Commands find their files by name: `<base>/input/<name>` and `<base>/output/<name>`."""
    wanted = [(f"input/{key}", at(item, "LocalPath")) for key, item in inputs.items()]
    wanted += [(f"output/{item.get('OutputName')}", at(item, "S3Output", "LocalPath")) for item in outputs]
    return [
        f"{name}: {path} is copied to or from {found!r}, wanted {_PROCESSING}/{path}"
        for path, found in wanted
        if found != f"{_PROCESSING}/{path}"
    ]


def _words(name: str, words: list[Any], interface: Interface) -> Iterator[str]:
    """A command is followed by its subject and by pairs of an option and a value."""
    options = words[1::2]
    if len(words) % 2 == 0:
        yield f"{name}: an option without a value in {words!r}"
    if options[:1] != [interface.subject]:
        yield f"{name}: {words[0]} takes {interface.subject} first"
    for option in options[1:]:
        if not isinstance(option, str) or option not in interface.options:
            yield f"{name}: {words[0]} has no option {option!r}"
    if any(isinstance(value, str) and (not value or value.startswith("--")) for value in words[2::2]):
        yield f"{name}: an option without a value in {words!r}"
    if len(options) != len({str(option) for option in options}):
        yield f"{name}: an option is given twice"


def _parameters(name: str, given: dict[Any, Any]) -> list[str]:
    """Options and hyperparameters come from their parameters, not from others of the same type."""
    return [
        f"{name}: {key} does not come from parameter {parameter}"
        for key, parameter in _PARAMETERS.items()
        if key in given
        and [each["Get"] for _, each in walk(_expression(given[key]), key) if "Get" in each]
        != [f"Parameters.{parameter}"]
    ]


def _hashable(word: Any) -> Any:
    return word if isinstance(word, str) else json.dumps(word)


def _expression(word: Any) -> Any:
    """Undo `_hashable`."""
    return json.loads(word) if isinstance(word, str) and word.startswith("{") else word


def _same(name: str, what: str, found: set[Any], wanted: frozenset[str]) -> list[str]:
    if found == wanted:
        return []
    return [f"{name}: {what} are {sorted(map(str, found))}, wanted {sorted(wanted)}"]


def _source(path: str, key: str, uri: Any) -> Iterator[str]:
    """An input is what it is called: test rows in the channel `train` would go unnoticed until the model is live."""
    read = [str(expression["Get"]) for _, expression in walk(uri, path) if "Get" in expression]
    if key == "code":
        return
    if key in _OTHER_SOURCES:
        parts = at(uri, "Std:Join", "Values")
        whole = key != "trial" or (isinstance(parts, list) and parts[2:] == ["output", "model.tar.gz"])
        fits = whole and any(reference.endswith(_OTHER_SOURCES[key]) for reference in read)
    else:
        fits = bool(read) and all(f".Outputs['{key}']." in reference for reference in read)
    if not fits:
        yield f"{path}: comes from {read or uri!r}, which is no {key}"
