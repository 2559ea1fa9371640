"""The pipeline that writes a use case's feature groups; one is deployed per use case that declares any.

It reads the data that the model is trained on, checks it as training does, and writes what is new: starting it twice does
no harm.
"""

from __future__ import annotations

from sagemaker.core.workflow import ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow import Pipeline

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.jobs import JobFactory, output_of

NAME = "features"

INPUT_DATA_URI = ParameterString("InputDataUri", default_value=open_values.RAW_DATA_URI)
INSTANCE_TYPE = ParameterString("InstanceType", default_value="ml.m5.large")


def build() -> Pipeline:
    """Return the pipeline: validate without a network, then write records through the VPC's endpoints."""
    jobs = JobFactory(use_case=open_values.USE_CASE, instance_type=INSTANCE_TYPE)
    validate = jobs.processing(
        "Validate",
        "validate",
        inputs={"raw": INPUT_DATA_URI},
        data_types={"raw": open_values.RAW_DATA_TYPE},
        outputs=["validated", "report"],
    )
    write = jobs.processing(
        "WriteFeatures",
        "features",
        inputs={"validated": output_of(validate, "validated")},
        outputs=[],
        arguments=["--store", "sagemaker", "--prefix", open_values.FEATURE_GROUP_PREFIX],
        environment={"GOVML_NETWORK_FOR": "Feature Store, Glue and S3"},
        isolated=False,  # records are calls of Feature Store, and what is there is read from Glue and S3
        hours=4,  # the first run of a use case writes its whole past, record by record
    )
    return Pipeline(
        name=NAME,
        parameters=[INPUT_DATA_URI, INSTANCE_TYPE],
        steps=[validate, write],
        sagemaker_session=jobs.session,
        pipeline_experiment_config=None,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=False),
    )
