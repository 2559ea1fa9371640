"""`promote`: by digest, once, whole after any interruption, and nothing that its source does not stand behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.validate import ParamValidator
from moto import mock_aws
from release_places import DIGEST, IMAGE, place, register, tell

from govml.errors import UserError
from govml.release.promotion.place import Place
from govml.release.promotion.promote import promote
from govml.release.promotion.registering import request


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def dev(aws: None) -> Place:
    where = place("dev")
    tell(where, "deployed", register(where))
    return where


@pytest.fixture
def uat(aws: None) -> Place:
    return place("uat")


def keys(where: Place, bucket: str) -> set[str]:
    return {item["Key"] for item in where.s3.list_objects_v2(Bucket=bucket).get("Contents", ())}


def packages(where: Place) -> list[dict[str, Any]]:
    listed = where.sagemaker.list_model_packages(ModelPackageGroupName=where.group_name)["ModelPackageSummaryList"]
    return [where.sagemaker.describe_model_package(ModelPackageName=each["ModelPackageArn"]) for each in listed]


def everything(where: Place) -> tuple[Any, ...]:
    versions = [where.s3.list_object_versions(Bucket=each)["Versions"] for each in (where.artifacts, where.evidence)]
    written = [sorted((item["Key"], item["VersionId"]) for item in each) for each in versions]
    return (*written, [each["ModelPackageArn"] for each in packages(where)])


def test_the_same_bytes_and_image_arrive_to_be_approved_here(dev: Place, uat: Place) -> None:
    done = promote(dev, uat, who="ci")
    (package,) = packages(uat)
    (container,) = package["InferenceSpecification"]["Containers"]
    assert (container["Image"], done.image) == (IMAGE, IMAGE)
    assert container["ModelDataUrl"] == f"s3://artifacts-uat/hdb-resale/released/{DIGEST}/model.tar.gz"
    assert keys(uat, "artifacts-uat") == keys(dev, "artifacts-dev")
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert package["ModelPackageArn"] == done.package


def test_what_the_package_refers_to_stands_in_the_target(dev: Place, uat: Place) -> None:
    promote(dev, uat, who="ci")
    (package,) = packages(uat)
    notes = package["CustomerMetadataProperties"]
    assert "dev" not in json.dumps([{**notes, "PromotedFrom": ""}, package["ModelMetrics"]])
    assert notes["PromotedFrom"].endswith("model-package/agency-dev-hdb-resale/1")
    assert not {"ApprovedBy", "signed-off.Valuers"} & set(notes)  # that was said of another package
    assert notes["DriftBaseline"] == f"s3://artifacts-uat/hdb-resale/released/{DIGEST}/baseline.json"


def test_the_package_s_card_is_the_model_s_in_the_form_that_a_package_takes(dev: Place, uat: Place) -> None:
    package = dev.sagemaker.describe_model_package(ModelPackageName=dev.package_arn(1))
    card = {"model_overview": {"model_owner": "The team", "algorithm_type": "xgboost"}, "intended_uses": {"x": "y"}}
    made = request(package, target=uat, digest=DIGEST, image=IMAGE, reports="s3://b/r/reports", card=card)
    assert json.loads(made["ModelCard"]["ModelCardContent"]) == {
        "model_overview": {"model_creator": "The team"},
        "intended_uses": {"x": "y"},
    }
    assert "ModelCard" not in request(package, target=uat, digest=DIGEST, image=IMAGE, reports="s3://b/r", card=None)


def test_requests_of_a_promotion_are_ones_that_the_service_takes(dev: Place, uat: Place) -> None:
    package = dev.sagemaker.describe_model_package(ModelPackageName=dev.package_arn(1))
    made = request(package, target=uat, digest=DIGEST, image=IMAGE, reports="s3://b/r/reports", card={"a": "b"})
    shape = uat.sagemaker.meta.service_model.operation_model("CreateModelPackage").input_shape
    report = ParamValidator().validate(made, shape)
    assert not report.has_errors(), report.generate_report()
    assert len(made["ClientToken"]) <= 36


def test_the_ledger_tells_it_with_the_source_s_own_words(dev: Place, uat: Place) -> None:
    promote(dev, uat, who="ci")
    (entry,) = uat.ledger().verify()
    assert (entry.action, entry.model_digest, entry.image, entry.who) == ("received", DIGEST, IMAGE, "ci")
    (proof,) = [each for each in entry.evidence if "/ledger/" in each.uri]
    key = proof.uri.removeprefix("s3://evidence-uat/")
    assert uat.s3.get_object(Bucket="evidence-uat", Key=key)["Body"].read() == dev.ledger().entries()[0].as_bytes()


def test_twice_is_once(dev: Place, uat: Place) -> None:
    first = promote(dev, uat, who="ci")
    before = everything(uat)
    second = promote(dev, uat, who="someone else")
    assert everything(uat) == before
    assert (first.new, second.new, second.package) == (True, False, first.package)


class Killed(BaseException):
    """The process ends here."""


class Dying:
    """A client that ends its process at the n-th write, before it (0) or after it (1) was done."""

    WRITES = ("put_object", "create_model_package")

    def __init__(self, client: Any, countdown: list[int], after: bool) -> None:
        self._client, self._countdown, self._after = client, countdown, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name not in self.WRITES:
            return found

        def write(**arguments: Any) -> Any:
            self._countdown[0] -= 1
            if self._countdown[0] < 0 and not self._after:
                raise Killed
            done = found(**arguments)
            if self._countdown[0] < 0:
                raise Killed
            return done

        return write


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_promotion_that_was_killed_at_any_write_is_finished_by_the_next(dev: Place, uat: Place, after: bool) -> None:
    killed = 0
    for write in range(20):
        countdown = [write]
        dying = replace(uat, s3=Dying(uat.s3, countdown, after), sagemaker=Dying(uat.sagemaker, countdown, after))
        try:
            promote(dev, dying, who="ci")
        except Killed:
            killed += 1
            # A killed promotion leaves no entry that says more than is true.
            assert after or not uat.ledger().entries()
        else:
            break
    assert killed >= 1
    promote(dev, uat, who="ci")
    assert len(packages(uat)) == len(uat.ledger().verify()) == 1
    assert keys(uat, "artifacts-uat") == keys(dev, "artifacts-dev")


def test_other_bytes_than_were_released_are_refused_and_nothing_is_handed_in(dev: Place, uat: Place) -> None:
    dev.s3.put_object(Bucket="artifacts-dev", Key=f"{dev.released(DIGEST)}model.tar.gz", Body=b"another model")
    with pytest.raises(UserError, match="is not what was released"):
        promote(dev, uat, who="ci")
    assert not keys(uat, "artifacts-uat") | keys(uat, "evidence-uat")
    assert not packages(uat)


def test_what_stands_at_the_target_is_not_replaced(dev: Place, uat: Place) -> None:
    uat.s3.put_object(Bucket="artifacts-uat", Key=f"{dev.released(DIGEST)}model.tar.gz", Body=b"something else")
    with pytest.raises(UserError, match="holds something else already"):
        promote(dev, uat, who="ci")
    assert not packages(uat)


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ([("rolled-back", "its alarm went off")], "was rolled-back since .*its alarm went off"),
        ([("retired", "")], "was retired since"),
        ([("failed checks", "p99 is 80 ms")], "failed its checks since .*: p99 is 80 ms"),
    ],
)
def test_what_the_source_no_longer_stands_behind_is_refused(
    dev: Place, uat: Place, after: list[tuple[str, str]], message: str
) -> None:
    for action, why in after:
        tell(dev, action, 1, why=why)
    with pytest.raises(UserError, match=message):
        promote(dev, uat, who="ci")
    assert not packages(uat)


def test_a_model_that_was_never_deployed_is_refused(dev: Place, uat: Place) -> None:
    version = register(dev)
    tell(dev, "approved", version, digest="7" * 64)
    with pytest.raises(UserError, match="version 2 was never deployed in dev"):
        promote(dev, uat, who="ci", version=version)


def test_an_unknown_version_is_refused(dev: Place, uat: Place) -> None:
    with pytest.raises(UserError, match="nothing of version 9"):
        promote(dev, uat, who="ci", version=9)
    tell(dev, "deployed", 9)
    with pytest.raises(UserError, match="no version 9"):
        promote(dev, uat, who="ci", version=9)


def test_an_archive_that_is_gone_is_refused(dev: Place, uat: Place) -> None:
    dev.s3.delete_object(Bucket="artifacts-dev", Key=f"{dev.released(DIGEST)}model.tar.gz")
    with pytest.raises(UserError, match="does not exist, although the ledger says"):
        promote(dev, uat, who="ci")


def test_prod_takes_only_what_uat_has_tested(uat: Place) -> None:
    prod = place("prod")
    tell(uat, "deployed", register(uat))
    with pytest.raises(UserError, match="never tested in uat, and prod takes nothing else") as refused:
        promote(uat, prod, who="ci")
    assert "govml release check" in (refused.value.hint or "")
    tell(uat, "failed checks", 1, why="one row of 300 differs")
    with pytest.raises(UserError, match=r"failed its checks .*: one row of 300 differs"):
        promote(uat, prod, who="ci")
    tell(uat, "tested", 1, why="all 300 rows")
    done = promote(uat, prod, who="ci")
    assert done.admitted.action == "tested"
    (entry,) = prod.ledger().verify()
    assert any("/checks/" in each.uri for each in entry.evidence)


def test_a_report_of_checks_that_was_changed_is_refused(uat: Place) -> None:
    prod = place("prod")
    tell(uat, "deployed", register(uat))
    tell(uat, "tested", 1, why="all rows")
    report, _ = uat.ledger().entries()[-1].evidence
    uat.s3.put_object(Bucket="evidence-uat", Key=report.uri.removeprefix("s3://evidence-uat/"), Body=b"{}")
    with pytest.raises(UserError, match="is not what was released"):
        promote(uat, prod, who="ci")
    assert not packages(prod)


def test_a_ledger_that_was_altered_promotes_nothing(dev: Place, uat: Place) -> None:
    tell(dev, "tested", 1, why="all rows")
    dev.s3.put_object(Bucket="evidence-dev", Key=dev.ledger().key(2), Body=dev.ledger().entries()[1].as_bytes())
    with pytest.raises(UserError, match="was written again"):
        promote(dev, uat, who="ci")
