"""What the release keeps of a version: its reports beside the archive, and its approval bundle as evidence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from release_places import ACCOUNTS, DIGEST, REPORTS, client, place, register, tell

from govml.release.bundle.keeping import keep_bundles, keep_reports
from govml.release.live_rows import keep_live_rows, live_key
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


KNOWN = {
    "kind": "regression",
    "model_version": "m1",
    "rows": [{"instance": {"area": 90 + number}, "answer": 500.0 + number, "truth": 1.0} for number in range(9)],
}


def live(where: Place) -> dict[str, Any]:
    return dict(json.loads(where.s3.get_object(Bucket=where.artifacts, Key=live_key(where.slug))["Body"].read()))


def keep(where: Place) -> bool:
    return keep_live_rows(where.s3, case(where), where.ledger().entries())


def test_a_few_known_rows_of_what_is_live_stand_at_one_place(dev: Place) -> None:
    assert keep(dev) is False  # nothing is live
    register(dev)
    dev.s3.put_object(
        Bucket=dev.artifacts, Key=f"{dev.released(DIGEST)}reports/known_answers.json", Body=json.dumps(KNOWN).encode()
    )
    tell(dev, "deployed", 1)
    assert keep(dev) is True
    found = live(dev)
    assert (found["version"], found["model_digest"]) == (1, DIGEST)
    assert found["known"]["model_version"] == "m1"
    assert [row["answer"] for row in found["known"]["rows"]] == [500.0, 501.0, 502.0]
    assert "truth" not in found["known"]["rows"][0]
    assert keep(dev) is False


@pytest.mark.parametrize("content", [None, b"no json", b'{"kind": "regression", "rows": []}'])
def test_a_version_without_known_answers_is_live_all_the_same(dev: Place, content: bytes | None) -> None:
    tell(dev, "deployed", 4, digest=OTHER)
    if content is not None:
        dev.s3.put_object(Bucket=dev.artifacts, Key=f"{dev.released(OTHER)}reports/known_answers.json", Body=content)
    keep(dev)
    assert live(dev) == {"version": 4, "model_digest": OTHER, "known": None}


def test_the_end_of_a_service_is_noted(dev: Place) -> None:
    tell(dev, "deployed", 1)
    keep(dev)
    tell(dev, "deployed", 0, digest="")
    assert keep(dev) is True
    assert live(dev)["version"] == 0
