"""The training pipeline, the same for every use case but for what `Differences` names.

Validate -> Prepare -> Tune -> Train -> Evaluate -> Assess -> Track -> AcceptanceGate -> Register | Rejected
"""

from __future__ import annotations

import json
from typing import Any, Final

from sagemaker.core.workflow import ConditionEquals, ExecutionVariables, Join, JsonGet, PropertyFile
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow import ConditionStep, FailStep, Pipeline, ProcessingStep

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.differences import Differences
from govml_pipeline.authoring.jobs import JobFactory, output_of
from govml_pipeline.authoring.registration import Evidence, register
from govml_pipeline.authoring.training_parameters import TrainingParameters
from govml_pipeline.authoring.tuning import Budget, best_model_of
from govml_pipeline.usecase import load_use_case

__all__ = ["Differences", "build"]

#: Rows with the tested model's answers, which the step Evaluate leaves beside its predictions.
KNOWN_ANSWERS: Final = "known_answers.json"
BASELINE: Final = "baseline.json"
#: What the step Assess says when a model may be registered.
ACCEPTED: Final = "accepted"

REPORT: Final = PropertyFile(name="ValidationReport", output_name="report", path="validation.json")
EVALUATION: Final = PropertyFile(name="Evaluation", output_name="evaluation", path="evaluation.json")
ASSESSMENT: Final = PropertyFile(name="Assessment", output_name="assessment", path="assessment.json")
TRACKING: Final = PropertyFile(name="Tracking", output_name="tracking", path="tracking.json")


def build(differences: Differences) -> Pipeline:
    """Return the training pipeline of a use case.

    Args:
        differences: what is particular to it. The search space is that of its `definition.py`.

    Raises:
        UserError: there is no such use case.
        ValueError: its search space is empty.
    """
    name = differences.use_case
    parameters = TrainingParameters.of(
        group=name.replace("_", "-"),
        criteria=json.dumps(differences.criteria, separators=(",", ":"), sort_keys=True),
        test_months=differences.test_months,
        seed=differences.seed,
    )
    jobs = JobFactory(use_case=name, instance_type=parameters.instance_type)
    # Never cached: `latest.manifest` keeps its address when the data changes, and an address is all that is compared.
    validate = jobs.processing(
        "Validate",
        "validate",
        inputs={"raw": parameters.input_data_uri},
        data_types={"raw": open_values.RAW_DATA_TYPE},
        outputs=["validated", "report"],
        property_files=[REPORT],
    )
    prepare = jobs.processing(
        "Prepare",
        "prepare",
        inputs={"validated": output_of(validate, "validated")},
        outputs=["train", "validation", "test", "transformation"],
        arguments=["--test-months", parameters.test_months.to_string()],
        cached=True,
    )
    channels = {part: output_of(prepare, part) for part in ("train", "validation", "transformation")}
    seed = {"seed": parameters.seed.to_string()}
    tune = jobs.tuning(
        "Tune",
        "trial",
        channels=channels,
        # A trial that is told to be the only one keeps the use case's default parameters: no tuning is one trial.
        hyperparameters={**seed, "trials": parameters.tuning_trials.to_string()},
        search=load_use_case(name).training.search,
        budget=Budget(
            strategy=parameters.tuning_strategy,
            trials=parameters.tuning_trials,
            parallel=parameters.tuning_parallel_trials,
            seed=parameters.seed,
        ),
        cached=True,
    )
    train = jobs.training(
        "Train",
        "train",
        channels={**channels, "trial": best_model_of(tune)},
        hyperparameters=seed,
        instance_count=parameters.train_instance_count,
        cached=True,
    )
    model_data = train.properties.ModelArtifacts.S3ModelArtifacts
    evaluate = jobs.processing(
        "Evaluate",
        "evaluate",
        inputs={"model": model_data, "test": output_of(prepare, "test"), "champion": parameters.champion_uri},
        outputs=["evaluation", "predictions"],
        property_files=[EVALUATION],
        cached=True,
    )
    measured = {"report": output_of(validate, "report"), "evaluation": output_of(evaluate, "evaluation")}
    assess = jobs.processing(
        "Assess",
        "assess",
        inputs={
            "model": model_data,
            "train": channels["train"],
            "test": output_of(prepare, "test"),
            "predictions": output_of(evaluate, "predictions"),
            **measured,
        },
        outputs=["assessment"],
        arguments=["--criteria", parameters.criteria],
        property_files=[ASSESSMENT],
        cached=True,
    )
    track = jobs.processing(
        "Track",
        "track",
        inputs={"model": model_data, "assessment": output_of(assess, "assessment"), **measured},
        outputs=["tracking"],
        environment={
            "MLFLOW_TRACKING_URI": open_values.MLFLOW_TRACKING_URI,
            "MLFLOW_EXPERIMENT_NAME": open_values.EXPERIMENT_NAME,
        },
        isolated=False,  # the one step that calls a service (MLflow), inside the VPC
        property_files=[TRACKING],
        cached=True,
    )
    verdict, reason = _read(assess, ASSESSMENT, "verdict"), _read(assess, ASSESSMENT, "reason")
    registered = register(
        session=jobs.session,
        model_data=model_data,
        parameters=parameters,
        instance_types=list(differences.serving_instances),
        evidence=Evidence(
            quality=Join(on="/", values=[measured["evaluation"], EVALUATION.path]),
            fairness=Join(on="/", values=[output_of(assess, "assessment"), "fairness.json"]),
            explanation=Join(on="/", values=[output_of(assess, "assessment"), "explanation.json"]),
        ),
        notes={
            "UseCase": name,
            "CodeArchive": open_values.CODE_FILE,
            "DatasetUri": parameters.input_data_uri,
            "DatasetSha256": _read(validate, REPORT, "dataset.sha256"),
            "MlflowRunId": _read(track, TRACKING, "run_id"),
            "TuningJob": tune.properties.HyperParameterTuningJobName,
            "PipelineExecution": ExecutionVariables.PIPELINE_EXECUTION_ARN,
            "ValidationReport": Join(on="/", values=[measured["report"], REPORT.path]),
            "Assessment": output_of(assess, "assessment"),
            "KnownAnswers": Join(on="/", values=[output_of(evaluate, "predictions"), KNOWN_ANSWERS]),
            "DriftBaseline": Join(on="/", values=[output_of(evaluate, "predictions"), BASELINE]),
            "Verdict": verdict,
            "HeadlineMetric": differences.headline,
            "HeadlineValue": Join(on="", values=[_read(evaluate, EVALUATION, f"{differences.headline}.value")]),
        },
    )
    rejected = FailStep(
        "Rejected",
        error_message=Join(
            on="",
            values=["The model misses its acceptance criteria: ", reason, " It is tracked in MLflow, not registered."],
        ),
    )
    gate = ConditionStep(
        "AcceptanceGate",
        conditions=[ConditionEquals(left=verdict, right=ACCEPTED)],
        if_steps=[registered],
        else_steps=[rejected],
        depends_on=[track],  # rejected models are tracked too
    )
    return Pipeline(
        name=name,
        parameters=parameters.listed(),
        steps=[validate, prepare, tune, train, evaluate, assess, track, gate],
        sagemaker_session=jobs.session,
        pipeline_experiment_config=None,  # SageMaker Experiments is superseded by MLflow
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=False),
    )


def _read(step: ProcessingStep, file: PropertyFile, path: str) -> Any:
    return JsonGet(step_name=step.name, property_file=file, json_path=path)
