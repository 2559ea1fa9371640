"""`ModelRegistryGroup` and `ImageRepository`: what is registered or pushed stays as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bench import Stand


def test_the_group_has_the_name_that_the_pipeline_registers_into(bench: Mapping[str, Stand]) -> None:
    group = bench["Registry"].one("AWS::SageMaker::ModelPackageGroup")
    assert group.properties["ModelPackageGroupName"] == bench["Registry"].construct.name == "bench-dev-hdb-resale"


def test_registered_versions_outlive_the_stack(bench: Mapping[str, Stand]) -> None:
    assert bench["Registry"].one("AWS::SageMaker::ModelPackageGroup").kept()


def test_a_tag_cannot_be_moved(bench: Mapping[str, Stand]) -> None:
    assert bench["Images"].one("AWS::ECR::Repository").properties["ImageTagMutability"] == "IMMUTABLE"


def test_every_push_is_scanned(bench: Mapping[str, Stand]) -> None:
    scanning = bench["Images"].one("AWS::ECR::Repository").properties["ImageScanningConfiguration"]
    assert scanning == {"ScanOnPush": True}


def test_layers_are_encrypted_with_the_given_key(bench: Mapping[str, Stand]) -> None:
    encryption = bench["Images"].one("AWS::ECR::Repository").properties["EncryptionConfiguration"]
    assert encryption == {"EncryptionType": "KMS", "KmsKey": bench["DataKey"].one("AWS::KMS::Key").arn}


def test_images_outlive_the_stack_and_untagged_ones_go(bench: Mapping[str, Stand]) -> None:
    repository = bench["Images"].one("AWS::ECR::Repository")
    assert repository.kept()
    (rule,) = json.loads(repository.properties["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert (rule["selection"]["tagStatus"], rule["selection"]["countNumber"]) == ("untagged", 30)
