"""SageMaker's resource types: the registry, pipelines and endpoints on moto; what moto lacks is recorded only."""

from __future__ import annotations

import json

from govml.local.emulator.cloudformation.endpoints import (
    ENDPOINT_UPDATE_ONLY,
    endpoint_in_service,
    endpoint_request,
)
from govml.local.emulator.cloudformation.spec import ApiType, FollowUp, Properties, Read, Tier, unchanged


def pipeline_request(properties: Properties) -> Properties:
    """`PipelineDefinition` is an object with a body or an S3 location in CloudFormation, two parameters in the API."""
    request = {name: value for name, value in properties.items() if name != "PipelineDefinition"}
    definition = properties["PipelineDefinition"]
    if "PipelineDefinitionBody" in definition:
        body = definition["PipelineDefinitionBody"]
        request["PipelineDefinition"] = body if isinstance(body, str) else json.dumps(body)
        json.loads(request["PipelineDefinition"])
        return request
    location = definition["PipelineDefinitionS3Location"]
    version = {"VersionId": location["Version"]} if location.get("Version") else {}
    request["PipelineDefinitionS3Location"] = {"Bucket": location["Bucket"], "ObjectKey": location["Key"], **version}
    return request


def domain_update(properties: Properties) -> Properties:
    """The settings of a domain have another name when they are changed."""
    renamed = dict(properties)
    if "DomainSettings" in renamed:
        renamed["DomainSettingsForUpdate"] = renamed.pop("DomainSettings")
    return renamed


def _tags(arn: str) -> tuple[Read, ...]:
    return (Read("sagemaker", "list_tags", {"ResourceArn": arn}),)


SAGEMAKER: dict[str, ApiType] = {
    "AWS::SageMaker::Pipeline": ApiType(
        Tier.BACKED,
        "moto",
        "sagemaker",
        "create_pipeline",
        "describe_pipeline",
        "delete_pipeline",
        key={"PipelineName": "request.PipelineName"},
        ref="request.PipelineName",
        update="update_pipeline",
        name="PipelineName",
        request=pipeline_request,
        extra_reads=_tags("resource.PipelineArn"),
    ),
    "AWS::SageMaker::ModelPackageGroup": ApiType(
        Tier.BACKED,
        "moto",
        "sagemaker",
        "create_model_package_group",
        "describe_model_package_group",
        "delete_model_package_group",
        key={"ModelPackageGroupName": "request.ModelPackageGroupName"},
        ref="response.ModelPackageGroupArn",
        attributes={
            "ModelPackageGroupArn": "response.ModelPackageGroupArn",
            "ModelPackageGroupStatus": "resource.ModelPackageGroupStatus",
        },
        name="ModelPackageGroupName",
        follow_ups={
            "ModelPackageGroupPolicy": FollowUp(
                "put_model_package_group_policy",
                {"ModelPackageGroupName": "key.ModelPackageGroupName", "ResourcePolicy": "value"},
            )
        },
        extra_reads=(
            Read(
                "sagemaker",
                "get_model_package_group_policy",
                {"ModelPackageGroupName": "key.ModelPackageGroupName"},
                absent=("ValidationException",),
            ),
            *_tags("resource.ModelPackageGroupArn"),
        ),
    ),
    "AWS::SageMaker::Model": ApiType(
        Tier.BACKED,
        "moto",
        "sagemaker",
        "create_model",
        "describe_model",
        "delete_model",
        key={"ModelName": "request.ModelName"},
        ref="response.ModelArn",
        attributes={"ModelName": "request.ModelName"},
        name="ModelName",
        extra_reads=_tags("resource.ModelArn"),
    ),
    "AWS::SageMaker::EndpointConfig": ApiType(
        Tier.BACKED,
        "moto",
        "sagemaker",
        "create_endpoint_config",
        "describe_endpoint_config",
        "delete_endpoint_config",
        key={"EndpointConfigName": "request.EndpointConfigName"},
        ref="response.EndpointConfigArn",
        attributes={
            "EndpointConfigName": "request.EndpointConfigName",
            "EndpointConfigArn": "response.EndpointConfigArn",
        },
        name="EndpointConfigName",
        extra_reads=_tags("resource.EndpointConfigArn"),
    ),
    "AWS::SageMaker::Endpoint": ApiType(
        Tier.BACKED,
        "moto",
        "sagemaker",
        "create_endpoint",
        "describe_endpoint",
        "delete_endpoint",
        key={"EndpointName": "request.EndpointName"},
        ref="response.EndpointArn",
        attributes={"EndpointName": "request.EndpointName", "EndpointArn": "response.EndpointArn"},
        update="update_endpoint",
        name="EndpointName",
        request=endpoint_request,
        update_request=unchanged,
        settled=endpoint_in_service,
        renamed={"DeploymentConfig": ("LastDeploymentConfig",)},
        unreadable=ENDPOINT_UPDATE_ONLY,
        extra_reads=_tags("resource.EndpointArn"),
    ),
    "AWS::SageMaker::Domain": ApiType(
        Tier.BACKED,
        "moto",
        "sagemaker",
        "create_domain",
        "describe_domain",
        "delete_domain",
        key={"DomainId": "tail:response.DomainArn"},
        ref="tail:response.DomainArn",
        attributes={
            "DomainArn": "response.DomainArn",
            "DomainId": "tail:response.DomainArn",
            "Url": "resource.Url",
            "HomeEfsFileSystemId": "resource.HomeEfsFileSystemId",
            "SecurityGroupIdForDomainBoundary": "resource.SecurityGroupIdForDomainBoundary",
        },
        update="update_domain",
        update_request=domain_update,
        extra_reads=_tags("resource.DomainArn"),
    ),
    "AWS::SageMaker::UserProfile": ApiType(
        Tier.RECORDED,
        "recorded",
        "sagemaker",
        "create_user_profile",
        "describe_user_profile",
        "delete_user_profile",
        key={"DomainId": "request.DomainId", "UserProfileName": "request.UserProfileName"},
        ref="request.UserProfileName",
        attributes={"UserProfileArn": "response.UserProfileArn"},
        update="update_user_profile",
        extra_reads=_tags("resource.UserProfileArn"),
    ),
    "AWS::SageMaker::MlflowApp": ApiType(
        Tier.RECORDED,
        "recorded",
        "sagemaker",
        "create_mlflow_app",
        "describe_mlflow_app",
        "delete_mlflow_app",
        key={"Arn": "response.Arn"},
        ref="response.Arn",
        attributes={"Arn": "response.Arn", "MlflowAppId": "tail:response.Arn", "Status": "resource.Status"},
        update="update_mlflow_app",
        name="Name",
        extra_reads=_tags("resource.Arn"),
    ),
    "AWS::SageMaker::MlflowTrackingServer": ApiType(
        Tier.RECORDED,
        "recorded",
        "sagemaker",
        "create_mlflow_tracking_server",
        "describe_mlflow_tracking_server",
        "delete_mlflow_tracking_server",
        key={"TrackingServerName": "request.TrackingServerName"},
        ref="request.TrackingServerName",
        attributes={"TrackingServerArn": "response.TrackingServerArn"},
        update="update_mlflow_tracking_server",
        name="TrackingServerName",
        extra_reads=_tags("resource.TrackingServerArn"),
    ),
    "AWS::SageMaker::DataQualityJobDefinition": ApiType(
        Tier.RECORDED,
        "recorded",
        "sagemaker",
        "create_data_quality_job_definition",
        "describe_data_quality_job_definition",
        "delete_data_quality_job_definition",
        key={"JobDefinitionName": "request.JobDefinitionName"},
        ref="response.JobDefinitionArn",
        attributes={"JobDefinitionArn": "response.JobDefinitionArn"},
        name="JobDefinitionName",
        extra_reads=_tags("resource.JobDefinitionArn"),
    ),
    "AWS::SageMaker::MonitoringSchedule": ApiType(
        Tier.RECORDED,
        "recorded",
        "sagemaker",
        "create_monitoring_schedule",
        "describe_monitoring_schedule",
        "delete_monitoring_schedule",
        key={"MonitoringScheduleName": "request.MonitoringScheduleName"},
        ref="response.MonitoringScheduleArn",
        attributes={"MonitoringScheduleArn": "response.MonitoringScheduleArn"},
        update="update_monitoring_schedule",
        name="MonitoringScheduleName",
        extra_reads=_tags("resource.MonitoringScheduleArn"),
    ),
    "AWS::SageMaker::FeatureGroup": ApiType(
        Tier.RECORDED,
        "recorded",
        "sagemaker",
        "create_feature_group",
        "describe_feature_group",
        "delete_feature_group",
        key={"FeatureGroupName": "request.FeatureGroupName"},
        ref="request.FeatureGroupName",
        attributes={"FeatureGroupStatus": "resource.FeatureGroupStatus"},
        update="update_feature_group",
        name="FeatureGroupName",
        extra_reads=_tags("resource.FeatureGroupArn"),
    ),
}
