"""Training jobs in the VPC, encrypted, isolated: the trainer and its channels. Trials of a tuning job are made of them."""

from __future__ import annotations

from typing import Any, Final

from sagemaker.core.shapes import OutputDataConfig, StoppingCondition
from sagemaker.core.training.configs import Compute, InputData, Networking

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.sdk import EntrypointTrainer
from govml_pipeline.authoring.session import OfflineSession

#: How every training container starts; the step and its arguments follow.
ENTRYPOINT: Final = ("python3", f"/opt/ml/input/data/code/{open_values.CODE_FILE}")
_VOLUME_GB: Final = 30


def protected_trainer(
    *,
    session: OfflineSession,
    name: str,
    arguments: list[str],
    instance_type: Any,
    instance_count: Any,
    output_uri: Any,
    hyperparameters: dict[str, Any],
    max_seconds: int,
    environment: dict[str, str] | None = None,
) -> EntrypointTrainer:
    """Return a trainer whose container runs the code archive with `arguments`.

    Args:
        session: offline session.
        name: what the job is about, for the SDK, which names jobs; SageMaker Pipelines names them again.
        arguments: the step's sub-command and what follows it.
        instance_type: instance type, a text or a pipeline parameter.
        instance_count: number of instances, a number or a pipeline parameter.
        output_uri: S3 prefix of `<job name>/output/model.tar.gz`.
        hyperparameters: name -> text or text-valued pipeline variable.
        max_seconds: the job is stopped after so many seconds.
        environment: environment variables of the container.
    """
    return EntrypointTrainer(
        training_image=open_values.IMAGE_URI,
        role=open_values.ROLE_STAND_IN,
        sagemaker_session=session,
        base_job_name=name,
        compute=Compute(
            instance_type=instance_type,
            instance_count=instance_count,
            volume_size_in_gb=_VOLUME_GB,
            volume_kms_key_id=open_values.KMS_KEY_ARN,
            enable_managed_spot_training=False,
        ),
        networking=Networking(
            subnets=[open_values.SUBNET_IDS],
            security_group_ids=[open_values.SECURITY_GROUP_IDS],
            enable_inter_container_traffic_encryption=True,
            enable_network_isolation=True,
        ),
        output_data_config=OutputDataConfig(s3_output_path=output_uri, kms_key_id=open_values.KMS_KEY_ARN),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=max_seconds),
        hyperparameters=hyperparameters,
        environment=environment,
    ).with_entrypoint(list(ENTRYPOINT), arguments)


def input_channels(channels: dict[str, Any]) -> list[InputData]:
    """Return the channels of a job, the code archive first: channel name -> S3 URI."""
    return [
        InputData(channel_name=name, data_source=uri)
        for name, uri in {"code": open_values.CODE_STAND_IN, **channels}.items()
    ]
