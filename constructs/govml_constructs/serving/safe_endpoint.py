"""`SafeEndpoint`: a model endpoint whose releases are watched and taken back by alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnCondition
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.monitoring.alarm_set import AlarmSet
from govml_constructs.place import PlacedConstruct
from govml_constructs.serving.async_results import AsyncResults
from govml_constructs.serving.endpoint_alarms import variant_alarms
from govml_constructs.serving.endpoint_configuration import data_capture, deployment_config
from govml_constructs.serving.endpoint_plan import CHALLENGER, LIVE, EndpointPlaces, EndpointPlan, Scaling
from govml_constructs.serving.endpoint_variants import variants
from govml_constructs.serving.release_parameters import ReleaseParameters
from govml_constructs.serving.served_model import ServedModel
from govml_constructs.validation.acknowledgement import acknowledge


class SafeEndpoint(PlacedConstruct):
    """Models, configuration, alarms, scaling and the endpoint, which exist once a model is released or handed over.

    A release changes the parameters: a new model and configuration take the place of the old ones, whose names CloudFormation
    makes, and the endpoint is updated in place. When an alarm rings, SageMaker brings the old instances back and
    CloudFormation rolls the whole update back, so that the parameters tell what is live.

    Scaled capacity survives a release (`RetainAllVariantProperties`; without it SageMaker falls back to the first number of
    instances), the share of a challenger does not: the release says it anew.

    Args:
        name: name of the endpoint.
        plan: what it is made of.
        places: where it stands, and where its data goes.
        parameters: what a release changes.
        variables: variables of the containers' environment, for their telemetry. A challenger's service has a name of its
            own, so that what it does is no part of what the endpoint promises.
        role_arn: role of the models.
        results: where answers go; for asynchronous endpoints only.
        alerts: topic that hears of its alarms.

    Controls: network isolation and private subnets, disks and captured data under the agency's key, data capture,
    blue/green rollout with alarms that take it back, no shell on the instances.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        plan: EndpointPlan,
        places: EndpointPlaces,
        parameters: ReleaseParameters,
        variables: Mapping[str, str],
        role_arn: str,
        results: AsyncResults | None,
        alerts: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._plan, self._places, self._parameters, self._name = plan, places, parameters, name
        network = None if plan.kind == "serverless" else places
        self.live = ServedModel(
            self,
            "Live",
            model=parameters.live,
            role_arn=role_arn,
            places=network,
            variables=variables,
            condition=parameters.has_live,
        )
        challenger = None
        if parameters.challenger is not None:
            challenger = ServedModel(
                self,
                "Challenger",
                model=parameters.challenger,
                role_arn=role_arn,
                places=network,
                variables=_of_challenger(variables),
                condition=parameters.has_challenger,
            )
        config = self._configuration(challenger, results)
        self.alarm_names = self._alarms(LIVE, parameters.has_live, alerts)
        rivals: list[str] = []
        if plan.challenger != "none":
            named = self._alarms(CHALLENGER, parameters.has_challenger, alerts)
            rivals = named if plan.challenger == "ab" else []  # a shadow answers nobody: its errors stop no release
        self.endpoint = sagemaker.CfnEndpoint(
            self, "Endpoint", endpoint_name=name, endpoint_config_name=config.attr_endpoint_config_name
        )
        self.endpoint.cfn_options.condition = parameters.has_live
        if plan.rollout is not None:
            self._override(DeploymentConfig=deployment_config(plan.rollout, self.alarm_names, rivals))
        if plan.scaling is not None:
            self._scale(plan, plan.scaling)
        if plan.kind == "serverless":
            _acknowledge_serverless(self)

    def _configuration(
        self, challenger: ServedModel | None, results: AsyncResults | None
    ) -> sagemaker.CfnEndpointConfig:
        plan, places = self._plan, self._places
        config = sagemaker.CfnEndpointConfig(
            self,
            "Config",
            production_variants=[],
            kms_key_id=places.volume_key.key_arn if places.volume_key else None,
        )
        properties: dict[str, Any] = variants(
            plan,
            live=self.live.name,
            challenger=challenger.name if challenger else None,
            parameters=self._parameters,
        )
        if plan.capture_percent:
            properties["DataCaptureConfig"] = data_capture(plan, places)
        if results is not None:
            properties["AsyncInferenceConfig"] = results.config()
        for key, value in properties.items():
            config.add_property_override(key, value)
        config.cfn_options.condition = self._parameters.has_live
        if places.volume_key is None:
            acknowledge(
                config,
                "NIST.800.53.R5-SageMakerEndpointConfigurationKMSKeyConfigured",
                reason=(
                    "SageMaker takes no key for these instances: their local disks are encrypted by hardware, and a "
                    "serverless endpoint has no disk of the agency's."
                ),
                owner="platform-security",
                expires="2027-11-20",
            )
        return config

    def _alarms(self, variant: str, condition: CfnCondition | None, alerts: sns.ITopic) -> list[str]:
        """Make a variant's alarms; the endpoint refers to their names, so they exist before it."""
        alarms = AlarmSet(
            self,
            f"{variant.title()}Alarms",
            name_prefix=self._name,
            rules=variant_alarms(self._name, variant, self._plan),
            topic=alerts,
        )
        for alarm in alarms.alarms:
            alarm.cfn_options.condition = condition
        return [alarm.ref for alarm in alarms.alarms]

    def _scale(self, plan: EndpointPlan, scaling: Scaling) -> None:
        from govml_constructs.serving.endpoint_scaling import EndpointScaling  # brings all of Application Auto Scaling

        self._override(
            RetainAllVariantProperties=True,
            ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
        )
        scaled = {LIVE: self._parameters.has_live}
        if plan.challenger == "ab":
            scaled[CHALLENGER] = self._parameters.has_challenger
        for variant, condition in scaled.items():
            EndpointScaling(
                self,
                f"{variant.title()}Scaling",
                endpoint=self.endpoint,
                endpoint_name=self._name,
                variant=variant,
                least=plan.instances,
                scaling=scaling,
                asynchronous=plan.kind == "asynchronous",
                condition=condition,
            )

    def _override(self, **properties: Any) -> None:
        for key, value in properties.items():
            self.endpoint.add_property_override(key, value)


def _of_challenger(variables: Mapping[str, str]) -> dict[str, str]:
    name = variables.get("OTEL_SERVICE_NAME")
    return {**variables, **({"OTEL_SERVICE_NAME": f"{name}-challenger"} if name else {})}


def _acknowledge_serverless(endpoint: SafeEndpoint) -> None:
    acknowledge(
        endpoint,
        "GovML-EndpointServerless",
        "GovML-SageMakerVpc",
        "GovML-SageMakerIsolation",
        reason=(
            "The agency file asks for a serverless endpoint, which has neither VPC nor isolation nor capture; its rules let "
            "only official-open data be served so, and never where no way to the internet is allowed."
        ),
        owner="platform-security",
        expires="2027-11-20",
    )
