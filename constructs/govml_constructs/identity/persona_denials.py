"""What roles for people must never do, as denials: whatever else is attached to them later, these outweigh it."""

from __future__ import annotations

from govml_constructs.identity.customer_policy import Statement

_TRAIN = [
    "sagemaker:CreateAutoMLJob",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateTransformJob",
    "sagemaker:RetryPipelineExecution",
    "sagemaker:StartPipelineExecution",
]
_DEPLOY = [
    "sagemaker:CreateEndpoint",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:CreateModel",
    "sagemaker:CreatePipeline",
    "sagemaker:DeleteEndpoint",
    "sagemaker:UpdateEndpoint",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
    "sagemaker:UpdatePipeline",
    "codepipeline:RetryStageExecution",
    "codepipeline:StartPipelineExecution",
]
_REGISTER = ["sagemaker:CreateModelPackage", "sagemaker:DeleteModelPackage"]
_WRITE_DATA = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject", "sagemaker:PutRecord", "glue:UpdateTable"]
_READ_CONTENT = [
    "athena:GetQueryResults",
    "athena:StartQueryExecution",
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:StartQuery",
    "sagemaker:BatchGetRecord",
    "sagemaker:CreatePresignedDomainUrl",
    "sagemaker:GetRecord",
    "sagemaker:InvokeEndpoint",
    "sagemaker:InvokeEndpointAsync",
    "sqs:ReceiveMessage",
]


def never_approve() -> list[Statement]:
    """Return what holds for whoever trains or deploys: no approval of a model, of a deployment, or by registering."""
    return [
        _deny("NeverApprove", ["sagemaker:UpdateModelPackage", "codepipeline:PutApprovalResult"]),
        register_pending_only(),
    ]


def register_pending_only() -> Statement:
    """Return the denial of a model package that is registered as approved from the start, past the approver."""
    return Statement(
        sid="RegisterPendingOnly",
        effect="Deny",
        actions=["sagemaker:CreateModelPackage"],
        resources=["*"],
        conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": "Approved"}},
    )


def only_approve() -> list[Statement]:
    """Return what holds for the approver: no training, no deployment, no writing of data or of model packages."""
    return [_deny("NeverTrainOrDeploy", [*_TRAIN, *_DEPLOY]), _deny("NeverWrite", [*_REGISTER, *_WRITE_DATA])]


def only_look() -> list[Statement]:
    """Return what holds for the auditor: nothing is changed, and no content of data, logs or models is read."""
    return [
        *only_approve(),
        _deny("NeverApprove", ["sagemaker:UpdateModelPackage", "codepipeline:PutApprovalResult"]),
        _deny("NeverReadContent", _READ_CONTENT),
    ]


def protected_jobs_only() -> list[Statement]:
    """Return the denial of any job, model or notebook without VPC, volume key, encryption and network isolation.

    A key that the request lacks counts as unprotected: `Null` says so for subnets and keys, `...IfExists` for flags.
    Each action is listed under the keys that it knows (service authorization reference, Amazon SageMaker).
    """
    jobs = ["CreateAutoMLJob", "CreateHyperParameterTuningJob", "CreateProcessingJob", "CreateTrainingJob"]
    isolated = ["CreateHyperParameterTuningJob", "CreateProcessingJob", "CreateTrainingJob", "CreateModel"]
    volumes = [*jobs, "CreateEndpointConfig", "CreateNotebookInstance", "CreateTransformJob"]
    return [
        _deny(
            "NeverOutsideTheVpc",
            [f"sagemaker:{name}" for name in (*jobs, "CreateModel", "CreateNotebookInstance")],
            {"Null": {"sagemaker:VpcSubnets": "true"}},
        ),
        _deny(
            "NeverWithoutVolumeKey",
            [f"sagemaker:{name}" for name in volumes],
            {"Null": {"sagemaker:VolumeKmsKey": "true"}},
        ),
        _deny(
            "NeverInTheClearBetweenContainers",
            [f"sagemaker:{name}" for name in jobs],
            {"BoolIfExists": {"sagemaker:InterContainerTrafficEncryption": "false"}},
        ),
        _deny(
            "NeverWithoutIsolation",
            [f"sagemaker:{name}" for name in isolated],
            {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}},
        ),
        _deny(
            "NeverDirectlyOnTheInternet",
            ["sagemaker:CreateNotebookInstance"],
            {"StringEqualsIfExists": {"sagemaker:DirectInternetAccess": "Enabled"}},
        ),
    ]


def _deny(sid: str, actions: list[str], conditions: dict[str, dict[str, object]] | None = None) -> Statement:
    return Statement(sid=sid, effect="Deny", actions=actions, resources=["*"], conditions=conditions)
