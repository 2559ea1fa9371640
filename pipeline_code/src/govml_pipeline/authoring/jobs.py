"""Jobs as this project makes them: in the VPC, encrypted, isolated. Use cases author their pipelines with these.

Every job runs `python3 <code archive> <step> --use-case NAME [arguments]`, or `--source NAME` where it is about a data
source, in the same image, which holds nothing but dependencies; the code comes as one content-hashed zip application
(docs/adr/0005).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sagemaker.core.network import NetworkConfig
from sagemaker.core.processing import Processor
from sagemaker.core.shapes import (
    OutputDataConfig,
    ProcessingInput,
    ProcessingOutput,
    ProcessingS3Input,
    ProcessingS3Output,
    StoppingCondition,
)
from sagemaker.core.training.configs import Compute, InputData, Networking
from sagemaker.core.workflow import ExecutionVariables, Join, PropertyFile
from sagemaker.mlops.workflow import (
    ProcessingStep,
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
    TrainingStep,
)

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.sdk import EntrypointTrainer, disable_telemetry
from govml_pipeline.authoring.session import OfflineSession

_PROCESSING = "/opt/ml/processing"
_ONE_HOUR = 3600


def _retries() -> list[Any]:
    """Retry what is the platform's fault; a failing step is the code's or the data's fault and is not run again."""
    return [
        StepRetryPolicy(
            exception_types=[StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING],
            interval_seconds=10,
            max_attempts=3,
        ),
        SageMakerJobStepRetryPolicy(
            exception_types=[
                SageMakerJobExceptionTypeEnum.CAPACITY_ERROR,
                SageMakerJobExceptionTypeEnum.INTERNAL_ERROR,
            ],
            interval_seconds=60,
            max_attempts=3,
        ),
    ]


@dataclass(frozen=True)
class JobFactory:
    """Makes the steps of one use case, or those about one data source.

    Args:
        use_case: name of the use case, a folder of `usecases/`; None for jobs about a data source.
        source: name of the data source, or the placeholder that stands for it; None for a use case's jobs.
        instance_type: instance type of every job, a pipeline parameter.
        volume_gb: disk of every processing job in GB, a number or a pipeline parameter.
        session: offline session, made when not given.

    Raises:
        ValueError: neither or both of `use_case` and `source` are given.
    """

    instance_type: Any
    use_case: str | None = None
    source: str | None = None
    volume_gb: Any = 30
    session: OfflineSession = field(default_factory=OfflineSession)

    def __post_init__(self) -> None:
        if (self.use_case is None) == (self.source is None):
            raise ValueError("jobs are about either a use case or a data source")
        disable_telemetry()

    @property
    def subject(self) -> list[str]:
        """The first arguments of every job: what it is about."""
        return ["--use-case", self.use_case] if self.use_case is not None else ["--source", str(self.source)]

    def output_uri(self, *parts: str) -> Join:
        """S3 prefix of one run: `<artifacts>/runs/<execution id>/<parts...>`."""
        return Join(
            on="/", values=[open_values.ARTIFACTS_URI, "runs", ExecutionVariables.PIPELINE_EXECUTION_ID, *parts]
        )

    def processing(
        self,
        name: str,
        command: str,
        *,
        inputs: dict[str, Any],
        outputs: list[str],
        arguments: list[Any] | None = None,
        environment: dict[str, str] | None = None,
        isolated: bool = True,
        property_files: list[PropertyFile] | None = None,
        depends_on: list[Any] | None = None,
        data_types: dict[str, str] | None = None,
        hours: int = 1,
    ) -> ProcessingStep:
        """Return a processing step that runs `command`.

        Args:
            name: name of the step.
            command: sub-command of the code archive.
            inputs: input name -> S3 URI, copied to `/opt/ml/processing/input/<name>`.
            outputs: output names, copied from `/opt/ml/processing/output/<name>` when the job ends.
            arguments: further arguments, strings or string-valued pipeline variables.
            environment: environment variables of the container.
            isolated: no network at all; the platform copies data in and out. Only a step that must call a service
                inside the VPC sets it to False.
            property_files: JSON outputs that later steps read.
            depends_on: steps to wait for although no value of theirs is used.
            data_types: input name -> S3DataType, for inputs that are not all the objects below a prefix.
            hours: the job is stopped after so many hours.
        """
        types = data_types or {}
        processor = Processor(
            role=open_values.ROLE_STAND_IN,
            image_uri=open_values.IMAGE_URI,
            entrypoint=["python3", f"{_PROCESSING}/input/code/{open_values.CODE_FILE}"],
            instance_count=1,
            instance_type=self.instance_type,
            volume_size_in_gb=self.volume_gb,
            volume_kms_key=open_values.KMS_KEY_ARN,
            output_kms_key=open_values.KMS_KEY_ARN,
            max_runtime_in_seconds=hours * _ONE_HOUR,
            env=environment,
            network_config=NetworkConfig(
                enable_network_isolation=isolated,
                encrypt_inter_container_traffic=True,
                subnets=[open_values.SUBNET_IDS],
                security_group_ids=[open_values.SECURITY_GROUP_IDS],
            ),
            sagemaker_session=self.session,
        )
        return ProcessingStep(
            name,
            step_args=processor.run(
                inputs=[
                    _input(key, uri, types.get(key, "S3Prefix"))
                    for key, uri in {"code": open_values.CODE_STAND_IN, **inputs}.items()
                ],
                outputs=[_output(key, self.output_uri(name.lower(), key)) for key in outputs],
                arguments=[command, *self.subject, *(arguments or [])],
            ),
            property_files=property_files,
            retry_policies=_retries(),
            depends_on=depends_on,
        )

    def training(
        self, name: str, command: str, *, channels: dict[str, Any], hyperparameters: dict[str, Any]
    ) -> TrainingStep:
        """Return a training step that runs `command`; `channels` are copied to `/opt/ml/input/data/<channel>`."""
        trainer = EntrypointTrainer(
            training_image=open_values.IMAGE_URI,
            role=open_values.ROLE_STAND_IN,
            sagemaker_session=self.session,
            base_job_name=self.subject[-1],
            compute=Compute(
                instance_type=self.instance_type,
                instance_count=1,
                volume_size_in_gb=30,
                volume_kms_key_id=open_values.KMS_KEY_ARN,
                enable_managed_spot_training=False,
            ),
            networking=Networking(
                subnets=[open_values.SUBNET_IDS],
                security_group_ids=[open_values.SECURITY_GROUP_IDS],
                enable_inter_container_traffic_encryption=True,
                enable_network_isolation=True,
            ),
            output_data_config=OutputDataConfig(
                s3_output_path=self.output_uri(name.lower()), kms_key_id=open_values.KMS_KEY_ARN
            ),
            stopping_condition=StoppingCondition(max_runtime_in_seconds=_ONE_HOUR),
            hyperparameters=hyperparameters,
        ).with_entrypoint(["python3", f"/opt/ml/input/data/code/{open_values.CODE_FILE}"], [command, *self.subject])
        data = [
            InputData(channel_name=key, data_source=uri)
            for key, uri in {"code": open_values.CODE_STAND_IN, **channels}.items()
        ]
        return TrainingStep(name, step_args=trainer.train(input_data_config=data), retry_policies=_retries())


def output_of(step: ProcessingStep, name: str) -> Any:
    """S3 URI of a processing step's output, as a reference that also orders the steps."""
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


def _input(name: str, uri: Any, data_type: str) -> ProcessingInput:
    return ProcessingInput(
        input_name=name,
        s3_input=ProcessingS3Input(
            s3_uri=uri,
            s3_data_type=data_type,
            s3_input_mode="File",
            s3_data_distribution_type="FullyReplicated",
            local_path=f"{_PROCESSING}/input/{name}",
        ),
    )


def _output(name: str, uri: Any) -> ProcessingOutput:
    return ProcessingOutput(
        output_name=name,
        s3_output=ProcessingS3Output(s3_uri=uri, s3_upload_mode="EndOfJob", local_path=f"{_PROCESSING}/output/{name}"),
    )
