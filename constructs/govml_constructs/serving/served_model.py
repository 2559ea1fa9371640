"""`ServedModel`: a SageMaker model that is cut off from all networks, in the subnets that have no way out."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import CfnCondition
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.place import PlacedConstruct
from govml_constructs.serving.endpoint_plan import EndpointPlaces
from govml_constructs.serving.release_parameters import Model


class ServedModel(PlacedConstruct):
    """One model with its container. It has no name of its own: a model never changes, another takes its place.

    Args:
        model: what is served.
        role_arn: role as which SageMaker fetches image and model.
        places: its network; None for serverless inference, which has none (see `endpoint_serverless` in the rules).
        variables: further variables of the container's environment.
        condition: condition of the model, if it has one.

    Attributes:
        name: the name that SageMaker gets for it.

    Controls: network isolation, private subnets; the container gets no credentials and no network.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        model: Model,
        role_arn: str,
        places: EndpointPlaces | None,
        variables: Mapping[str, str],
        condition: CfnCondition | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.resource = sagemaker.CfnModel(
            self,
            "Model",
            execution_role_arn=role_arn,
            enable_network_isolation=True if places else None,
            primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
                image=model.image,
                model_data_url=model.data,
                environment={
                    "GOVML_MODEL_VERSION": model.version,
                    "GOVML_MODEL_DIGEST": model.digest,
                    **variables,
                },
            ),
            vpc_config=sagemaker.CfnModel.VpcConfigProperty(
                subnets=list(places.subnet_ids), security_group_ids=[places.security_group_id]
            )
            if places
            else None,
        )
        self.resource.cfn_options.condition = condition
        self.name = self.resource.attr_model_name
