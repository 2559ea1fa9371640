"""The parameters of a training pipeline: what a run may set without a new definition."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

from sagemaker.core.workflow import ParameterInteger, ParameterString

from govml_pipeline.authoring import placeholders as open_values

#: Strategies that take lists of values, the one form of search space that all of them understand (SageMaker API
#: reference, `HyperParameterTuningJobConfig`; Hyperband stops trials early, and ours have one score, at the end).
STRATEGIES: Final = ("Bayesian", "Random", "Grid")


@dataclass(frozen=True)
class TrainingParameters:
    """Parameters in the order of the definition.

    Args:
        input_data_uri: InputDataUri: where the rows are; a manifest or a prefix.
        champion_uri: ChampionUri: prefix that holds the `model.tar.gz` that serves now. The default is the code archive's
            address, which holds none: then there is no champion to compare with.
        instance_type: InstanceType: of every job.
        train_instance_count: TrainInstanceCount: instances that share the training of the model.
        tuning_strategy: TuningStrategy: Bayesian, Random or Grid. Grid tries every combination of the search space, so
            TuningTrials must be their number (SageMaker API reference, `ResourceLimits`).
        tuning_trials: TuningTrials: how many trials; 1 keeps the use case's default parameters, which is no tuning.
        tuning_parallel_trials: TuningParallelTrials: how many trials run at once.
        criteria: AcceptanceCriteria: JSON, `{metric: {"max": limit}}` or `{"min": limit}`.
        test_months: TestMonths: how many of the last months are the test set.
        seed: Seed: of the search and of the model.
        group: ModelPackageGroupName: where an accepted model is registered.
        approval: ModelApprovalStatus: of a new model package; a person approves it later.
    """

    input_data_uri: ParameterString
    champion_uri: ParameterString
    instance_type: ParameterString
    train_instance_count: ParameterInteger
    tuning_strategy: ParameterString
    tuning_trials: ParameterInteger
    tuning_parallel_trials: ParameterInteger
    criteria: ParameterString
    test_months: ParameterInteger
    seed: ParameterInteger
    group: ParameterString
    approval: ParameterString

    @classmethod
    def of(cls, *, group: str, criteria: str, test_months: int, seed: int) -> TrainingParameters:
        """Return the parameters with these defaults; the others are the same for every use case."""
        return cls(
            input_data_uri=ParameterString("InputDataUri", default_value=open_values.RAW_DATA_URI),
            champion_uri=ParameterString("ChampionUri", default_value=open_values.CODE_URI),
            instance_type=ParameterString("InstanceType", default_value="ml.m5.large"),
            train_instance_count=ParameterInteger("TrainInstanceCount", default_value=1),
            tuning_strategy=ParameterString("TuningStrategy", default_value="Bayesian", enum_values=list(STRATEGIES)),
            tuning_trials=ParameterInteger("TuningTrials", default_value=1),
            tuning_parallel_trials=ParameterInteger("TuningParallelTrials", default_value=1),
            criteria=ParameterString("AcceptanceCriteria", default_value=criteria),
            test_months=ParameterInteger("TestMonths", default_value=test_months),
            seed=ParameterInteger("Seed", default_value=seed),
            group=ParameterString("ModelPackageGroupName", default_value=group),
            approval=ParameterString(
                "ModelApprovalStatus",
                default_value="PendingManualApproval",
                enum_values=["PendingManualApproval", "Approved", "Rejected"],
            ),
        )

    def listed(self) -> list[Any]:
        """Return the parameters in order."""
        return [getattr(self, each.name) for each in fields(self)]
