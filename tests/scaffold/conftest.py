from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from govml.cli.use_case import REPOSITORY


def make_repository(root: Path) -> Path:
    """Make an empty repository with this one's settings of tools."""
    for folder in ("usecases", "data_sources", "tests/usecases"):
        (root / "pipeline_code" / folder).mkdir(parents=True)
    (root / "docs" / "use-cases").mkdir(parents=True)
    for file in ("pyproject.toml", "pipeline_code/pyproject.toml"):
        shutil.copyfile(REPOSITORY / file, root / file)
    return root


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repository")


@pytest.fixture(scope="module")
def shared_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository for all use cases of a file of tests that are run together."""
    return make_repository(tmp_path_factory.mktemp("shared") / "repository")
