"""The pipeline that takes delivered files of a data source into its curated table; one is deployed per data source.

Its only step lists the source's prefix of the raw zone and compares it with the ledger, so that starting it twice, late
or for nothing does no harm.
"""

from __future__ import annotations

from sagemaker.core.workflow import ParameterInteger, ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow import Pipeline

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.jobs import JobFactory

NAME = "ingestion"

INSTANCE_TYPE = ParameterString("InstanceType", default_value="ml.m5.large")
VOLUME_GB = ParameterInteger("VolumeSizeInGB", default_value=30)


def build() -> Pipeline:
    """Return the pipeline of one step, which talks to S3, Glue and CloudWatch through the VPC's endpoints."""
    jobs = JobFactory(source=open_values.DATA_SOURCE, instance_type=INSTANCE_TYPE, volume_gb=VOLUME_GB)
    ingest = jobs.processing(
        "Ingest",
        "ingest",
        inputs={},
        outputs=[],
        arguments=[
            "--raw",
            open_values.RAW_URI,
            "--curated",
            open_values.CURATED_URI,
            "--catalogue",
            "glue",
            "--database",
            open_values.DATABASE,
        ],
        environment={"GOVML_NETWORK_FOR": "Glue and CloudWatch"},
        isolated=False,  # the table's commit is a call of Glue
        hours=4,  # the first run of a source takes in its whole past
    )
    return Pipeline(
        name=NAME,
        parameters=[INSTANCE_TYPE, VOLUME_GB],
        steps=[ingest],
        sagemaker_session=jobs.session,
        pipeline_experiment_config=None,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=False),
    )
