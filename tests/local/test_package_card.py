"""The local account keeps a model package's card, which moto forgets: else a release would attach it for ever."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws
from moto.sagemaker.models import sagemaker_backends

from govml.local.emulator.backends import moto, moto_gaps

CARD = {"ModelCardContent": "{}", "ModelCardStatus": "Draft"}


def test_a_card_that_is_attached_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        sagemaker = boto3.client("sagemaker", region_name="ap-southeast-1")
        sagemaker.create_model_package_group(ModelPackageGroupName="g")
        arn = sagemaker.create_model_package(
            ModelPackageGroupName="g", CustomerMetadataProperties={"UseCase": "u"}, ModelApprovalStatus="Rejected"
        )["ModelPackageArn"]
        monkeypatch.setattr(moto, "backend", lambda _: sagemaker_backends["123456789012"]["ap-southeast-1"])

        assert "ModelCard" not in moto_gaps.describe_model_package({"ModelPackageName": arn})
        moto_gaps.update_model_package({"ModelPackageArn": arn, "ModelCard": CARD})
        described = moto_gaps.describe_model_package({"ModelPackageName": arn})

    assert json.loads(json.dumps(described)) == described
    assert described["ModelCard"] == CARD
    assert (described["ModelApprovalStatus"], described["CustomerMetadataProperties"]) == ("Rejected", {"UseCase": "u"})
