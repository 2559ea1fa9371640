"""`DeliveryPipeline`: a CodePipeline V2 that tests, synthesises, gates and deploys this repository."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.delivery.build_project import BuildProject
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.place import PlacedConstruct

_Cfn = codepipeline.CfnPipeline


@dataclass(frozen=True)
class Source:
    """Where the code comes from.

    Args:
        connection_arn: CodeConnections connection.
        repository: `owner/name`.
        branch: a push to it starts the pipeline.
    """

    connection_arn: str
    repository: str
    branch: str


class DeliveryPipeline(PlacedConstruct):
    """Source, then test + synth + gate, then (where asked) a person's approval, then deploy of exactly what was gated.

    Args:
        name: physical name.
        source: repository and branch.
        verify: project that tests, synthesises and runs the gate; its output is the assembly.
        deploy: project that deploys that assembly without building anything again.
        role: the pipeline's role.
        artifact_bucket: bucket name of the artefact store.
        key: key of the artefact store.
        approval_topic_arn: topic that asks for approval before the deployment; None deploys at once.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        source: Source,
        verify: BuildProject,
        deploy: BuildProject,
        role: ServiceRole,
        artifact_bucket: str,
        key: kms.IKey,
        approval_topic_arn: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        stages = [
            _stage("Source", _source_action(source)),
            _stage("Verify", _build_action("TestSynthGate", verify, "Source", "Assembly")),
        ]
        if approval_topic_arn is not None:
            stages.append(_stage("Approve", _approval_action(approval_topic_arn)))
        stages.append(_stage("Deploy", _build_action("Deploy", deploy, "Assembly", None)))
        self.name = name
        self.resource = _Cfn(
            self,
            "Pipeline",
            name=name,
            pipeline_type="V2",
            execution_mode="QUEUED",
            restart_execution_on_update=False,
            role_arn=role.role_arn,
            artifact_store=_Cfn.ArtifactStoreProperty(
                type="S3",
                location=artifact_bucket,
                encryption_key=_Cfn.EncryptionKeyProperty(id=key.key_arn, type="KMS"),
            ),
            stages=stages,
            triggers=[
                _Cfn.PipelineTriggerDeclarationProperty(
                    provider_type="CodeStarSourceConnection",
                    git_configuration=_Cfn.GitConfigurationProperty(
                        source_action_name="Checkout",
                        push=[
                            _Cfn.GitPushFilterProperty(
                                branches=_Cfn.GitBranchFilterCriteriaProperty(includes=[source.branch])
                            )
                        ],
                    ),
                )
            ],
        )


def _stage(name: str, action: _Cfn.ActionDeclarationProperty) -> _Cfn.StageDeclarationProperty:
    return _Cfn.StageDeclarationProperty(name=name, actions=[action])


def _source_action(source: Source) -> _Cfn.ActionDeclarationProperty:
    return _Cfn.ActionDeclarationProperty(
        name="Checkout",
        action_type_id=_Cfn.ActionTypeIdProperty(
            category="Source", owner="AWS", provider="CodeStarSourceConnection", version="1"
        ),
        configuration={
            "ConnectionArn": source.connection_arn,
            "FullRepositoryId": source.repository,
            "BranchName": source.branch,
            "OutputArtifactFormat": "CODE_ZIP",
            # the trigger's filter starts the pipeline; detection beside it would start it on any change (CodePipeline user
            # guide, "Automate starting pipelines using triggers and filtering")
            "DetectChanges": "false",
        },
        output_artifacts=[_Cfn.OutputArtifactProperty(name="Source")],
    )


def _build_action(name: str, project: BuildProject, takes: str, gives: str | None) -> _Cfn.ActionDeclarationProperty:
    return _Cfn.ActionDeclarationProperty(
        name=name,
        action_type_id=_Cfn.ActionTypeIdProperty(category="Build", owner="AWS", provider="CodeBuild", version="1"),
        configuration={"ProjectName": project.name},
        input_artifacts=[_Cfn.InputArtifactProperty(name=takes)],
        output_artifacts=[_Cfn.OutputArtifactProperty(name=gives)] if gives else None,
    )


def _approval_action(topic_arn: str) -> _Cfn.ActionDeclarationProperty:
    return _Cfn.ActionDeclarationProperty(
        name="Approve",
        action_type_id=_Cfn.ActionTypeIdProperty(category="Approval", owner="AWS", provider="Manual", version="1"),
        configuration={
            "NotificationArn": topic_arn,
            "CustomData": "Read the gate's summary in the Verify stage, then approve or reject this deployment.",
        },
    )
