"""What the release keeps of a version: its reports beside the archive, and its approval bundle as evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from release_places import ACCOUNTS, DIGEST, REPORTS, client, place, register, tell

from govml.release.bundle.keeping import keep_bundles, keep_reports
from govml.release.promotion.place import Place
from govml.release.rules import Rules, UseCase

OTHER = "7" * 64


@pytest.fixture
def dev() -> Iterator[Place]:
    with mock_aws():
        yield place("dev")


def case(where: Place) -> UseCase:
    return UseCase(
        slug=where.slug,
        environment="dev",
        prefix=where.group_name.removesuffix(f"-{where.slug}"),
        evidence=where.evidence,
        artifacts=where.artifacts,
        rules=Rules(approvers=("Boss",), consumers=("Valuers",)),
    )


def bundles(where: Place, packages: dict[int, str]) -> list[str]:
    made = keep_bundles(
        lambda service: client(service, ACCOUNTS["dev"]),
        case(where),
        where.ledger().entries(),
        packages=packages,
        account=ACCOUNTS["dev"],
    )
    for each in made:
        bucket, key = each.uri.removeprefix("s3://").split("/", 1)
        content = where.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        assert hashlib.sha256(content).hexdigest() == each.sha256
        assert b"Approval of hdb-resale" in content
        assert b"Valuers" in content
    return [each.uri.rsplit("/", 1)[-1] for each in made]


def test_a_version_that_waits_gets_one_bundle_against_the_live_one(dev: Place) -> None:
    for _ in range(3):
        register(dev)
    tell(dev, "deployed", 1)
    packages = {1: "Approved", 2: "Rejected", 3: "PendingManualApproval"}
    assert bundles(dev, packages) == ["0000000003-against-0000000001.html"]
    assert bundles(dev, packages) == []


def test_another_champion_means_another_bundle(dev: Place) -> None:
    for _ in range(3):
        register(dev)
    waiting = {3: "PendingManualApproval"}
    assert bundles(dev, waiting) == ["0000000003-against-0000000000.html"]
    tell(dev, "deployed", 2)
    assert bundles(dev, waiting) == ["0000000003-against-0000000002.html"]


def test_versions_below_the_live_one_are_history(dev: Place) -> None:
    register(dev)
    tell(dev, "deployed", 2)
    assert bundles(dev, {1: "PendingManualApproval"}) == []


def package(where: Place) -> dict[str, Any]:
    found: dict[str, Any] = where.sagemaker.describe_model_package(ModelPackageName=where.package_arn(register(where)))
    return found


def kept(where: Place) -> dict[str, bytes]:
    prefix = f"{where.released(OTHER)}reports/"
    listed = where.s3.list_objects_v2(Bucket=where.artifacts, Prefix=prefix).get("Contents", ())
    return {
        each["Key"].removeprefix(prefix): where.s3.get_object(Bucket=where.artifacts, Key=each["Key"])["Body"].read()
        for each in listed
    }


def test_reports_are_copied_beside_the_released_archive(dev: Place) -> None:
    keep_reports(dev.s3, package(dev), case(dev), OTHER)
    assert set(kept(dev)) == set(REPORTS)
    assert kept(dev)["fairness.json"] == b'{"file": "fairness.json"}'


def test_a_report_that_is_gone_does_not_stop_a_release_and_one_that_stands_is_left(dev: Place) -> None:
    described = package(dev)
    dev.s3.delete_object(Bucket=dev.artifacts, Key=f"{dev.released(DIGEST)}reports/fairness.json")
    dev.s3.put_object(Bucket=dev.artifacts, Key=f"{dev.released(OTHER)}reports/evaluation.json", Body=b"as it was")
    keep_reports(dev.s3, described, case(dev), OTHER)
    assert set(kept(dev)) == set(REPORTS) - {"fairness.json"}
    assert kept(dev)["evaluation.json"] == b"as it was"
