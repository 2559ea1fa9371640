"""`ModelMonitor`: a data quality schedule of SageMaker Model Monitor on an endpoint, for accounts that may still make one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Annotations, Aws, CfnCondition, CfnMapping, Fn
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.place import PlacedConstruct, place_of

_REPOSITORY = "sagemaker-model-monitor-analyzer"
_DISK_GB = 20
# SageMaker API reference, `MonitoringStoppingCondition`: no longer than the time between two jobs, which is an hour at least.
_LONGEST_SECONDS = 3300


class Analyzer(PlacedConstruct):
    """AWS's own image of Model Monitor, whose account the template looks up by its region.

    Args:
        accounts: region -> account of the repository.

    Attributes:
        image: the image as a job takes it; AWS publishes it without tags.
        repository_arn: ARN of its repository.
    """

    def __init__(self, scope: Construct, construct_id: str, *, accounts: Mapping[str, str]) -> None:
        super().__init__(scope, construct_id)
        found = CfnMapping(self, "Accounts", mapping={region: {"Account": each} for region, each in accounts.items()})
        account, region = found.find_in_map(Aws.REGION, "Account"), Aws.REGION
        self.image = f"{account}.dkr.ecr.{region}.{Aws.URL_SUFFIX}/{_REPOSITORY}"
        self.repository_arn = place_of(self).arn("ecr", f"repository/{_REPOSITORY}", account=account)


@dataclass(frozen=True)
class QualityPlan:
    """What the jobs compare, when, and on what.

    Args:
        endpoint: name of the endpoint whose captured requests they read.
        data_uri: S3 URI of the use case's prefix in the artefact zone, without a slash at its end.
        statistics: path of the baseline's statistics below it.
        constraints: path of the baseline's constraints below it.
        record_preprocessor: path of a script below it that makes rows of captured requests; None: they are rows as they are.
        reports: folder below it that takes reports.
        schedule: `cron(...)` as Model Monitor takes it, in UTC.
        instance_type: SageMaker instance type of a job.
    """

    endpoint: str
    data_uri: str
    statistics: str
    constraints: str
    record_preprocessor: str | None
    reports: str
    schedule: str
    instance_type: str


class ModelMonitor(PlacedConstruct):
    """A job definition and its schedule.

    No property of a definition can be changed, so it has no name of its own: CloudFormation makes another one and points the
    schedule at it. Both need the endpoint, so they come with the first model that is live.

    Args:
        name: name of the schedule.
        plan: what is compared.
        image: image of the jobs.
        role_arn: role of the jobs.
        subnet_ids: subnets of the jobs.
        security_group_id: their security group.
        key: key of reports and disks.
        disks_take_a_key: whether the instance type has disks that a key encrypts.
        notice: what has to be known of the service's future; shown at synth.
        condition: condition of the live model; None where there always is one.
        waits_for: resources that have to be there first, such as the endpoint.

    Controls: reports and disks under the agency's key, jobs in the VPC without any network of their own container, traffic
    between containers encrypted, an end to every job.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        plan: QualityPlan,
        image: str,
        role_arn: str,
        subnet_ids: Sequence[str],
        security_group_id: str,
        key: kms.IKey,
        disks_take_a_key: bool,
        notice: str,
        condition: CfnCondition | None,
        waits_for: Sequence[Construct] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        # Not a warning: the gate lets no warning pass, and whoever has named a baseline in the agency file has decided.
        Annotations.of(self).add_info(notice)
        cfn = sagemaker.CfnDataQualityJobDefinition
        self.definition = cfn(
            self,
            "Definition",
            role_arn=role_arn,
            data_quality_app_specification=cfn.DataQualityAppSpecificationProperty(
                image_uri=image,
                environment={"publish_cloudwatch_metrics": "Enabled"},
                record_preprocessor_source_uri=(
                    f"{plan.data_uri}/{plan.record_preprocessor}" if plan.record_preprocessor else None
                ),
            ),
            data_quality_baseline_config=cfn.DataQualityBaselineConfigProperty(
                statistics_resource=cfn.StatisticsResourceProperty(s3_uri=f"{plan.data_uri}/{plan.statistics}"),
                constraints_resource=cfn.ConstraintsResourceProperty(s3_uri=f"{plan.data_uri}/{plan.constraints}"),
            ),
            data_quality_job_input=cfn.DataQualityJobInputProperty(
                endpoint_input=cfn.EndpointInputProperty(
                    endpoint_name=plan.endpoint,
                    local_path="/opt/ml/processing/input/endpoint",
                    s3_input_mode="File",
                    s3_data_distribution_type="FullyReplicated",
                )
            ),
            data_quality_job_output_config=cfn.MonitoringOutputConfigProperty(
                kms_key_id=key.key_arn,
                monitoring_outputs=[
                    cfn.MonitoringOutputProperty(
                        s3_output=cfn.S3OutputProperty(
                            local_path="/opt/ml/processing/output",
                            s3_uri=f"{plan.data_uri}/{plan.reports}",
                            s3_upload_mode="EndOfJob",
                        )
                    )
                ],
            ),
            job_resources=cfn.MonitoringResourcesProperty(
                cluster_config=cfn.ClusterConfigProperty(
                    instance_count=1,
                    instance_type=plan.instance_type,
                    volume_size_in_gb=_DISK_GB,
                    volume_kms_key_id=key.key_arn if disks_take_a_key else None,
                )
            ),
            network_config=cfn.NetworkConfigProperty(
                enable_network_isolation=True,
                enable_inter_container_traffic_encryption=True,
                vpc_config=cfn.VpcConfigProperty(subnets=list(subnet_ids), security_group_ids=[security_group_id]),
            ),
            stopping_condition=cfn.StoppingConditionProperty(max_runtime_in_seconds=_LONGEST_SECONDS),
        )
        self.definition.cfn_options.condition = condition
        self.definition.node.add_dependency(*waits_for)
        schedule = sagemaker.CfnMonitoringSchedule
        self.schedule = schedule(
            self,
            "Schedule",
            monitoring_schedule_name=name,
            monitoring_schedule_config=schedule.MonitoringScheduleConfigProperty(
                monitoring_type="DataQuality",
                # CloudFormation tells the ARN of a definition and not the name that it has made.
                monitoring_job_definition_name=Fn.select(1, Fn.split("/", self.definition.attr_job_definition_arn)),
                schedule_config=schedule.ScheduleConfigProperty(schedule_expression=plan.schedule),
            ),
        )
        self.schedule.cfn_options.condition = condition
