"""Endpoints have no network, are encrypted, and see their own use case's data only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import REGION, Template
from endpoint_stage import BOTH, CONFIG, ENDPOINT, KEY, MODEL, PLANS, POLICY, RELEASED, TARGET, one

from govml.resource_schemas import resource_schema


class TestProtection:
    @pytest.mark.parametrize("name", sorted(set(PLANS) - {"Serverless"}))
    def test_models_have_neither_network_nor_way_out(self, templates: Mapping[str, Template], name: str) -> None:
        for model in templates[name].given(**BOTH).made(MODEL):
            assert model.properties["EnableNetworkIsolation"] is True
            assert model.properties["VpcConfig"]["Subnets"]

    @pytest.mark.parametrize("name", sorted(set(PLANS) - {"Serverless", "Disks"}))
    def test_disks_are_under_the_agency_s_key(self, templates: Mapping[str, Template], name: str) -> None:
        assert one(templates[name].given(**RELEASED), CONFIG)["KmsKeyId"] == KEY

    def test_requests_and_answers_are_captured_below_the_use_case_s_prefix(
        self, templates: Mapping[str, Template]
    ) -> None:
        capture = one(templates["Plain"].given(**RELEASED), CONFIG)["DataCaptureConfig"]
        assert capture["EnableCapture"] is True
        assert capture["InitialSamplingPercentage"] == 100
        assert capture["DestinationS3Uri"] == "s3://artifacts/x/capture"
        assert capture["KmsKeyId"] == KEY
        assert [each["CaptureMode"] for each in capture["CaptureOptions"]] == ["Input", "Output"]
        for name in ("Async", "Serverless"):
            assert "DataCaptureConfig" not in one(templates[name].given(**RELEASED), CONFIG)

    def test_answers_of_an_asynchronous_endpoint_are_encrypted_wherever_they_go(
        self, templates: Mapping[str, Template]
    ) -> None:
        given = templates["Async"].given(**RELEASED)
        output = one(given, CONFIG)["AsyncInferenceConfig"]["OutputConfig"]
        assert output["KmsKeyId"] == KEY
        topics = {each.arn: each.properties for each in given.made("AWS::SNS::Topic")}
        assert set(output["NotificationConfig"].values()) == set(topics)
        assert {each["KmsMasterKeyId"] for each in topics.values()} == {KEY}

    def test_everything_that_is_written_is_as_cloudformation_s_schemas_have_it(
        self, templates: Mapping[str, Template]
    ) -> None:
        for name in PLANS:
            for resource in templates[name].given(**BOTH).made(MODEL, CONFIG, ENDPOINT, TARGET, POLICY):
                allowed = resource_schema(resource.type, REGION)["properties"]
                assert set(resource.properties) <= set(allowed), resource.path


def test_the_data_of_an_endpoint_is_its_own_use_case_s(bench: Mapping[str, Stand]) -> None:
    statements = {each["Sid"]: each for each in bench["ServingData"].policy()["Statement"]}
    read, written = statements["ReadReleasedModels"], statements["KeepCapturedData"]
    own = "/${aws:PrincipalTag/govml-use-case}/"
    assert [each.partition(own)[2] for each in read["Resource"]] == ["released/*", "batch/input/*"]
    assert [each.partition(own)[2] for each in written["Resource"]] == ["capture/*", "batch/output/*"]
    assert read["Action"] == ["s3:GetObject"]
    assert set(statements["UseZoneKey"]["Condition"]["StringEquals"]) == {"kms:ViaService"}
    found = statements["FindBatchFiles"]["Condition"]["StringLike"]["s3:prefix"]
    assert found == f"{own.removeprefix('/')}batch/input/*"
