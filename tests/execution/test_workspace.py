from __future__ import annotations

from pathlib import Path

import pytest

from govml.execution.failures import StepFailed
from govml.execution.workspace import Workspace


def test_mentions_of_the_container_base_are_rewritten_and_nothing_else(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    root = str(workspace.root)
    for text, expected in {
        "/opt/ml": root,
        "/opt/ml/model": f"{root}/model",
        "--path=/opt/ml/input/data": f"--path={root}/input/data",
        "cp /opt/ml/a '/opt/ml/b'": f"cp {root}/a '{root}/b'",
        "/opt/mlflow/db": "/opt/mlflow/db",
        "s3://bucket/opt/ml/x": "s3://bucket/opt/ml/x",
        "/srv/opt/ml": "/srv/opt/ml",
    }.items():
        assert workspace.rewrite(text) == expected
    assert workspace.rewrite({"a": ["/opt/ml", 1, None]}) == {"a": [root, 1, None]}


@pytest.mark.parametrize("path", ["/etc/passwd", "/opt/ml/../x", "opt/ml/x", "/opt/mlx"])
def test_a_path_outside_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(StepFailed, match="is not below /opt/ml"):
        Workspace(tmp_path / "ws").path(path)


def test_processing_paths_must_be_below_processing(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="is not below /opt/ml/processing"):
        Workspace(tmp_path / "ws").path("/opt/ml/model", below="/opt/ml/processing")


def test_only_the_start_of_a_message_is_shown(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    assert workspace.message("failure") == ""
    (workspace.directory("/opt/ml/output") / "failure").write_text("x" * 5000)
    assert workspace.message("failure") == "x" * 1024
