"""The pipeline that asks a publisher's interface for data and puts it into the raw zone; deployed for sources with `fetch`.

What it writes is a delivery like any other: the event of the new object starts the ingestion.
"""

from __future__ import annotations

from sagemaker.core.workflow import ParameterInteger, ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow import Pipeline

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.jobs import JobFactory

NAME = "fetching"

INSTANCE_TYPE = ParameterString("InstanceType", default_value="ml.m5.large")
VOLUME_GB = ParameterInteger("VolumeSizeInGB", default_value=30)


def build() -> Pipeline:
    """Return the pipeline of one step, which leaves the VPC by the filtered way to the publisher."""
    jobs = JobFactory(source=open_values.DATA_SOURCE, instance_type=INSTANCE_TYPE, volume_gb=VOLUME_GB)
    fetch = jobs.processing(
        "Fetch",
        "fetch-source",
        inputs={},
        outputs=[],
        arguments=["--raw", open_values.RAW_URI],
        environment={"GOVML_NETWORK_FOR": "the publisher's interface"},
        isolated=False,  # the publisher is on the internet
        hours=2,  # data.gov.sg answers slowly, and asks callers to wait between pages
    )
    return Pipeline(
        name=NAME,
        parameters=[INSTANCE_TYPE, VOLUME_GB],
        steps=[fetch],
        sagemaker_session=jobs.session,
        pipeline_experiment_config=None,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=False),
    )
