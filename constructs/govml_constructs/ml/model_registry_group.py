"""`ModelRegistryGroup`: where the versions of one use case's model are registered and approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.place import PlacedConstruct, place_of


class ModelRegistryGroup(PlacedConstruct):
    """A SageMaker model package group.

    Args:
        name: physical name; the pipeline registers into it by name.
        description: what the model predicts.
        partners: gives statements for roles of other environments, from the ARN of the group and the ARN pattern of its
            versions.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data: versions are evidence.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        partners: Callable[[str, str], Sequence[Mapping[str, object]]] | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(self)
        group, versions = (
            place.arn("sagemaker", f"model-package-group/{name}"),
            place.arn("sagemaker", f"model-package/{name}/*"),
        )
        statements = [dict(each) for each in partners(group, versions)] if partners else []
        self.resource = sagemaker.CfnModelPackageGroup(
            self,
            "Group",
            model_package_group_name=name,
            model_package_group_description=description,
            model_package_group_policy={"Version": "2012-10-17", "Statement": statements} if statements else None,
        )
        self.resource.apply_removal_policy(removal_policy)
        self.name = name
        self.arn = self.resource.attr_model_package_group_arn
