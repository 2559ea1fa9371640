"""One MLflow run per pipeline run: parameters, metrics, digests of data and code, reports and the model.

The tracking server comes from `MLFLOW_TRACKING_URI`: a file of SQLite on a laptop, the ARN of a managed tracking
server or MLflow App in the account (which the plug-in `sagemaker-mlflow` understands).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import load_model
from govml_pipeline.tracking import flavor
from govml_pipeline.tracking.environment import environment, requirements
from govml_pipeline.tracking.metrics import headline, metrics_of
from govml_pipeline.tracking.plots import segment_figures
from govml_pipeline.tracking.signature import signature_of

_DEFAULT_EXPERIMENT = "local"


def log_run(
    *, use_case: str, model: Path, validation: dict[str, Any], evaluation: dict[str, Any], reports: Path | None = None
) -> dict[str, str]:
    """Write one run.

    Args:
        use_case: name of the use case; part of the run's tags.
        model: folder of the model artefact; logged as an MLflow model, its files as they are.
        validation: report of the step Validate.
        evaluation: report of the step Evaluate.
        reports: folder of further reports, logged as they are.

    Returns:
        `run_id`, `experiment_id`, `experiment_name`, `artifact_uri`, `model_version`.

    Raises:
        UserError: no tracking server is configured.
    """
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        raise UserError(
            "MLFLOW_TRACKING_URI is not set",
            hint="name a tracking server, for example sqlite:///mlflow.db on a laptop",
        )
    import mlflow

    loaded = load_model(model)
    metadata = loaded.metadata
    experiment = os.environ.get("MLFLOW_EXPERIMENT_NAME", _DEFAULT_EXPERIMENT)
    _choose_experiment(experiment)
    code, made_with = metadata["code"] or {"archive": "none", "sha256": "none"}, environment()
    with mlflow.start_run(run_name=f"{use_case}-{loaded.version}") as run:
        mlflow.set_tags(
            {
                "use_case": use_case,
                "model_version": loaded.version,
                "code_archive": code["archive"],
                "code_sha256": code["sha256"],
                "dataset_sha256": validation["dataset"]["sha256"],
                "dataset_window": f"{validation['dataset']['first_month']}..{validation['dataset']['last_month']}",
                "test_window": f"{evaluation['window']['first_month']}..{evaluation['window']['last_month']}",
                **{f"environment.{name}": version for name, version in made_with.items()},
            }
        )
        training = metadata["training"]
        mlflow.log_params({**training["parameters"], "rounds": training["rounds"]})
        mlflow.log_metrics(metrics_of(evaluation, validation, training))
        mlflow.log_dict(evaluation, "reports/evaluation.json")
        mlflow.log_dict(validation, "reports/validation.json")
        mlflow.log_dict(made_with, "reports/environment.json")
        for name, figure in segment_figures(evaluation, headline(evaluation)).items():
            mlflow.log_figure(figure, name)
        if reports is not None:
            mlflow.log_artifacts(str(reports), "reports/assessment")
        mlflow.pyfunc.log_model(
            name="model",
            loader_module=flavor.__name__,
            data_path=str(model),
            signature=signature_of(loaded),
            pip_requirements=requirements(),
            metadata={"model_version": loaded.version, "use_case": use_case},
        )
        return {
            "run_id": run.info.run_id,
            "experiment_id": run.info.experiment_id,
            "experiment_name": experiment,
            "artifact_uri": run.info.artifact_uri,
            "model_version": loaded.version,
        }


def _choose_experiment(name: str) -> None:
    """Set the experiment; make it first if the store is a SQLite file, with its artefacts beside that file.

    MLflow would put them under the working directory, where no second process finds them again.
    """
    import mlflow

    store = os.environ["MLFLOW_TRACKING_URI"]
    if store.startswith("sqlite:///") and mlflow.get_experiment_by_name(name) is None:
        folder = Path(store.removeprefix("sqlite:///")).resolve().parent / "artifacts"
        mlflow.create_experiment(name, artifact_location=folder.as_uri())
    mlflow.set_experiment(name)
