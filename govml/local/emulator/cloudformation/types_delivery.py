"""Delivery and guardrails: types that MiniStack's CloudFormation engine lacks."""

from __future__ import annotations

from govml.local.emulator.cloudformation.requests import (
    guardrail_request,
    package_domain_request,
    package_repository_request,
    pipeline_request,
)
from govml.local.emulator.cloudformation.spec import ApiType, FollowUp, Read, Tier

DELIVERY: dict[str, ApiType] = {
    "AWS::CodeArtifact::Domain": ApiType(
        Tier.RECORDED,
        "recorded",
        "codeartifact",
        "create_domain",
        "describe_domain",
        "delete_domain",
        key={"domain": "request.domain"},
        ref="resource.domain.arn",
        attributes={
            "Arn": "resource.domain.arn",
            "Name": "request.domain",
            "EncryptionKey": "resource.domain.encryptionKey",
        },
        request=package_domain_request,
        renamed={"DomainName": ("name",)},
        dropped=("PermissionsPolicyDocument",),
        extra_reads=(Read("codeartifact", "list_tags_for_resource", {"resourceArn": "resource.domain.arn"}),),
    ),
    "AWS::CodeArtifact::Repository": ApiType(
        Tier.RECORDED,
        "recorded",
        "codeartifact",
        "create_repository",
        "describe_repository",
        "delete_repository",
        key={"domain": "request.domain", "repository": "request.repository"},
        ref="resource.repository.arn",
        attributes={
            "Arn": "resource.repository.arn",
            "Name": "request.repository",
            "DomainName": "request.domain",
        },
        update="update_repository",
        request=package_repository_request,
        renamed={
            "RepositoryName": ("name",),
            "ExternalConnections": ("externalConnectionName",),
            "Upstreams": ("repositoryName",),
        },
        dropped=("PermissionsPolicyDocument",),
        follow_ups={
            "ExternalConnections": FollowUp(
                "associate_external_connection",
                {"domain": "key.domain", "repository": "key.repository", "externalConnection": "value"},
                each=True,
            )
        },
        extra_reads=(Read("codeartifact", "list_tags_for_resource", {"resourceArn": "resource.repository.arn"}),),
    ),
    "AWS::CodePipeline::Pipeline": ApiType(
        Tier.BACKED,
        "moto",
        "codepipeline",
        "create_pipeline",
        "get_pipeline",
        "delete_pipeline",
        key={"name": "request.pipeline.name"},
        ref="request.pipeline.name",
        attributes={"Version": "to_string(resource.pipeline.version)"},
        update="update_pipeline",
        name="Name",
        request=pipeline_request,
        dropped=("RestartExecutionOnUpdate", "DisableInboundStageTransitions"),
        extra_reads=(Read("codepipeline", "list_tags_for_resource", {"resourceArn": "resource.metadata.pipelineArn"}),),
    ),
    "AWS::CodeConnections::Connection": ApiType(
        Tier.RECORDED,
        "recorded",
        "codeconnections",
        "create_connection",
        "get_connection",
        "delete_connection",
        key={"ConnectionArn": "response.ConnectionArn"},
        ref="response.ConnectionArn",
        attributes={
            "ConnectionArn": "response.ConnectionArn",
            "ConnectionStatus": "resource.Connection.ConnectionStatus",
        },
        extra_reads=(
            Read("codeconnections", "list_tags_for_resource", {"ResourceArn": "resource.Connection.ConnectionArn"}),
        ),
    ),
    "AWS::Bedrock::Guardrail": ApiType(
        Tier.BACKED,
        "MiniStack",
        "bedrock",
        "create_guardrail",
        "get_guardrail",
        "delete_guardrail",
        key={"guardrailIdentifier": "response.guardrailId"},
        ref="response.guardrailArn",
        attributes={
            "GuardrailArn": "response.guardrailArn",
            "GuardrailId": "response.guardrailId",
            "Version": "response.version",
        },
        update="update_guardrail",
        name="Name",
        request=guardrail_request,
        extra_reads=(Read("bedrock", "list_tags_for_resource", {"resourceARN": "resource.guardrailArn"}),),
    ),
    "AWS::Bedrock::GuardrailVersion": ApiType(
        Tier.BACKED,
        "MiniStack",
        "bedrock",
        "create_guardrail_version",
        "get_guardrail",
        "delete_guardrail",
        key={"guardrailIdentifier": "response.guardrailId", "guardrailVersion": "response.version"},
        ref="join('|', [response.guardrailId, response.version])",
        attributes={
            "GuardrailArn": "resource.guardrailArn",
            "GuardrailId": "response.guardrailId",
            "Version": "response.version",
        },
    ),
}
