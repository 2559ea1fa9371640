"""`govml release promote`, `shared`, `check` and `govml model bundle`, in one account in memory with two environments."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws
from release_places import DIGEST, IMAGE, register, tell
from ruamel.yaml import YAML

from govml.cli.model import model
from govml.cli.release import release
from govml.errors import UserError
from govml.release.checks.asking import Endpoint
from govml.release.promotion.place import Place
from govml.release.state import Serving, Variant

REPOSITORY = Path(__file__).resolve().parents[2]
ACCOUNT, REGION = "123456789012", "ap-southeast-1"
OTHER = "210987654321"
_SESSION = boto3.Session(region_name=REGION)


def agency(folder: Path, **environments: dict[str, Any]) -> Path:
    """Write the sandbox's file with a served use case and these environments."""
    content = YAML(typ="safe", pure=True).load(REPOSITORY / "config" / "sandbox.yaml")
    content["environments"] = environments
    content["use_cases"]["hdb_resale"]["endpoint"] = {}
    path = folder / "agency.yaml"
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return agency(
        tmp_path,
        dev={"account": ACCOUNT, "cidr": "10.1.0.0/22"},
        uat={"account": ACCOUNT, "cidr": "10.2.0.0/22"},
        prod={"account": OTHER, "cidr": "10.3.0.0/22"},
    )


@pytest.fixture(autouse=True)
def _one_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the services' models once, not once a command."""
    monkeypatch.setattr(boto3, "Session", lambda **_: _SESSION)


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def environment(name: str) -> Place:
    """Make what a deployed environment has: buckets, their parameters, a registry group, keys."""
    s3, sagemaker, ssm = (_SESSION.client(service) for service in ("s3", "sagemaker", "ssm"))
    group = f"sandbox-{name}-hdb-resale"
    for kind, parameter in (("artifacts", "data/artifacts-bucket"), ("evidence", "security/evidence-bucket")):
        bucket = f"sandbox-{name}-{kind}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        ssm.put_parameter(Name=f"/govml/sandbox/{name}/{parameter}", Value=bucket, Type="String")
    kms = _SESSION.client("kms")
    for domain in ("ml", "logs"):
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=f"alias/sandbox-{name}-{domain}", TargetKeyId=key)
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/{group}"
    return Place(name, "hdb-resale", s3, sagemaker, f"sandbox-{name}-artifacts", f"sandbox-{name}-evidence", arn)


@pytest.fixture(scope="module")
def dev(aws: None) -> Place:
    where = environment("dev")
    tell(where, "deployed", register(where))
    return where


@pytest.fixture(scope="module")
def uat(aws: None) -> Place:
    return environment("uat")


def run(group: Any, *arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments), catch_exceptions=False)


def test_a_model_goes_from_dev_to_uat_once(dev: Place, uat: Place, config: Path) -> None:
    command = ("promote", "hdb_resale", "--environment", "uat", "--config", str(config))
    first = run(release, *command)
    assert first.exit_code == 0, first.output
    assert "version 1 of dev was promoted: " in first.output
    assert f"sha256:{DIGEST}" in first.output and IMAGE in first.output
    assert "`govml release approve hdb_resale 1 --environment uat`" in first.output
    assert "had been promoted already" in run(release, *command).output
    (entry,) = uat.ledger().verify()
    assert (entry.action, entry.model_digest) == ("received", DIGEST)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--environment", "dev"), "dev is the first environment"),
        (("--environment", "uat", "--from", "prod"), "uat takes models of hdb_resale from dev, not from prod"),
        (("--environment", "prod"), "these credentials are of account 123456789012"),
        (("--environment", "uat", "--version", "9"), "nothing of version 9"),
    ],
)
def test_a_promotion_that_cannot_be_is_refused_with_the_reason(
    dev: Place, uat: Place, config: Path, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        run(release, "promote", "hdb_resale", "--config", str(config), *arguments)


def test_a_source_of_another_account_must_be_told(dev: Place, uat: Place, tmp_path: Path) -> None:
    config = agency(
        tmp_path, dev={"account": OTHER, "cidr": "10.1.0.0/22"}, uat={"account": ACCOUNT, "cidr": "10.2.0.0/22"}
    )
    with pytest.raises(UserError, match="does not say what dev shares") as error:
        run(release, "promote", "hdb_resale", "--environment", "uat", "--config", str(config))
    assert "govml release shared --environment dev" in (error.value.hint or "")


def test_what_an_environment_shares_can_be_put_into_the_file(dev: Place, config: Path, tmp_path: Path) -> None:
    printed = run(release, "shared", "--environment", "dev", "--config", str(config)).output
    shared = YAML(typ="safe", pure=True).load(printed)["environments"]["dev"]["shared"]
    assert (shared["artifacts_bucket"], shared["evidence_bucket"]) == ("sandbox-dev-artifacts", "sandbox-dev-evidence")
    assert shared["ml_key"].startswith(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/")
    from govml.settings import load_settings

    again = agency(tmp_path, dev={"account": ACCOUNT, "cidr": "10.1.0.0/22", "shared": shared})
    assert load_settings(again).environment("dev").shared is not None


def test_the_bundle_is_written_to_a_file(dev: Place, config: Path, tmp_path: Path) -> None:
    file = tmp_path / "bundle.html"
    done = run(model, "bundle", "hdb_resale", "--config", str(config), "--output", str(file))
    assert "version 1 of hdb_resale against no other model" in done.output
    assert file.read_text().startswith("<!doctype html>")
    with pytest.raises(UserError, match="has no version 7"):
        run(model, "bundle", "hdb_resale", "7", "--config", str(config), "--output", str(file))
    with pytest.raises(UserError, match="cannot be written"):
        run(model, "bundle", "hdb_resale", "--config", str(config), "--output", str(tmp_path / "none" / "b.html"))


@pytest.fixture
def served(dev: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let dev serve its version 1, whose known answers are these, and an endpoint that answers so."""
    live = Variant(1, DIGEST, IMAGE, f"s3://{dev.artifacts}/{dev.released(DIGEST)}model.tar.gz")
    parameters = Serving(live).parameters()
    cloudformation = _SESSION.client("cloudformation")
    template = {
        "Parameters": {name: {"Type": "String", "Default": ""} for name in parameters},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    }
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    name = "sandbox-dev-Serving-hdb-resale"
    if name not in [stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]]:
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template), Parameters=given)
    rows = [{"instance": {"area": area}, "answer": 1000.0 * area, "truth": 1010.0 * area} for area in range(1, 61)]
    known = {"kind": "regression", "model_version": "abc", "rows": rows}
    dev.s3.put_object(
        Bucket=dev.artifacts, Key=f"{dev.released(DIGEST)}reports/known_answers.json", Body=json.dumps(known).encode()
    )

    def answer(factor: float) -> None:
        def send(_: Endpoint, body: bytes) -> dict[str, Any]:
            asked = [each["area"] for each in json.loads(body)["instances"]]
            return {"predictions": [factor * 1000.0 * area for area in asked], "model_version": "abc"}

        monkeypatch.setattr(Endpoint, "send", send)

    return answer


def test_checks_pass_and_the_ledger_has_their_report(dev: Place, config: Path, served: Callable[..., None]) -> None:
    served(1.0)
    options = ("--config", str(config), "--rate", "200", "--seconds", "0.1")
    done = run(release, "check", "hdb_resale", *options)
    assert done.exit_code == 0, done.output
    assert "validation  passed  60 of 60 known rows are answered as tested" in done.output
    assert "load        passed  20 requests at 200/s" in done.output
    assert dev.ledger().verify()[-1].action == "tested"


def test_a_failed_check_is_told_and_exits_with_1(dev: Place, config: Path, served: Callable[..., None]) -> None:
    served(1.2)
    done = run(release, "check", "hdb_resale", "--config", str(config), "--rate", "200", "--seconds", "0.1")
    assert done.exit_code == 1
    assert "validation  FAILED" in done.output and "60 of 60 rows are answered otherwise" in done.output
    assert "mape is 18.8" in done.output
    assert dev.ledger().verify()[-1].why.startswith("60 of 60 rows are answered otherwise")


def test_rows_of_one_s_own_take_the_place_of_the_package_s(
    dev: Place, config: Path, served: Callable[..., None], tmp_path: Path
) -> None:
    served(1.0)
    file = tmp_path / "rows.json"
    file.write_text(json.dumps({"kind": "regression", "rows": [{"instance": {"area": 3}, "truth": 3000}]}))
    options = ("--config", str(config), "--rows", str(file), "--rate", "100", "--seconds", "0.1")
    assert "0 of 0 known rows" in run(release, "check", "hdb_resale", *options).output
    with pytest.raises(UserError, match="cannot be read"):
        run(release, "check", "hdb_resale", "--config", str(config), "--rows", str(tmp_path / "none.json"))
