"""Processing jobs in the VPC, encrypted, isolated: the processor, its inputs and its outputs."""

from __future__ import annotations

from typing import Any, Final

from sagemaker.core.network import NetworkConfig
from sagemaker.core.processing import Processor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.mlops.workflow import ProcessingStep

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.session import OfflineSession

_PROCESSING: Final = "/opt/ml/processing"


def protected_processor(
    *,
    session: OfflineSession,
    instance_type: Any,
    volume_gb: Any,
    environment: dict[str, str] | None,
    isolated: bool,
    max_seconds: int,
) -> Processor:
    """Return a processor of one instance that runs the code archive.

    Args:
        session: offline session.
        instance_type: instance type, a text or a pipeline parameter.
        volume_gb: disk in GB, a number or a pipeline parameter.
        environment: environment variables of the container.
        isolated: no network at all.
        max_seconds: the job is stopped after so many seconds.
    """
    return Processor(
        role=open_values.ROLE_STAND_IN,
        image_uri=open_values.IMAGE_URI,
        entrypoint=["python3", f"{_PROCESSING}/input/code/{open_values.CODE_FILE}"],
        instance_count=1,
        instance_type=instance_type,
        volume_size_in_gb=volume_gb,
        volume_kms_key=open_values.KMS_KEY_ARN,
        output_kms_key=open_values.KMS_KEY_ARN,
        max_runtime_in_seconds=max_seconds,
        env=environment,
        network_config=NetworkConfig(
            enable_network_isolation=isolated,
            encrypt_inter_container_traffic=True,
            subnets=[open_values.SUBNET_IDS],
            security_group_ids=[open_values.SECURITY_GROUP_IDS],
        ),
        sagemaker_session=session,
    )


def processing_inputs(inputs: dict[str, Any], data_types: dict[str, Any]) -> list[ProcessingInput]:
    """Return the inputs of a job, the code archive first; those that `data_types` does not name are S3 prefixes."""
    return [
        ProcessingInput(
            input_name=name,
            s3_input=ProcessingS3Input(
                s3_uri=uri,
                s3_data_type=data_types.get(name, "S3Prefix"),
                s3_input_mode="File",
                s3_data_distribution_type="FullyReplicated",
                local_path=f"{_PROCESSING}/input/{name}",
            ),
        )
        for name, uri in {"code": open_values.CODE_STAND_IN, **inputs}.items()
    ]


def processing_outputs(outputs: dict[str, Any]) -> list[ProcessingOutput]:
    """Return the outputs of a job, uploaded when it ends: output name -> S3 URI."""
    return [
        ProcessingOutput(
            output_name=name,
            s3_output=ProcessingS3Output(
                s3_uri=uri, s3_upload_mode="EndOfJob", local_path=f"{_PROCESSING}/output/{name}"
            ),
        )
        for name, uri in outputs.items()
    ]


def output_of(step: ProcessingStep, name: str) -> Any:
    """S3 URI of a processing step's output, as a reference that also orders the steps."""
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri
