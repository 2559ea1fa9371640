"""What each command of the code archive reads and writes; a table, kept beside the steps that it describes by a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_USE_CASE: Final = "--use-case"


@dataclass(frozen=True)
class Interface:
    """Inputs (or channels) and outputs by name, options and hyperparameters that a command knows, variables it needs."""

    subject: str
    inputs: frozenset[str]
    outputs: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    hyperparameters: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()


def _known(
    inputs: str = "",
    outputs: str = "",
    options: str = "",
    *,
    subject: str = _USE_CASE,
    seeds: str = "",
    needs: str = "",
) -> Interface:
    parts = (frozenset(text.split()) for text in (f"code {inputs}", outputs, options, seeds, needs))
    return Interface(subject, *parts)


INTERFACES: Final = {
    "fetch-source": _known("", "", "--raw", subject="--source"),
    "ingest": _known("", "", "--raw --curated --catalogue --database", subject="--source"),
    "features": _known("validated", "", "--store --prefix"),
    "validate": _known("raw", "validated report"),
    "prepare": _known("validated", "train validation test transformation", "--test-months --validation-months"),
    "trial": _known("train validation transformation", seeds="seed trials"),
    "train": _known("train validation transformation trial", seeds="seed"),
    "evaluate": _known("model test champion", "evaluation predictions"),
    "assess": _known("model train test report evaluation predictions", "assessment", "--criteria"),
    "monitor": _known(
        "baseline capture feedback labels model state", "monitoring state evidence", "--model-version --endpoint --now"
    ),
    "track": _known(
        "model report evaluation assessment", "tracking", needs="MLFLOW_TRACKING_URI MLFLOW_EXPERIMENT_NAME"
    ),
}
