"""Serving: one use case's endpoint. A release changes its parameters and nothing else. Duty: ML engineer."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import CfnOutput
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.serving.async_results import AsyncResults
from govml_constructs.serving.endpoint_plan import EndpointPlaces
from govml_constructs.serving.handed_over_model import HandedOverModel
from govml_constructs.serving.release_parameters import ReleaseParameters
from govml_constructs.serving.safe_endpoint import SafeEndpoint
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import REPOSITORY, EnvironmentContext
from stacks.environment.cost_tags import tag_use_case
from stacks.environment.job_code import dependency_tag
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.ml.ml_platform import MlPlatformStack
from stacks.serving.batch import make_batch
from stacks.serving.endpoint_watch import watch_promises, watch_traffic
from stacks.serving.model_monitor import add_model_monitor
from stacks.serving.serving_plan import container_variables, disks_take_a_key, endpoint_plan
from stacks.telemetry.telemetry import TelemetryStack, feed


class ServingStack(EnvironmentStack):
    """The endpoint of a use case, with its role, log, alarms and scaling."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        use_case: str,
        security: SecurityStack,
        network: NetworkStack,
        data: DataStack,
        platform: MlPlatformStack,
        telemetry: TelemetryStack | None = None,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description=f"Endpoint of {use_case} (ML engineer)")
        settings = context.settings.use_cases[use_case].endpoint
        if settings is None:
            raise ValueError(f"{use_case} has no endpoint")
        self._use_case, self._security, self._platform = use_case, security, platform
        self._artifacts = data.zones["artifacts"]
        plan, name = endpoint_plan(settings), context.names.endpoint(use_case)
        tag_use_case(self, context.names.slug(use_case))
        handed_over = self._handed_over()
        self.parameters = ReleaseParameters(
            self,
            "Release",
            handed_over=handed_over.model if handed_over else None,
            challenger=plan.challenger != "none",
        )
        log = self._log(name)
        feed(self, "TelemetryFeed", telemetry=telemetry, log_group_name=log.log_group_name)
        results = self._results(plan.concurrency) if plan.kind == "asynchronous" else None
        extra = [each.statements() for each in (handed_over, results) if each is not None]
        self.role = self._role(log, data, [statement for statements in extra for statement in statements])
        self.endpoint = SafeEndpoint(
            self,
            "Serving",
            name=name,
            plan=plan,
            places=EndpointPlaces(
                subnet_ids=network.subnet_ids,
                security_group_id=network.job_tier.group_id,
                data_uri=self._data_uri,
                key=security.ml_key,
                volume_key=security.ml_key if disks_take_a_key(settings) else None,
            ),
            parameters=self.parameters,
            variables=container_variables(context.settings, name, settings.objectives),
            role_arn=self.role.role_arn,
            results=results,
            alerts=security.alerts,
        )
        self.endpoint.endpoint.add_resource_dependency(log.resource)
        batch = context.settings.use_cases[use_case].batch
        if batch is not None:
            make_batch(
                self,
                context=context,
                use_case=use_case,
                batch=batch,
                model_name=self.endpoint.live.name,
                data_uri=self._data_uri,
                security=security,
                condition=self.parameters.has_live,
            )
        topic, has_live = security.alerts, self.parameters.has_live
        watch_promises(self, endpoint=name, settings=settings.objectives, topic=topic, condition=has_live)
        if settings.alarms.unusual_traffic:
            watch_traffic(self, endpoint=name, kind=settings.kind, topic=topic, condition=has_live)
        add_model_monitor(
            self,
            context=context,
            use_case=use_case,
            endpoint=self.endpoint,
            parameters=self.parameters,
            data_uri=self._data_uri,
            security=security,
            network=network,
            data=data,
            platform=platform,
        )
        self._tell(
            EndpointName=name, LiveVersion=self.parameters.live.version, LiveModelDigest=self.parameters.live.digest
        )
        live = ssm.CfnParameter(
            self,
            "LiveModelParameter",
            name=context.names.live_model(use_case),
            type="String",
            value=self.parameters.live.data,
        )
        live.cfn_options.condition = self.parameters.has_live

    @property
    def _data_uri(self) -> str:
        return f"s3://{self._artifacts.bucket_name}/{self.context.names.slug(self._use_case)}"

    def _handed_over(self) -> HandedOverModel | None:
        settings = self.context.settings.use_cases[self._use_case]
        if settings.model is None:
            return None
        return HandedOverModel(
            self,
            "HandedOver",
            location=settings.model if settings.model.startswith("s3://") else str(REPOSITORY / settings.model),
            image=self._platform.images.repository_uri_for_tag(settings.image_tag or dependency_tag()),
        )

    def _log(self, endpoint: str) -> EncryptedLogGroup:
        """Return the log group that SageMaker would make itself, without a key and for ever."""
        return self._security.log_group(self, "Log", name=f"/aws/sagemaker/Endpoints/{endpoint}")

    def _results(self, concurrency: int) -> AsyncResults:
        return AsyncResults(
            self,
            "Results",
            data_uri=self._data_uri,
            key=self._security.ml_key,
            messages_key=self._security.logs_key,
            concurrency=concurrency,
        )

    def _role(self, log: EncryptedLogGroup, data: DataStack, statements: Sequence[Statement]) -> ServiceRole:
        if not self._platform.endpoint_policies or data.policies.serving_data is None:
            raise ValueError("the platform was made without endpoints")
        return ServiceRole(
            self,
            "Role",
            service="sagemaker.amazonaws.com",
            description=f"Fetches image and model of the endpoint of {self._use_case}, keeps what it captures",
            rules=self.context.role_rules,
            policies=[*self._platform.endpoint_policies, data.policies.serving_data],
            statements=[*write_to_log_group(log.log_group_arn), *statements],
            source_arns=[self.place.arn("sagemaker", "*")],
            tags={USE_CASE_TAG: self.context.names.slug(self._use_case)},
        )

    def _tell(self, **outputs: str) -> None:
        """Say what is live, by names that releases read."""
        for name, value in outputs.items():
            output = CfnOutput(self, f"{name}Output", value=value, condition=self.parameters.has_live)
            output.override_logical_id(name)
