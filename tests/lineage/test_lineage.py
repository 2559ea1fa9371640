"""The picture says what the templates say: who may read and write what, across stacks, and what starts what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from govml.bootstrap.assembly import StackArtifact
from govml.cli.lineage import lineage
from govml.errors import UserError
from govml.lineage.mermaid import mermaid
from govml.lineage.picture import picture
from govml.lineage.svg import svg


def stack(name: str, resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> StackArtifact:
    return StackArtifact(
        name=name,
        display_name=name,
        environment="x",
        account="111122223333",
        region="ap-southeast-1",
        template={"Resources": resources, "Outputs": outputs or {}},
        template_file=Path("none"),
        waits_for=(),
        tags={},
        protected=False,
        assets=(),
        has_images=False,
    )


def arn(logical_id: str, tail: str = "/*") -> dict[str, Any]:
    return {"Fn::Join": ["", [{"Fn::GetAtt": [logical_id, "Arn"]}, tail]]}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    document = {"Statement": [{"Effect": "Allow", **each} for each in statements]}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}


def role(*policies: Any, tag: str | None = None) -> dict[str, Any]:
    tags = [{"Key": "govml-use-case", "Value": tag}] if tag else []
    return {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": list(policies), "Tags": tags}}


BUCKETS = {f"Lake{zone}Bucket0": {"Type": "AWS::S3::Bucket", "Properties": {}} for zone in ("Raw", "Curated")}


def arrows(*stacks: StackArtifact) -> set[tuple[str, str, str]]:
    found = picture(stacks)
    titles = {box.id: box.title for box in found.boxes}
    return {(titles[flow.source], titles[flow.target], flow.what) for flow in found.flows}


def test_reads_and_writes_become_arrows_across_stacks() -> None:
    shared = policy(
        {"Action": ["s3:GetObject"], "Resource": [arn("LakeRawBucket0", "/${aws:PrincipalTag/govml-use-case}/*")]},
        {"Action": "s3:PutObject", "Resource": arn("LakeCuratedBucket0")},
        {"Action": "s3:ListBucket", "Resource": arn("LakeCuratedBucket0", "")},
    )
    data = stack(
        "Data", {**BUCKETS, "Shared": shared}, {"Out": {"Value": {"Ref": "Shared"}, "Export": {"Name": "Data:Shared"}}}
    )
    pipeline = {"PipelineName": "p", "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}
    case = stack(
        "Case",
        {
            "Role": role({"Fn::ImportValue": "Data:Shared"}, tag="p"),
            "Pipeline": {"Type": "AWS::SageMaker::Pipeline", "Properties": pipeline},
        },
    )
    assert arrows(data, case) == {
        ("agency or publisher", "raw zone", "data"),
        ("raw zone", "p", "data"),
        ("p", "curated zone", "data"),
    }


def test_a_denial_or_a_look_is_no_flow() -> None:
    nothing = policy(
        {"Action": "s3:GetObject", "Resource": arn("LakeRawBucket0"), "Effect": "Deny"},
        {"Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": arn("LakeRawBucket0", "")},
    )
    resources = {
        **BUCKETS,
        "Nothing": nothing,
        "Role": role({"Ref": "Nothing"}),
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    assert picture([stack("Data", resources)]).flows == ()


def test_events_queues_and_starts() -> None:
    starts = policy(
        {
            "Action": "sagemaker:StartPipelineExecution",
            "Resource": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sagemaker:r:a:pipeline/p"]]},
        }
    )
    resources = {
        **BUCKETS,
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {"detail": {"bucket": {"name": [{"Ref": "LakeRawBucket0"}]}}},
                "Targets": [{"Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}],
            },
        },
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}, "FunctionName": {"Ref": "Trigger"}},
        },
        "Starts": starts,
        "Role": role({"Ref": "Starts"}),
        "Trigger": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
        "Pipeline": {"Type": "AWS::SageMaker::Pipeline", "Properties": {"PipelineName": "p"}},
    }
    assert arrows(stack("Data", resources)) >= {
        ("raw zone", "Queue", "start"),
        ("Queue", "Trigger", "start"),
        ("Trigger", "p", "start"),
    }


def test_a_prefix_that_nothing_is_delivered_to_is_no_source() -> None:
    tagged = policy(
        {"Action": "s3:GetObject", "Resource": arn("LakeRawBucket0", "/${aws:PrincipalTag/govml-use-case}/*")}
    )
    resources = {
        **BUCKETS,
        "Tagged": tagged,
        "Role": role({"Ref": "Tagged"}, tag="mlflow"),
        "Server": {
            "Type": "AWS::SageMaker::MlflowApp",
            "Properties": {"Name": "m", "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
        },
    }
    assert not picture([stack("Data", resources)]).flows


def test_the_drawings_are_well_formed_and_say_the_same(sandbox_picture: Any) -> None:
    root = ElementTree.fromstring(svg(sandbox_picture))  # noqa: S314  our own text
    paths = [each for each in root.iter() if each.tag.endswith("path") and each.get("class")]
    assert len(paths) == len(sandbox_picture.flows) > 5
    text = mermaid(sandbox_picture)
    assert all(f"  {flow.source} " in text for flow in sandbox_picture.flows)
    assert len({box.id for box in sandbox_picture.boxes}) == len(sandbox_picture.boxes)


def test_the_committed_picture_is_what_the_templates_say(sandbox_picture: Any) -> None:
    committed = Path(__file__).resolve().parents[2] / "docs" / "data-lineage.svg"
    assert committed.read_text(encoding="utf-8") == svg(sandbox_picture), (
        "run: govml lineage --output docs/data-lineage.svg"
    )


def test_the_command_writes_and_compares(sandbox_assembly: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.svg"
    arguments = ["--assembly", str(sandbox_assembly), "--output", str(target)]
    assert CliRunner().invoke(lineage, [*arguments, "--check"]).exit_code == 1
    assert CliRunner().invoke(lineage, arguments).exit_code == 0
    assert CliRunner().invoke(lineage, [*arguments, "--check"]).exit_code == 0
    shown = CliRunner().invoke(lineage, ["--assembly", str(sandbox_assembly)])
    assert shown.output.startswith("flowchart LR")
    wrong = CliRunner().invoke(lineage, ["--output", "x.png"])
    assert isinstance(wrong.exception, UserError)
    assert json.dumps(shown.output)


@pytest.mark.parametrize("arguments", [["--check"], ["--environment", "moon"]])
def test_a_wrong_call_is_explained(arguments: list[str]) -> None:
    assert isinstance(CliRunner().invoke(lineage, arguments).exception, UserError)
