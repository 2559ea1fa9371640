"""`EndpointScaling`: the number of a variant's instances follows the requests; asynchronous endpoints may reach zero."""

from __future__ import annotations

from aws_cdk import CfnCondition, CfnResource
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from govml_constructs.place import PlacedConstruct
from govml_constructs.serving.endpoint_plan import Scaling
from govml_constructs.validation.acknowledgement import acknowledge

_DIMENSION = "sagemaker:variant:DesiredInstanceCount"
_SCALE_IN_SECONDS = 300  # new instances take minutes, so none is given up for a short lull
_SCALE_OUT_SECONDS = 60


class EndpointScaling(PlacedConstruct):
    """Target tracking on requests per instance, or on waiting requests per instance of an asynchronous endpoint.

    An endpoint's update that would change the instance type of a variant that scales is refused by SageMaker (developer
    guide, "Update endpoints that use auto scaling"): take `max_instances` out first, deploy, then change the type.

    Args:
        endpoint: the endpoint, which must exist first.
        endpoint_name: its name.
        variant: name of the variant.
        least: instances at least; 0 for asynchronous endpoints only.
        scaling: how many at most, and at which load.
        asynchronous: whether requests wait in a queue.
        condition: condition of the variant, if it has one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoint: CfnResource,
        endpoint_name: str,
        variant: str,
        least: int,
        scaling: Scaling,
        asynchronous: bool,
        condition: CfnCondition | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._target = autoscaling.CfnScalableTarget(
            self,
            "Target",
            service_namespace="sagemaker",
            scalable_dimension=_DIMENSION,
            resource_id=f"endpoint/{endpoint_name}/variant/{variant}",
            min_capacity=least,
            max_capacity=scaling.most,
        )
        self._target.add_resource_dependency(endpoint)
        made: list[CfnResource] = [self._target, self._track(endpoint_name, scaling, asynchronous=asynchronous)]
        if asynchronous and least == 0:
            made += self._wake(endpoint_name)
        for each in made:
            each.cfn_options.condition = condition

    def _track(self, endpoint_name: str, scaling: Scaling, *, asynchronous: bool) -> autoscaling.CfnScalingPolicy:
        policy = autoscaling.CfnScalingPolicy
        requests = policy.PredefinedMetricSpecificationProperty(
            predefined_metric_type="SageMakerVariantInvocationsPerInstance"
        )
        waiting = policy.CustomizedMetricSpecificationProperty(
            metric_name="ApproximateBacklogSizePerInstance",
            namespace="AWS/SageMaker",
            dimensions=[policy.MetricDimensionProperty(name="EndpointName", value=endpoint_name)],
            statistic="Average",
        )
        return policy(
            self,
            "Track",
            policy_name="follow-requests",
            policy_type="TargetTrackingScaling",
            scaling_target_id=self._target.ref,
            target_tracking_scaling_policy_configuration=policy.TargetTrackingScalingPolicyConfigurationProperty(
                target_value=scaling.per_instance,
                predefined_metric_specification=None if asynchronous else requests,
                customized_metric_specification=waiting if asynchronous else None,
                scale_in_cooldown=_SCALE_IN_SECONDS,
                scale_out_cooldown=_SCALE_OUT_SECONDS,
            ),
        )

    def _wake(self, endpoint_name: str) -> list[CfnResource]:
        """Start the first instance as soon as one request waits; the tracking alone would wait for a whole target's worth.

        Source: SageMaker developer guide, "Autoscale an asynchronous endpoint" (scaling policy that scales up from zero).
        """
        policy = autoscaling.CfnScalingPolicy
        wake = policy(
            self,
            "Wake",
            policy_name="wake-from-zero",
            policy_type="StepScaling",
            scaling_target_id=self._target.ref,
            step_scaling_policy_configuration=policy.StepScalingPolicyConfigurationProperty(
                adjustment_type="ChangeInCapacity",
                metric_aggregation_type="Average",
                cooldown=_SCALE_IN_SECONDS,
                step_adjustments=[policy.StepAdjustmentProperty(metric_interval_lower_bound=0, scaling_adjustment=1)],
            ),
        )
        alarm = cloudwatch.CfnAlarm(
            self,
            "Waiting",
            alarm_name=f"{endpoint_name}-Waiting",
            alarm_description=f"Requests wait and {endpoint_name} has no instance: one is started. Nothing to do.",
            namespace="AWS/SageMaker",
            metric_name="HasBacklogWithoutCapacity",
            dimensions=[cloudwatch.CfnAlarm.DimensionProperty(name="EndpointName", value=endpoint_name)],
            statistic="Average",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            period=60,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[wake.ref],
        )
        acknowledge(
            alarm,
            "GovML-SafeguardLeftOut",
            reason="The alarm starts an instance and tells nobody, so there is nobody to tell that it is over either.",
            owner="platform-security",
            expires="2027-11-20",
        )
        return [wake, alarm]
