"""The pipeline in which the drift engine looks at a served model; one is deployed per use case that is served and watched.

Whoever starts it says where the live model, its baseline, what was captured, what people said of answers and the state of
the last look are. An address that holds no such file means that there is none yet: the defaults lead to the code archive.
What was captured and said grows without end, so it comes as a manifest of the files that this look needs.
"""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow import ExecutionVariables, Join, ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow import Pipeline

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.jobs import JobFactory

NAME = "monitoring"

MODEL_URI = ParameterString("ModelUri", default_value=open_values.CODE_URI)
BASELINE_URI = ParameterString("BaselineUri", default_value=open_values.CODE_URI)
CAPTURE_URI = ParameterString("CaptureUri", default_value=open_values.CODE_URI)
CAPTURE_TYPE = ParameterString("CaptureType", default_value="S3Prefix")
FEEDBACK_URI = ParameterString("FeedbackUri", default_value=open_values.CODE_URI)
FEEDBACK_TYPE = ParameterString("FeedbackType", default_value="S3Prefix")
STATE_URI = ParameterString("StateUri", default_value=open_values.CODE_URI)
LABELS_URI = ParameterString("LabelsUri", default_value=open_values.RAW_DATA_URI)
INSTANCE_TYPE = ParameterString("InstanceType", default_value="ml.m5.large")


def _place(*folders: Any) -> Join:
    return Join(on="/", values=[open_values.ARTIFACTS_URI, "monitoring", *folders])


def build() -> Pipeline:
    """Return the pipeline: one isolated job, whose printed figures become metrics."""
    jobs = JobFactory(use_case=open_values.USE_CASE, instance_type=INSTANCE_TYPE)
    monitor = jobs.processing(
        "Monitor",
        "monitor",
        inputs={
            "model": MODEL_URI,
            "baseline": BASELINE_URI,
            "capture": CAPTURE_URI,
            "labels": LABELS_URI,
            "feedback": FEEDBACK_URI,
            "state": STATE_URI,
        },
        data_types={"capture": CAPTURE_TYPE, "labels": open_values.RAW_DATA_TYPE, "feedback": FEEDBACK_TYPE},
        outputs=["monitoring", "state", "evidence"],
        # The next look begins where this one ends, so its state stands where the next finds it; what is evidence stands
        # where it is fetched from; and reports apart from training runs, since they are not kept as long.
        places={
            "monitoring": _place("looks", ExecutionVariables.PIPELINE_EXECUTION_ID),
            "state": _place("state"),
            "evidence": _place("evidence"),
        },
        arguments=["--endpoint", open_values.ENDPOINT_NAME],
    )
    return Pipeline(
        name=NAME,
        parameters=[
            MODEL_URI,
            BASELINE_URI,
            CAPTURE_URI,
            CAPTURE_TYPE,
            FEEDBACK_URI,
            FEEDBACK_TYPE,
            STATE_URI,
            LABELS_URI,
            INSTANCE_TYPE,
        ],
        steps=[monitor],
        sagemaker_session=jobs.session,
        pipeline_experiment_config=None,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=False),
    )
