"""`BatchTransform`: a SageMaker pipeline of one step, in which the live model answers files of requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnCondition
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.role_rules import RoleRules
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.ml.training_pipeline import TrainingPipeline
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding

_CSV = "text/csv"


class BatchTransform(PlacedConstruct):
    """Reads CSV files without a header below one prefix, a line a request, and writes an answer beside each line's place.

    It is a pipeline rather than a bare job, so that a person, a schedule and the alerts on failed runs meet it as they meet
    the training pipeline. The job runs as the model's own role, in the model's network (SageMaker API reference,
    `CreateTransformJob`), on whichever model is live when it starts.

    Args:
        name: name of the pipeline.
        use_case: the use case.
        model_name: SageMaker's name of the live model.
        data_uri: S3 URI of the use case's prefix of the artefact zone, without a slash at the end.
        key: key of that zone and of the job's disks.
        instance_type: SageMaker instance type of the job.
        instances: instances that share the files.
        disks_take_a_key: whether the instance type has disks that a key encrypts.
        job_tags: tags of the jobs, for cost allocation.
        rules: rules of the pipeline's role.
        condition: condition of the live model, if it has one.

    Controls: disks and answers under the agency's key, no other job than a transform with an encrypted disk can be started.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        use_case: str,
        model_name: str,
        data_uri: str,
        key: kms.IKey,
        instance_type: str,
        instances: int,
        disks_take_a_key: bool,
        job_tags: Mapping[str, str],
        rules: RoleRules,
        condition: CfnCondition | None,
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(self)
        jobs = place.arn("sagemaker", "transform-job/pipelines-*")
        protected = {"Null": {"sagemaker:VolumeKmsKey": "false"}} if disks_take_a_key else None
        watch = ["sagemaker:AddTags", "sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"]
        role = ServiceRole(
            self,
            "Role",
            service="sagemaker.amazonaws.com",
            description=f"Starts the batch transform of {use_case}",
            rules=rules,
            statements=[
                Statement("StartTransforms", ["sagemaker:CreateTransformJob"], [jobs], conditions=protected),
                Statement("WatchTransforms", watch, [jobs]),
            ],
            source_arns=[place.arn("sagemaker", f"pipeline/{name}")],
        )
        if role.policy is not None:
            acknowledge(
                role.policy,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, jobs),
                reason="SageMaker Pipelines names its jobs pipelines-<execution>-<step>: no name is known beforehand.",
                owner="platform-security",
                expires="2027-11-20",
            )
        self.pipeline = TrainingPipeline(
            self,
            "Pipeline",
            name=name,
            description=f"The live model of {use_case} answers files of requests",
            definition=definition(instance_type=instance_type, instances=instances, disks_take_a_key=disks_take_a_key),
            variables={"ModelName": model_name, "DataUri": data_uri, "KeyArn": key.key_arn},
            role=role,
            job_tags=job_tags,
            max_parallel_steps=1,
        )
        self.pipeline.resource.cfn_options.condition = condition


def definition(*, instance_type: str, instances: int, disks_take_a_key: bool) -> dict[str, Any]:
    """Return the pipeline's definition; `${ModelName}`, `${DataUri}` and `${KeyArn}` are filled in at deployment.

    Several lines go to the model in one request, at most 6 MB (SageMaker API reference, `CreateTransformJob`,
    `MaxPayloadInMB`); answers come back line by line, in the order of the requests.
    """
    parameters = {"InputUri": "${DataUri}/batch/input/", "OutputUri": "${DataUri}/batch/output/"}
    resources: dict[str, Any] = {"InstanceType": instance_type, "InstanceCount": instances}
    if disks_take_a_key:
        resources["VolumeKmsKeyId"] = "${KeyArn}"
    source = {"S3DataType": "S3Prefix", "S3Uri": {"Get": "Parameters.InputUri"}}
    return {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": [{"Name": name, "Type": "String", "DefaultValue": value} for name, value in parameters.items()],
        "Steps": [
            {
                "Name": "Transform",
                "Type": "Transform",
                "Arguments": {
                    "ModelName": "${ModelName}",
                    "BatchStrategy": "MultiRecord",
                    "MaxPayloadInMB": 6,
                    "TransformInput": {
                        "DataSource": {"S3DataSource": source},
                        "ContentType": _CSV,
                        "SplitType": "Line",
                    },
                    "TransformOutput": {
                        "S3OutputPath": {"Get": "Parameters.OutputUri"},
                        "Accept": _CSV,
                        "AssembleWith": "Line",
                        "KmsKeyId": "${KeyArn}",
                    },
                    "TransformResources": resources,
                },
            }
        ],
    }
