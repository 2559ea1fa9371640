"""`ModelRegistryGroup`: where the versions of one use case's model are registered and approved."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.place import PlacedConstruct


class ModelRegistryGroup(PlacedConstruct):
    """A SageMaker model package group.

    Args:
        name: physical name; the pipeline registers into it by name.
        description: what the model predicts.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data: versions are evidence.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.resource = sagemaker.CfnModelPackageGroup(
            self, "Group", model_package_group_name=name, model_package_group_description=description
        )
        self.resource.apply_removal_policy(removal_policy)
        self.name = name
        self.arn = self.resource.attr_model_package_group_arn
