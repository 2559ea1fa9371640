"""What each role for people may do, as statements over the names of one environment.

Content of the lake is not among them: each zone's bucket policy names its readers and writers (`ZoneGrants`). Nor is
MLflow: its app has no name known beforehand, so the stack that makes it attaches a policy for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.persona_denials import never_approve, only_approve, only_look, protected_jobs_only
from govml_constructs.place import Place

RELEASE_MARK = "govml-release"
"""Key of the tag on a model package group that freezes its releases or ends its service."""

STUDIO_USER = "govml-studio-user"
"""Key of the tag on a Studio user profile that names its person, as the session of the agency's sign-in is named."""


@dataclass(frozen=True)
class PersonaScope:
    """The names that roles for people may touch.

    Args:
        place: partition, region and account.
        prefix: what every physical name of the environment starts with, as in `sandbox-dev`.
        tags: tags of every resource of the environment, for what has no name known beforehand.
    """

    place: Place
    prefix: str
    tags: Mapping[str, str]

    def role_name(self, persona: str) -> str:
        """Return the fixed name of a role for people, as in `sandbox-dev.data-scientist`.

        The dot sets it apart from the roles of services, whose names start with `sandbox-dev-`: those use the keys.
        """
        return f"{self.prefix}.{persona.replace('_', '-')}"

    @property
    def machine_learning(self) -> str:
        """ARN pattern of the environment's pipelines, runs, model packages and endpoints; the action says of which type."""
        return self.place.arn("sagemaker", f"*/{self.prefix}-*")

    @property
    def delivery(self) -> str:
        """ARN of the environment's delivery pipeline."""
        return self.place.arn("codepipeline", f"{self.prefix}-delivery")

    def tagged(self) -> dict[str, dict[str, object]]:
        """Return the condition that a resource carries the environment's tags."""
        return {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in self.tags.items()}}


def data_scientist(scope: PersonaScope) -> list[Statement]:
    """Explore curated data, work in Studio, run the pipelines, compare runs."""
    return [
        *_run_pipelines(scope),
        *_work_in_studio(scope),
        *_query(scope),
        _read_logs(scope),
        *never_approve(),
        *protected_jobs_only(),
    ]


def ml_engineer(scope: PersonaScope) -> list[Statement]:
    """Run pipelines, shift traffic between the variants of an endpoint, start deliveries, read logs.

    What an endpoint serves is changed by releases alone, which check who approved it and note it in the ledger.
    """
    return [
        *_run_pipelines(scope),
        *_work_in_studio(scope),
        *_query(scope),
        _read_logs(scope),
        Statement(
            sid="SteerEndpoints",
            actions=["sagemaker:UpdateEndpointWeightsAndCapacities"],
            resources=[scope.machine_learning],
        ),
        _mark_releases(scope),
        Statement(
            sid="RunDelivery",
            actions=[
                "codepipeline:GetPipeline",
                "codepipeline:GetPipelineExecution",
                "codepipeline:GetPipelineState",
                "codepipeline:StartPipelineExecution",
            ],
            resources=[scope.delivery],
        ),
        *never_approve(),
        *protected_jobs_only(),
    ]


def data_engineer(scope: PersonaScope) -> list[Statement]:
    """Query the lake; the zones' own policies let this role read and write them, and tables are made by code."""
    return [
        *_query(scope),
        _read_logs(scope),
        *never_approve(),
        *protected_jobs_only(),
    ]


def approver(scope: PersonaScope) -> list[Statement]:
    """Approve or reject model versions and deliveries, freeze or end releases; nothing else is changed."""
    return [
        Statement(  # a decision and its reason; no note of others goes (service authorization reference, SageMaker)
            sid="DecideOnModels",
            actions=["sagemaker:UpdateModelPackage"],
            resources=[scope.machine_learning],
            conditions={
                "Null": {
                    "sagemaker:CustomerMetadataPropertiesToRemove": "true",
                    "sagemaker:ModelApprovalStatus": "false",
                }
            },
        ),
        _mark_releases(scope),
        Statement(
            sid="DecideOnDeliveries",
            actions=["codepipeline:PutApprovalResult"],
            resources=[f"{scope.delivery}/Approve/Approve"],
        ),
        Statement(sid="SeeDelivery", actions=["codepipeline:GetPipelineState"], resources=[scope.delivery]),
        *only_approve(),
    ]


def auditor(_scope: PersonaScope) -> list[Statement]:
    """See how everything is configured, and who did what; no content of data, logs or models."""
    return [
        Statement(
            sid="SeeIdentitiesAndKeys",
            actions=[
                "iam:GetPolicy",
                "iam:GetPolicyVersion",
                "iam:GetRole",
                "iam:ListAttachedRolePolicies",
                "iam:ListPolicies",
                "iam:ListRolePolicies",
                "iam:ListRoles",
                "kms:DescribeKey",
                "kms:GetKeyPolicy",
                "kms:GetKeyRotationStatus",
                "kms:ListAliases",
                "kms:ListGrants",
                "kms:ListKeys",
            ],
            resources=["*"],
        ),
        Statement(
            sid="SeeStorageAndNetwork",
            actions=[
                "ec2:DescribeFlowLogs",
                "ec2:DescribeSecurityGroupRules",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcEndpoints",
                "ec2:DescribeVpcs",
                "s3:GetBucketLogging",
                "s3:GetBucketObjectLockConfiguration",
                "s3:GetBucketPolicy",
                "s3:GetBucketPublicAccessBlock",
                "s3:GetBucketVersioning",
                "s3:GetEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:ListAllMyBuckets",
            ],
            resources=["*"],
        ),
        Statement(
            sid="SeeChanges",
            actions=[
                "bedrock:GetGuardrail",
                "bedrock:GetModelInvocationLoggingConfiguration",
                "bedrock:ListGuardrails",
                "cloudformation:DescribeStackResources",
                "cloudformation:GetTemplate",
                "cloudformation:ListStacks",
                "cloudtrail:LookupEvents",
                "codepipeline:GetPipeline",
                "codepipeline:GetPipelineState",
                "codepipeline:ListPipelineExecutions",
                "codepipeline:ListPipelines",
            ],
            resources=["*"],
        ),
        *only_look(),
    ]


PERSONAS: Mapping[str, Callable[[PersonaScope], list[Statement]]] = MappingProxyType(
    {
        "data_scientist": data_scientist,
        "ml_engineer": ml_engineer,
        "data_engineer": data_engineer,
        "approver": approver,
        "auditor": auditor,
    }
)
"""Role for people -> its own statements; `see_platform` comes on top for each."""


def see_platform(scope: PersonaScope) -> list[Statement]:
    """Return what every role for people sees: names, states and metrics, no content. Few of these take a resource."""
    nouns = ("Endpoint", "EndpointConfig", "Model", "ModelPackage", "ModelPackageGroup", "Pipeline")
    jobs = ("HyperParameterTuningJob", "ProcessingJob", "TrainingJob", "TransformJob")
    return [
        Statement(
            sid="SeeMachineLearning",
            actions=sorted(
                [
                    *(f"sagemaker:Describe{noun}" for noun in (*nouns, *jobs, "Domain", "PipelineExecution")),
                    *(f"sagemaker:List{noun}s" for noun in (*nouns, *jobs, "Domain", "PipelineExecution")),
                    "sagemaker:ListPipelineExecutionSteps",
                    "sagemaker:ListPipelineParametersForExecution",
                    "sagemaker:ListTags",
                    "sagemaker-mlflow:AccessUI",  # shows nothing of a server that the role may not read
                ]
            ),
            resources=["*"],
        ),
        Statement(
            sid="SeeOperations",
            actions=[
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStacks",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:GetDashboard",
                "cloudwatch:GetMetricData",
                "cloudwatch:ListDashboards",
                "cloudwatch:ListMetrics",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
            ],
            resources=["*"],
        ),
        Statement(sid="ReadOwnParameters", actions=["ssm:GetParameter"], resources=["*"], conditions=scope.tagged()),
    ]


def _run_pipelines(scope: PersonaScope) -> list[Statement]:
    """The pipeline runs as its own role, whose jobs are protected by conditions; people start no job of their own."""
    return [
        Statement(
            sid="RunPipelines",
            actions=[
                "sagemaker:RetryPipelineExecution",
                "sagemaker:StartPipelineExecution",
                "sagemaker:StopPipelineExecution",
            ],
            resources=[scope.machine_learning],
        )
    ]


def _mark_releases(scope: PersonaScope) -> Statement:
    """A tag freezes releases or ends a service; the release function reads it, and CloudTrail tells who set it."""
    return Statement(
        sid="MarkReleases",
        actions=["sagemaker:AddTags"],
        resources=[scope.machine_learning],
        conditions={
            "ForAllValues:StringEquals": {"aws:TagKeys": [RELEASE_MARK]},
            "Null": {f"aws:RequestTag/{RELEASE_MARK}": "false"},
        },
    )


def _work_in_studio(scope: PersonaScope) -> list[Statement]:
    return [
        Statement(  # each their own profile: the audit trail names people by it, and its home folder is theirs
            sid="OpenStudio",
            actions=["sagemaker:CreatePresignedDomainUrl"],
            resources=[scope.machine_learning],
            conditions={
                **scope.tagged(),
                # `<role id>:<session name>`; the variable stands for nothing, and nothing matches, where the tag is missing
                "StringLike": {"aws:userid": f"*:${{aws:ResourceTag/{STUDIO_USER}}}"},
            },
        ),
    ]


def _query(scope: PersonaScope) -> list[Statement]:
    place = scope.place
    return [
        Statement(
            sid="QueryByOwnWorkgroup",
            actions=[
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetWorkGroup",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ],
            resources=[place.arn("athena", f"workgroup/{scope.prefix}")],
        ),
        Statement(
            sid="SeeCatalogue",
            actions=[
                "athena:ListWorkGroups",
                "glue:GetDatabase",
                "glue:GetDatabases",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
                "lakeformation:GetDataAccess",  # takes no resource; Lake Formation's own grants decide
            ],
            resources=["*"],
        ),
    ]


def _read_logs(scope: PersonaScope) -> Statement:
    return Statement(
        sid="ReadOwnLogs",
        actions=["logs:FilterLogEvents", "logs:StartQuery"],
        resources=["*"],
        conditions=scope.tagged(),
    )
