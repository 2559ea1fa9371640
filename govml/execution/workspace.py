"""The directory that stands for a container's `/opt/ml`, one per job, and the rewriting of paths into it."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from govml.execution.failures import StepFailed

CONTAINER_BASE = PurePosixPath("/opt/ml")
# `/opt/ml` as a whole path component: not in `/opt/mlflow`, `/srv/opt/ml` or `s3://bucket/opt/ml`.
_BASE = re.compile(r"(?<![\w.\-/])/opt/ml(?![\w.\-])")


class Workspace:
    """A job's own `/opt/ml`.

    Args:
        root: the directory to use; it is made, and must not exist before.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True)
        self.root = root.resolve()

    def path(self, container_path: str, *, below: str = "/opt/ml") -> Path:
        """Return the directory or file that stands for a container path.

        Raises:
            StepFailed: the path is not below `below`, where SageMaker demands it to be.
        """
        pure = PurePosixPath(container_path)
        if ".." in pure.parts or not pure.is_relative_to(below):
            raise StepFailed(f"the container path {container_path} is not below {below}")
        return self.root / pure.relative_to(CONTAINER_BASE)

    def directory(self, container_path: str, *, below: str = "/opt/ml") -> Path:
        """Return `path(container_path)`, made as a directory."""
        directory = self.path(container_path, below=below)
        directory.mkdir(parents=True, exist_ok=True)
        return directory

    def rewrite(self, value: Any) -> Any:
        """Return a JSON value in which every mention of `/opt/ml` points into this workspace."""
        if isinstance(value, str):
            return _BASE.sub(lambda _: str(self.root), value)
        if isinstance(value, dict):
            return {key: self.rewrite(item) for key, item in value.items()}
        return [self.rewrite(item) for item in value] if isinstance(value, list) else value

    def message(self, name: str) -> str:
        """Return the start of `/opt/ml/output/<name>` (`failure`, `message`), which SageMaker shows; "" if none."""
        file = self.root / "output" / name
        return file.read_text(errors="replace")[:1024].strip() if file.is_file() else ""
