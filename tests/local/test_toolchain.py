from __future__ import annotations

import json
from pathlib import Path

import pytest

from govml.errors import UserError
from govml.local import toolchain


def put_node(folder: Path, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    node = folder / "node"
    node.write_text(f"#!/bin/sh\n{says}\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def put_cdk(folder: Path, *, pinned: str, installed: str) -> None:
    (folder / "package.json").write_text(json.dumps({"dependencies": {"aws-cdk": pinned}}))
    package = folder / "node_modules" / "aws-cdk"
    package.mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"version": installed}))
    commands = folder / "node_modules" / ".bin"
    commands.mkdir()
    (commands / "cdk").touch()


def test_node_that_is_new_enough_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_node(tmp_path, "echo v22.11.0", monkeypatch)
    assert toolchain.require_node() == str(tmp_path / "node")


def test_missing_node_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="Node is not installed") as error:
        toolchain.require_node()
    assert "Node 22" in error.value.hint


@pytest.mark.parametrize("version", ["v18.20.4", "v9.1.0"])
def test_old_node_is_told_with_its_version(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_node(tmp_path, f"echo {version}", monkeypatch)
    with pytest.raises(UserError, match=f"Node {version} is too old"):
        toolchain.require_node()


def test_node_that_does_not_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_node(tmp_path, "echo 'libatomic.so.1 is missing' >&2; exit 127", monkeypatch)
    with pytest.raises(UserError, match="libatomic"):
        toolchain.require_node()


def test_missing_cdk_cli_points_to_make_install(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="CDK CLI is not installed") as error:
        toolchain.require_cdk(tmp_path)
    assert "make install" in error.value.hint


def test_another_cdk_cli_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    put_cdk(tmp_path, pinned="2.1148.1", installed="3.0.0")
    with pytest.raises(UserError, match=r"is 3\.0\.0, but package\.json pins 2\.1148\.1"):
        toolchain.require_cdk(tmp_path)


def test_the_pinned_cdk_cli_is_taken(tmp_path: Path) -> None:
    put_cdk(tmp_path, pinned="2.1148.1", installed="2.1148.1")
    assert toolchain.require_cdk(tmp_path) == tmp_path / "node_modules" / ".bin" / "cdk"
