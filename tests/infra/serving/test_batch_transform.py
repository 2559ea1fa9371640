"""Batch transforms run with the live model, protected."""

from __future__ import annotations

import json
from collections.abc import Mapping

import botocore.session
import botocore.validate
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from endpoint_stage import KEY, MODEL
from identities import Identity

from govml_constructs.serving.batch_transform import definition


class TestBatch:
    def test_it_exists_with_the_live_model_only(self, bench: Mapping[str, Stand]) -> None:
        pipeline = bench["Batch"].one("AWS::SageMaker::Pipeline")
        model = bench["Live"].one(MODEL)
        assert pipeline.body["Condition"] == model.body["Condition"] == "HasRelease"
        assert model.name in str(pipeline.properties["PipelineDefinition"])

    def test_its_step_is_a_request_that_sagemaker_takes(self) -> None:
        made = definition(instance_type="ml.m5.large", instances=2, disks_take_a_key=True)
        (step,) = made["Steps"]
        shapes = botocore.session.get_session().get_service_model("sagemaker")
        shape = shapes.operation_model("CreateTransformJob").input_shape
        arguments = json.loads(json.dumps(step["Arguments"]).replace('{"Get": "Parameters.InputUri"}', '"s3://a/b"'))
        arguments["TransformOutput"]["S3OutputPath"] = "s3://a/c"
        report = botocore.validate.ParamValidator().validate({"TransformJobName": "x", **arguments}, shape)
        assert not report.has_errors(), report.generate_report()

    def test_disks_and_answers_are_encrypted(self) -> None:
        arguments = definition(instance_type="ml.m5.large", instances=1, disks_take_a_key=True)["Steps"][0]["Arguments"]
        assert arguments["TransformResources"]["VolumeKmsKeyId"] == "${KeyArn}"
        assert arguments["TransformOutput"]["KmsKeyId"] == "${KeyArn}"
        local = definition(instance_type="ml.g4dn.xlarge", instances=1, disks_take_a_key=False)["Steps"][0]["Arguments"]
        assert "VolumeKmsKeyId" not in local["TransformResources"]

    def test_its_role_starts_protected_transforms_and_nothing_else(self, bench: Mapping[str, Stand]) -> None:
        role = Identity(bench["Batch"].one("AWS::IAM::Role"), bench["Batch"].template.all())
        job = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:transform-job/pipelines-1a2b-Transform"
        assert role.may("sagemaker:CreateTransformJob", job, {"sagemaker:VolumeKmsKey": KEY})
        assert not role.may("sagemaker:CreateTransformJob", job)
        assert not role.may(
            "sagemaker:CreateTransformJob", job.replace("pipelines-", "mine-"), {"sagemaker:VolumeKmsKey": KEY}
        )
        for action in ("CreateTrainingJob", "UpdateEndpoint", "CreateModel"):
            assert not role.may(f"sagemaker:{action}", "*")
