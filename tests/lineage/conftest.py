"""One assembly of the sandbox for all tests of the lineage."""

from __future__ import annotations

from pathlib import Path

import pytest
from assemblies import REPOSITORY, assemble

from govml.bootstrap.assembly import read_stacks
from govml.lineage.picture import Picture, picture


@pytest.fixture(scope="session")
def sandbox_assembly() -> Path:
    return assemble(REPOSITORY / "config" / "sandbox.yaml")


@pytest.fixture(scope="session")
def sandbox_picture(sandbox_assembly: Path) -> Picture:
    return picture(read_stacks(sandbox_assembly, environment="sandbox-dev"))
