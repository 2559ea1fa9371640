"""The SageMaker pipeline of this use case, authored with the SDK. `definition.json` beside it is what gets deployed.

Regenerate with `python -m govml_pipeline.authoring`.
"""

from __future__ import annotations

from sagemaker.core.model_metrics import MetricsSource, ModelMetrics
from sagemaker.core.workflow import (
    ConditionLessThanOrEqualTo,
    Join,
    JsonGet,
    ParameterFloat,
    ParameterInteger,
    ParameterString,
    PropertyFile,
)
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow import ConditionStep, FailStep, ModelStep, Pipeline
from sagemaker.serve.model_builder import ModelBuilder

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.jobs import JobFactory, output_of

NAME = "hdb_resale"

INPUT_DATA_URI = ParameterString("InputDataUri", default_value=open_values.RAW_DATA_URI)
INSTANCE_TYPE = ParameterString("InstanceType", default_value="ml.m5.large")
MAX_MAPE_PERCENT = ParameterFloat("MaxMapePercent", default_value=6.0)
MAX_MAE = ParameterFloat("MaxMae", default_value=40000.0)
TEST_MONTHS = ParameterInteger("TestMonths", default_value=12)
SEED = ParameterInteger("Seed", default_value=20170101)
GROUP = ParameterString("ModelPackageGroupName", default_value="hdb-resale")
APPROVAL = ParameterString(
    "ModelApprovalStatus",
    default_value="PendingManualApproval",
    enum_values=["PendingManualApproval", "Approved", "Rejected"],
)

REPORT = PropertyFile(name="ValidationReport", output_name="report", path="validation.json")
EVALUATION = PropertyFile(name="Evaluation", output_name="evaluation", path="evaluation.json")
TRACKING = PropertyFile(name="Tracking", output_name="tracking", path="tracking.json")


def build() -> Pipeline:
    """Return the pipeline: validate, prepare, train, evaluate, track, then register or reject."""
    jobs = JobFactory(use_case=NAME, instance_type=INSTANCE_TYPE)

    validate = jobs.processing(
        "Validate",
        "validate",
        inputs={"raw": INPUT_DATA_URI},
        data_types={"raw": open_values.RAW_DATA_TYPE},
        outputs=["validated", "report"],
        property_files=[REPORT],
    )
    prepare = jobs.processing(
        "Prepare",
        "prepare",
        inputs={"validated": output_of(validate, "validated")},
        outputs=["train", "validation", "test", "transformation"],
        arguments=["--test-months", TEST_MONTHS.to_string()],
    )
    train = jobs.training(
        "Train",
        "train",
        channels={name: output_of(prepare, name) for name in ("train", "validation", "transformation")},
        hyperparameters={"seed": SEED.to_string()},
    )
    model_data = train.properties.ModelArtifacts.S3ModelArtifacts
    evaluate = jobs.processing(
        "Evaluate",
        "evaluate",
        inputs={"model": model_data, "test": output_of(prepare, "test")},
        outputs=["evaluation", "predictions"],
        property_files=[EVALUATION],
    )
    track = jobs.processing(
        "Track",
        "track",
        inputs={
            "model": model_data,
            "report": output_of(validate, "report"),
            "evaluation": output_of(evaluate, "evaluation"),
        },
        outputs=["tracking"],
        environment={
            "MLFLOW_TRACKING_URI": open_values.MLFLOW_TRACKING_URI,
            "MLFLOW_EXPERIMENT_NAME": open_values.EXPERIMENT_NAME,
        },
        isolated=False,  # the one step that calls a service (MLflow), inside the VPC
        property_files=[TRACKING],
    )

    def metric(path: str) -> JsonGet:
        return JsonGet(step_name=evaluate.name, property_file=EVALUATION, json_path=path)

    mape, mae = metric("regression_metrics.mape.value"), metric("regression_metrics.mae.value")
    builder = ModelBuilder(
        image_uri=open_values.IMAGE_URI,
        s3_model_data_url=model_data,
        role_arn=open_values.ROLE_STAND_IN,
        sagemaker_session=jobs.session,
    )
    register = ModelStep(
        "Register",
        step_args=builder.register(
            model_package_group_name=GROUP,
            approval_status=APPROVAL,
            content_types=["application/json", "text/csv"],
            response_types=["application/json", "text/csv"],
            inference_instances=["ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge"],
            transform_instances=["ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge"],
            model_metrics=ModelMetrics(
                model_statistics=MetricsSource(
                    content_type="application/json",
                    s3_uri=Join(on="/", values=[output_of(evaluate, "evaluation"), "evaluation.json"]),
                )
            ),
            customer_metadata_properties={
                "UseCase": NAME,
                "CodeArchive": open_values.CODE_FILE,
                "DatasetSha256": JsonGet(step_name=validate.name, property_file=REPORT, json_path="dataset.sha256"),
                "MlflowRunId": JsonGet(step_name=track.name, property_file=TRACKING, json_path="run_id"),
                "MapePercent": Join(on="", values=[mape]),
                "Mae": Join(on="", values=[mae]),
            },
        ),
    )
    rejected = FailStep(
        "Rejected",
        error_message=Join(
            on="",
            values=[
                "The model misses its acceptance criteria: MAPE ",
                mape,
                " % (at most ",
                MAX_MAPE_PERCENT,
                "), MAE ",
                mae,
                " (at most ",
                MAX_MAE,
                "). It is tracked in MLflow but not registered.",
            ],
        ),
    )
    gate = ConditionStep(
        "AcceptanceGate",
        conditions=[
            ConditionLessThanOrEqualTo(left=mape, right=MAX_MAPE_PERCENT),
            ConditionLessThanOrEqualTo(left=mae, right=MAX_MAE),
        ],
        if_steps=[register],
        else_steps=[rejected],
        depends_on=[track],  # rejected models are tracked too
    )
    return Pipeline(
        name=NAME,
        parameters=[
            INPUT_DATA_URI,
            INSTANCE_TYPE,
            MAX_MAPE_PERCENT,
            MAX_MAE,
            TEST_MONTHS,
            SEED,
            GROUP,
            APPROVAL,
        ],
        steps=[validate, prepare, train, evaluate, track, gate],
        sagemaker_session=jobs.session,
        pipeline_experiment_config=None,  # SageMaker Experiments is superseded by MLflow
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=False),
    )
