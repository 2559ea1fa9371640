from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from govml.cli.use_case import REPOSITORY


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository with this one's settings of tools."""
    root = tmp_path / "repository"
    for folder in ("usecases", "data_sources", "tests/usecases"):
        (root / "pipeline_code" / folder).mkdir(parents=True)
    (root / "docs" / "use-cases").mkdir(parents=True)
    for file in ("pyproject.toml", "pipeline_code/pyproject.toml"):
        shutil.copyfile(REPOSITORY / file, root / file)
    return root
