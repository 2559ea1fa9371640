"""What an agency file and the pipeline definitions that it deploys must agree on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from govml.settings.names import Names
from govml.settings.root import Settings
from govml.settings.rules.finding import Finding


def broken_agreements(settings: Settings, repository: Path) -> Iterator[Finding]:
    """Find use cases without a pipeline definition or their model, and grids of another size; all would only fail later.

    Args:
        settings: the settings.
        repository: root of the repository, which the paths of definitions are relative to.
    """
    yield from _models(settings, repository)
    yield from _feature_groups(settings, repository)
    for name in settings.use_cases if settings.switches.training_pipeline else ():
        path = repository / settings.definition(name)
        if path.is_file():
            yield from _grid(settings, name, path)
        else:
            yield Finding(
                ("use_cases", name, "definition"),
                f"there is no pipeline definition {settings.definition(name)}",
                "build it, or name another one in `definition`",
            )


def _models(settings: Settings, repository: Path) -> Iterator[Finding]:
    for name in settings.served:
        model = settings.use_cases[name].model
        if model is not None and not model.startswith("s3://") and not (repository / model).is_file():
            yield Finding(
                ("use_cases", name, "model"),
                f"there is no file {model}",
                "put the model.tar.gz there, relative to the repository's root, or name an object: s3://BUCKET/KEY",
            )


# SageMaker API reference, `CreateFeatureGroup`, `FeatureGroupName`.
_LONGEST_GROUP = 64


def _feature_groups(settings: Settings, repository: Path) -> Iterator[Finding]:
    """A feature group bears the names of agency, environment and use case, and its own with its version."""
    for use_case in settings.use_cases if settings.switches.feature_store else ():
        groups = _declared((repository / settings.definition(use_case)).with_name("feature_groups.json"))
        prefixes = [Names(settings.agency, environment).resource(use_case) for environment in settings.environments]
        longest = max((f"{prefix}-{group}" for prefix in prefixes for group in groups), key=len, default="")
        if (over := len(longest) - _LONGEST_GROUP) > 0:
            yield Finding(
                ("use_cases", use_case),
                f"its feature group {longest} has {len(longest)} characters, and SageMaker takes {_LONGEST_GROUP}",
                f"give the agency, the use case or the group a name that is {over} shorter",
            )


def _declared(path: Path) -> list[str]:
    try:
        groups = json.loads(path.read_text(encoding="utf-8"))["groups"]
        return [f"{group['name'].replace('_', '-')}-v{group['version']}" for group in groups]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # there is none, or the stack that makes the groups says what is wrong with the file


def combinations(definition: Any) -> int | None:
    """Return how many combinations the search space of a definition's tuning step has; None where it has none.

    Args:
        definition: a pipeline definition, parsed.
    """
    try:
        (tuning,) = [step for step in definition["Steps"] if step["Type"] == "Tuning"]
        ranges = tuning["Arguments"]["HyperParameterTuningJobConfig"]["ParameterRanges"]
        return math.prod(len(item["Values"]) for item in ranges["CategoricalParameterRanges"])
    except (KeyError, TypeError, ValueError):
        return None


def _grid(settings: Settings, name: str, path: Path) -> Iterator[Finding]:
    """SageMaker refuses a grid whose number of trials is not that of its combinations (API reference, `ResourceLimits`)."""
    tuning = settings.use_cases[name].tuning
    if tuning.strategy != "Grid":
        return
    try:
        size = combinations(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return  # the stack that deploys it says what is wrong with the file
    if size is not None and size != tuning.trials:
        yield Finding(
            ("use_cases", name, "tuning", "trials"),
            f"Grid tries all {size} combinations of the search space, not {tuning.trials}",
            f"set trials to {size}, or strategy to Random or Bayesian",
        )
