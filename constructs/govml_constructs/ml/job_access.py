"""`JobRuntimePolicy` and `PipelineRuntimePolicy`: what every job, and every pipeline, needs of SageMaker and the platform.

The network of jobs is in `job_network.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.persona_denials import register_pending_only
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.identity.statements import use_key
from govml_constructs.identity.use_case_access import OWN_NAME
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding

#: Name of the step of a training pipeline that tunes.
TUNING_STEP = "Tune"


class JobRuntimePolicy(PlacedConstruct):
    """What a SageMaker job, or an endpoint, needs of the platform beside its network: log stream, image, keys.

    Args:
        repository_arn: the ECR repository of job images.
        promoted_from: repositories of other environments, whose images come with the models that are promoted from there.
        log_group_arns: log groups of jobs; they exist, encrypted, before the first job. Empty for endpoints: each has a
            group of its own.
        volume_keys: keys of job volumes and of the repository.
        rules: path of the policy.
        subject: who has it, as the policy's description says.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        repository_arn: str,
        log_group_arns: Sequence[str],
        volume_keys: Sequence[kms.IKey],
        rules: RoleRules,
        subject: str = "SageMaker job",
        promoted_from: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        keys = [key.key_arn for key in volume_keys]
        actions = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
        logs = (
            [Statement(sid="WriteJobLogs", actions=actions, resources=list(log_group_arns))] if log_group_arns else []
        )
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description=f"What every {subject} needs of the platform",
            path=rules.path,
            statements=[
                *logs,
                Statement(
                    sid="PullImage",
                    actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    resources=[repository_arn, *promoted_from],
                ),
                use_key("UseVolumeKeys", keys),
                Statement(
                    sid="LetServicesUseVolumeKeys",
                    actions=["kms:CreateGrant"],
                    resources=keys,
                    conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
                ),
            ],
        )


class PipelineRuntimePolicy(PlacedConstruct):
    """What every pipeline role needs: protected jobs named by SageMaker Pipelines, packages of its own group.

    Jobs must name subnets, a volume key and encryption between containers, or IAM refuses them; so must tuning jobs, whose
    request carries the definition of their trials (service authorization reference, Amazon SageMaker). Approval
    (`sagemaker:UpdateModelPackage`) is not among the actions, and a package registered as approved is denied: who trains
    cannot approve.

    Args:
        registry_prefix: prefix of model package groups; the use case's tag follows it, as in `sandbox-dev-<use case>`.
        rules: path of the policy.
    """

    def __init__(self, scope: Construct, construct_id: str, *, registry_prefix: str, rules: RoleRules) -> None:
        super().__init__(scope, construct_id)
        place = place_of(scope)
        group_name = f"{registry_prefix}{OWN_NAME}"
        group = place.arn("sagemaker", f"model-package-group/{group_name}")
        packages = place.arn("sagemaker", f"model-package/{group_name}/*")
        jobs = place.arn("sagemaker", "*-job/pipelines-*")  # of which kind, the actions say
        # A tuning job's name has 32 characters at most, too few for the prefix: what is sure is the step in its middle.
        searches = place.arn("sagemaker", f"hyper-parameter-tuning-job/*-{TUNING_STEP}-*")
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Start protected jobs and register models, by the caller's use-case tag",
            path=rules.path,
            statements=[
                Statement(
                    sid="StartProtectedJobs",
                    actions=["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"],
                    resources=[jobs],
                    conditions=_protected(),
                ),
                Statement(
                    sid="StartProtectedSearches",
                    actions=["sagemaker:CreateHyperParameterTuningJob"],
                    resources=[searches],
                    conditions={
                        **_protected(),
                        "Bool": {**_protected()["Bool"], "sagemaker:NetworkIsolation": "true"},  # every trial is
                    },
                ),
                Statement(
                    sid="WatchSearches",
                    actions=[
                        "sagemaker:AddTags",
                        "sagemaker:DescribeHyperParameterTuningJob",
                        "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
                        "sagemaker:StopHyperParameterTuningJob",
                    ],
                    resources=[searches],
                ),
                Statement(
                    sid="WatchJobs",
                    actions=[
                        "sagemaker:AddTags",
                        "sagemaker:DescribeProcessingJob",
                        "sagemaker:DescribeTrainingJob",
                        "sagemaker:StopProcessingJob",
                        "sagemaker:StopTrainingJob",
                    ],
                    resources=[jobs],
                ),
                Statement(
                    sid="RegisterModels",
                    actions=["sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"],
                    resources=[group, packages],
                ),
                register_pending_only(),
                Statement(sid="SeeGroup", actions=["sagemaker:DescribeModelPackageGroup"], resources=[group]),
            ],
        )
        for resource in (jobs, searches, packages):
            acknowledge(
                self.policy,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, resource),
                reason=(
                    "SageMaker Pipelines names its jobs pipelines-<execution>-<step>, tuning jobs shorter, and the registry "
                    "numbers package versions, so no name is known beforehand; each is held to the part that is."
                ),
                owner="platform-security",
                expires="2027-11-20",
            )


def _protected() -> dict[str, dict[str, str]]:
    """Return the conditions that every job must meet: in the VPC, its volume encrypted, its traffic too."""
    return {
        "Null": {"sagemaker:VpcSubnets": "false", "sagemaker:VolumeKmsKey": "false"},
        "Bool": {"sagemaker:InterContainerTrafficEncryption": "true"},
    }
