"""The baseline: what a model's inputs, answers, errors and contributions were like on the test months, window by window.

Made by the step Evaluate beside the predictions, and named by the model package. It belongs to one version of the model and is
refused for any other: the errors of another model say nothing about this one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.report import task_of
from govml_pipeline.fairness.report import fairness_report
from govml_pipeline.files import read_json
from govml_pipeline.model.artefact import Model
from govml_pipeline.monitoring.judging import attributions
from govml_pipeline.monitoring.judging.drift import CAPACITY, features_of, inputs_of, usual_sizes
from govml_pipeline.monitoring.judging.group_bias import unfairness
from govml_pipeline.monitoring.judging.joint_drift import sampled, usual_gini
from govml_pipeline.monitoring.judging.performance import performance
from govml_pipeline.monitoring.judging.windows import WINDOW
from govml_pipeline.monitoring.sketches.profile import Profile, profile
from govml_pipeline.usecase import UseCase

FORMAT_VERSION: Final = 1
BASELINE: Final = "baseline.json"
#: Fewer windows say nothing about how windows differ: then the size of a change alone decides.
MINIMUM_WINDOWS: Final = 3
#: Fairness report of a use case without labels.
NO_GROUPS: Final[dict[str, Any]] = {"declared": False, "groups": {}}


@dataclass(frozen=True)
class Baseline:
    """A baseline.

    Args:
        use_case: name of the use case.
        model_version: version of the model that it belongs to.
        contract_version: version of the data contract.
        windows: months that it was made from, in order.
        prediction: Polars type by column of the prediction, as text, in the order of `Model.predict`.
        profile: profile of all its rows.
        usual: drift sizes among its windows, by feature.
        missing: share of missing values by input, one a window.
        performance: entries of `performance`, by window.
        bias: `unfairness`, by window.
        attribution: shares of the features, by window.
        fairness: fairness report of all its rows.
        sample: sample of its inputs with their windows, by column.
        joint: how well some windows of the sample can be told from the others.
    """

    use_case: str
    model_version: str
    contract_version: int
    windows: tuple[str, ...]
    prediction: dict[str, str]
    profile: Profile
    usual: dict[str, list[float]]
    missing: dict[str, list[float]]
    performance: dict[str, dict[str, Any]]
    bias: dict[str, dict[str, float]]
    attribution: dict[str, dict[str, float]]
    fairness: dict[str, Any]
    sample: dict[str, list[Any]]
    joint: list[float]

    @property
    def schema(self) -> dict[str, Any]:
        """Polars type by column of the prediction."""
        return {name: getattr(pl, kind) for name, kind in self.prediction.items()}

    def as_json(self) -> dict[str, Any]:
        """What `baseline.json` holds."""
        parts = {name: value for name, value in vars(self).items() if name != "profile"}
        return {"format_version": FORMAT_VERSION, **parts, "profile": json.loads(self.profile.to_json())}


def make_baseline(model: Model, rows: pl.DataFrame, prediction: pl.DataFrame) -> Baseline:
    """Make the baseline of a model.

    Args:
        model: the model.
        rows: the test rows with their truths.
        prediction: what the model says of them, in the same order.
    """
    use_case = model.use_case
    settings, contract, task = use_case.monitoring, use_case.contract, task_of(use_case)
    # Months, whatever the period that is watched: the data knows no finer time.
    frame = pl.concat([rows, prediction], how="horizontal").with_columns(pl.col(contract.time_column).alias(WINDOW))
    kinds = features_of(frame, contract, use_case.kind, settings)
    windows = frame[WINDOW].unique().sort().to_list()
    known = frame.filter(pl.col(contract.target).is_not_null()) if contract.target else frame.clear()
    parts = {window: known.filter(pl.col(WINDOW) == window) for window in windows}
    inputs = [name for name in contract.inputs.names if name in frame.columns]
    compared = inputs_of(kinds, contract)
    kept = sampled(frame, compared)
    return Baseline(
        use_case=use_case.name,
        model_version=model.version,
        contract_version=contract.version,
        windows=tuple(windows),
        prediction={name: str(kind) for name, kind in prediction.schema.items()},
        profile=profile(frame, kinds, capacity=CAPACITY),
        usual=usual_sizes(frame, kinds),
        missing=missing_shares(frame, inputs),
        performance=performance(known, task, use_case.segments, settings.minimum_labels),
        bias={window: unfairness(part, task, use_case.fairness) for window, part in parts.items()},
        attribution=attributions.by_window(model, frame),
        fairness=fairness_report(known, known, task, use_case.fairness) if known.height else NO_GROUPS,
        sample=kept,
        joint=usual_gini(kept, compared) if compared else [],
    )


def missing_shares(rows: pl.DataFrame, names: list[str]) -> dict[str, list[float]]:
    """Share of missing values by column, one a window in order."""
    found = rows.group_by(WINDOW).agg(pl.col(names).is_null().mean()).sort(WINDOW)
    return {name: found[name].to_list() for name in names}


def read_baseline(folder: Path, use_case: UseCase, *, model_version: str | None = None) -> Baseline:
    """Read the baseline of a folder.

    Args:
        folder: holds `baseline.json`.
        use_case: the use case that is watched.
        model_version: version of the model that serves; None: whichever the baseline is of.

    Raises:
        UserError: none there, damaged, of another format, use case, contract or model version.
    """
    path = folder / BASELINE
    if not path.is_file():
        raise UserError(
            f"{folder} holds no {BASELINE}",
            hint="give the folder that the model package names as DriftBaseline; packages from before it need a new training",
        )
    try:
        raw = read_json(path)
        form = raw.pop("format_version")
        if form != FORMAT_VERSION:
            raise ValueError(f"format {form!r}, this code reads {FORMAT_VERSION}")
        found = Baseline(
            **{**raw, "windows": tuple(raw["windows"]), "profile": Profile.from_json(json.dumps(raw["profile"]))}
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: no baseline ({error})", hint="fetch it again, or train again") from error
    expected = {
        "use case": (found.use_case, use_case.name),
        "contract version": (found.contract_version, use_case.contract.version),
        "model version": (found.model_version, model_version or found.model_version),
    }
    for what, (has, wanted) in expected.items():
        if has != wanted:
            raise UserError(
                f"{path}: baseline of {what} {has!r}, but {wanted!r} is watched",
                hint="give the baseline that belongs to the model package in service",
            )
    return found
