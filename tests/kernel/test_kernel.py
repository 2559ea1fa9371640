"""The kernel as a synth starts it: the same templates and findings as one left alone, whatever state the cache is in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from govml.kernel import prepare
from govml.kernel.prepare import PRELOADS, prepare_kernel

REPOSITORY = Path(__file__).resolve().parents[2]
APP = """
import sys
from govml.kernel import prepare_kernel
from stacks.synth.calls import spare_work
prepare_kernel()
spare_work()
import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_dax as dax, aws_kms as kms, aws_s3 as s3, aws_sns as sns
app = cdk.App(outdir=sys.argv[1], policy_validation_beta1=[], context={"@aws-cdk/core:failSynthOnValidationErrors": False})
cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
stack = cdk.Stack(app, "Small")
s3.Bucket(stack, "Bucket")
dax.CfnCluster(stack, "Cluster", iam_role_arn="arn:aws:iam::111122223333:role/x", node_type="dax.t3.small", replication_factor=1)
stage = cdk.Stage(app, "Stage")
for scope in (stage, cdk.Stage(stage, "Inner")):
    keys, users = cdk.Stack(scope, "Keys"), cdk.Stack(scope, "Users")
    key = kms.Key(keys, "Key")
    named = cdk.CfnParameter(users, "Named")
    named.override_logical_id("Renamed")
    topic = sns.Topic(users, "Topic", master_key=key, display_name=named.value_as_string)
    users.rename_logical_id(users.get_logical_id(topic.node.default_child), "Told")
    also = cdk.CfnCondition(users, "Also", expression=cdk.Fn.condition_equals(named.value_as_string, ""))
    topic.node.default_child.cfn_options.condition = also
    assert key.key_arn == key.key_arn
    bucket = s3.Bucket(users, "Bucket", encryption_key=key, bucket_name=f"of-{topic.topic_name}")
    bucket.node.default_child.add_depends_on(topic.node.default_child)
    users.add_dependency(keys)
app.synth()
"""


class Made(NamedTuple):
    """Templates, what cdk-nag found, the classes of the tree, and what was said to be deprecated."""

    templates: dict[str, str]
    findings: set[tuple[str, str]]
    tree: dict[str, object]
    warned: list[str]


def synthesise(folder: Path, cache: str) -> Made:
    """Run a small app in a process of its own."""
    environment = {**os.environ, "GOVML_KERNEL_CACHE": cache, "CDK_VALIDATION": "false", "PYTHONPATH": str(REPOSITORY)}
    environment.pop("NODE_OPTIONS", None)
    done = subprocess.run(
        [sys.executable, "-c", APP, str(folder)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((folder / "validation-report.json").read_text())
    findings = {
        (violation["ruleName"], each["constructPath"])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for each in violation["violatingConstructs"]
    }
    templates = {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*.json"))
        if path.name.endswith(("template.json", "manifest.json"))
    }
    assert len([name for name in templates if name.endswith("template.json")]) == 5
    tree = dict(classes(json.loads((folder / "tree.json").read_text())["tree"]))
    warned = [line for line in done.stderr.splitlines() if "is deprecated" in line]
    return Made(templates, findings, tree, warned)


def classes(node: dict[str, Any]) -> Iterator[tuple[str, object]]:
    yield node["path"], node["constructInfo"]
    for child in node.get("children", {}).values():
        yield from classes(child)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What a kernel that is left alone makes; both of its resources are found wanting, and three things deprecated."""
    made = synthesise(tmp_path_factory.mktemp("plain"), "off")
    assert {("AwsSolutions-S1", "Small/Bucket/Resource"), ("AwsSolutions-DDB4", "Small/Cluster")} <= made.findings
    assert [line.split()[1] for line in made.warned] == [
        "aws-cdk-lib.AppProps#policyValidationBeta1",
        "aws-cdk-lib.CfnResource#addDependsOn",
        "aws-cdk-lib.Stack#addDependency",
    ]
    return made


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Made]:
    """A synth that begins without a cache: its assembly, its cache's folder and what it made."""
    root = tmp_path_factory.mktemp("cold")
    assembly, cache = root / "assembly", root / "cache with a space"
    return assembly, cache, synthesise(assembly, str(cache))


def test_templates_are_the_same_cold_and_warm_and_a_warm_cache_is_not_written(
    plain: Made, cold: tuple[Path, Path, Made], tmp_path: Path
) -> None:
    _, cache, made = cold
    assert made == plain
    (file,) = cache.iterdir()
    written = file.stat().st_mtime_ns
    assert file.stat().st_size > 1_000_000
    assert file.stat().st_mode & 0o077 == 0
    assert synthesise(tmp_path / "warm", str(cache)) == plain
    assert file.stat().st_mtime_ns == written


@pytest.mark.parametrize("damage", [b"", b"\xff\xff\xff\xff", b"\x02\x00\x00\x00{}", b"\x00" * 64])
def test_a_damaged_cache_is_made_anew(plain: Made, tmp_path: Path, damage: bytes) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    node = subprocess.run(
        [str(shutil.which("node")), "-p", "`node-${process.versions.node}-${process.arch}-v2.bin`"],
        capture_output=True,
        text=True,
        check=True,
    )
    file = cache / node.stdout.strip()
    file.write_bytes(damage)
    assert synthesise(tmp_path / "out", str(cache)) == plain
    assert file.stat().st_size > 1_000_000


def test_the_tree_leaves_out_what_the_templates_say(
    cold: tuple[Path, Path, Made],
) -> None:
    assembly, _, _ = cold
    assert "attributes" not in (assembly / "tree.json").read_text()


def test_a_cache_that_cannot_be_written_does_no_harm(plain: Made, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert synthesise(tmp_path / "out", str(tmp_path / "file" / "cache")) == plain


def test_options_of_the_user_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NODE_OPTIONS", "--no-warnings")
    monkeypatch.setenv("GOVML_KERNEL_CACHE", str(tmp_path))
    prepare_kernel()
    assert os.environ["NODE_OPTIONS"].startswith("--no-warnings ")
    assert all(str(preload) in os.environ["NODE_OPTIONS"] for preload in PRELOADS)
    once = os.environ["NODE_OPTIONS"]
    prepare_kernel()
    assert os.environ["NODE_OPTIONS"] == once


def test_off_leaves_everything_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NODE_OPTIONS", raising=False)
    monkeypatch.setenv("GOVML_KERNEL_CACHE", "off")
    prepare_kernel()
    assert "NODE_OPTIONS" not in os.environ


def test_the_cache_is_the_user_s_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("GOVML_KERNEL_CACHE", raising=False)
    monkeypatch.setenv("NODE_OPTIONS", "")
    prepare_kernel()
    assert os.environ["GOVML_KERNEL_CACHE"] == str(tmp_path / "govml" / "kernel")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # the XDG specification: to be ignored
    assert prepare._cache_home() == Path.home() / ".cache"
