"""Jobs as this project makes them: in the VPC, encrypted, isolated. Use cases author their pipelines with these.

Every job runs `python3 <code archive> <step> --use-case NAME [arguments]`, or `--source NAME` where it is about a data
source, in the same image, which holds nothing but dependencies; the code comes as one content-hashed zip application
(docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sagemaker.core.workflow import ExecutionVariables, Join, PropertyFile
from sagemaker.mlops.workflow import ProcessingStep, TrainingStep, TuningStep

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.policies import CACHE_30_DAYS, retries
from govml_pipeline.authoring.processing import output_of, processing_inputs, processing_outputs, protected_processor
from govml_pipeline.authoring.sdk import disable_telemetry
from govml_pipeline.authoring.session import OfflineSession
from govml_pipeline.authoring.training import input_channels, protected_trainer
from govml_pipeline.authoring.tuning import Budget, command_of, protected_tuner, search_space
from govml_pipeline.usecase import Value

__all__ = ["JobFactory", "output_of"]

_ONE_HOUR = 3600


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
        data_types: dict[str, Any] | None = None,
        hours: int = 1,
        cached: bool = False,
        places: Mapping[str, Any] | None = None,
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
            cached: not run again where its arguments are those of an earlier run; never for a step with effects
                elsewhere, nor where an input changes under its address.
            places: output name -> S3 URI (a join, as the SDK knows no placeholder), for outputs that stand at one place
                and not below the run's own prefix.
        """
        processor = protected_processor(
            session=self.session,
            instance_type=self.instance_type,
            volume_gb=self.volume_gb,
            environment=environment,
            isolated=isolated,
            max_seconds=hours * _ONE_HOUR,
        )
        return ProcessingStep(
            name,
            step_args=processor.run(
                inputs=processing_inputs(inputs, data_types or {}),
                outputs=processing_outputs(
                    {key: (places or {}).get(key) or self.output_uri(name.lower(), key) for key in outputs}
                ),
                arguments=[command, *self.subject, *(arguments or [])],
            ),
            property_files=property_files,
            retry_policies=retries(),
            depends_on=depends_on,
            cache_config=CACHE_30_DAYS if cached else None,
        )

    def training(
        self,
        name: str,
        command: str,
        *,
        channels: dict[str, Any],
        hyperparameters: dict[str, Any],
        instance_count: Any = 1,
        cached: bool = False,
    ) -> TrainingStep:
        """Return a training step that runs `command`.

        Args:
            name: name of the step.
            command: sub-command of the code archive.
            channels: channel name -> S3 URI, copied to `/opt/ml/input/data/<channel>`.
            hyperparameters: name -> text or text-valued pipeline variable.
            instance_count: number of instances, a number or a pipeline parameter.
            cached: as for `processing`.
        """
        trainer = protected_trainer(
            session=self.session,
            name=self.subject[-1],
            arguments=[command, *self.subject],
            instance_type=self.instance_type,
            instance_count=instance_count,
            output_uri=self.output_uri(name.lower()),
            hyperparameters=hyperparameters,
            max_seconds=_ONE_HOUR,
        )
        return TrainingStep(
            name,
            step_args=trainer.train(input_data_config=input_channels(channels)),
            retry_policies=retries(),
            cache_config=CACHE_30_DAYS if cached else None,
        )

    def tuning(
        self,
        name: str,
        command: str,
        *,
        channels: dict[str, Any],
        hyperparameters: dict[str, Any],
        search: Mapping[str, Sequence[Value]],
        budget: Budget,
        cached: bool = False,
    ) -> TuningStep:
        """Return a step of hyperparameter tuning whose trials run `command`.

        Args:
            name: name of the step.
            command: sub-command of the code archive; it prints `validation-score=<number>`, to be minimised.
            channels: as for `training`.
            hyperparameters: those that every trial gets, besides the drawn ones.
            search: values to try by hyperparameter.
            budget: strategy, number of trials and seed.
            cached: as for `processing`.

        Raises:
            ValueError: the search space is empty.
        """
        arguments = [command, *self.subject]
        trainer = protected_trainer(
            session=self.session,
            name=self.subject[-1],
            arguments=arguments,
            instance_type=self.instance_type,
            instance_count=1,  # trials are small and many: they run beside each other instead
            output_uri=self.output_uri(name.lower()),
            hyperparameters=hyperparameters,
            max_seconds=_ONE_HOUR,
            environment=command_of(arguments),
        )
        tuner = protected_tuner(trainer, search_space(search), budget)
        return TuningStep(
            name,
            step_args=tuner.tune(inputs=input_channels(channels)),
            retry_policies=retries(),
            cache_config=CACHE_30_DAYS if cached else None,
        )
