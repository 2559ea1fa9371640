"""Hyperparameters of a training job: all of them text, as SageMaker writes them; typed by the use case's defaults."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from govml_pipeline import paths
from govml_pipeline.errors import UserError
from govml_pipeline.files import read_json
from govml_pipeline.usecase import Value

_DEFAULT_SEED: Final = "20170101"
#: Names that the platform adds: a tuning job its objective, the SDK its scripts.
_PLATFORM: Final = ("_tuning_", "sagemaker_")
_BOOLEANS: Final = {"true": True, "false": False}


def read_hyperparameters() -> tuple[int, dict[str, str]]:
    """Return the seed and the job's other hyperparameters, without those of the platform.

    Raises:
        UserError: the seed is no whole number.
    """
    file = paths.hyperparameters_file()
    given: dict[str, str] = read_json(file) if file.exists() else {}
    rest = {name: value for name, value in given.items() if not name.startswith(_PLATFORM)}
    seed = rest.pop("seed", _DEFAULT_SEED)
    if not (seed.isascii() and seed.isdigit()):
        raise UserError(f"hyperparameter seed: {seed!r} is not a whole number of at least 0")
    return int(seed), rest


def typed(overrides: Mapping[str, str], defaults: Mapping[str, Value]) -> dict[str, Value]:
    """Return the defaults with overrides put in, each read as the type of its default.

    Raises:
        UserError: an override that has no default, or that is not of its type.
    """
    result = dict(defaults)
    for name, text in overrides.items():
        if name not in defaults:
            raise UserError(
                f"unknown hyperparameter {name!r}", hint=f"known are {', '.join(sorted(defaults))} and seed"
            )
        kind = type(defaults[name])
        try:
            value = _BOOLEANS[text.lower()] if kind is bool else kind(text)
        except (ValueError, KeyError):
            value = math.nan
        if isinstance(value, float) and not math.isfinite(value):
            raise UserError(
                f"hyperparameter {name}: {text!r} is not of type {kind.__name__}",
                hint=f"the default is {defaults[name]!r}",
            )
        result[name] = value
    return result
