"""Assemblies of the sandbox and of an agency with a boundary, a role path and three environments in two accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from assemblies import REPOSITORY, assemble
from ruamel.yaml import YAML

from govml.bootstrap.assembly import StackArtifact, read_stacks
from govml.settings import Settings, load_settings

SANDBOX = REPOSITORY / "config" / "sandbox.yaml"


@pytest.fixture(scope="session")
def sandbox_assembly() -> Path:
    return assemble(SANDBOX)


@pytest.fixture(scope="session")
def sandbox_stacks(sandbox_assembly: Path) -> list[StackArtifact]:
    return read_stacks(sandbox_assembly)


@pytest.fixture(scope="session")
def sandbox_settings() -> Settings:
    return load_settings(SANDBOX)


@pytest.fixture(scope="session")
def bounded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    agency = YAML(typ="safe", pure=True).load(SANDBOX)
    agency["environments"] |= {
        "uat": {"account": "123456789012", "cidr": "172.20.0.0/22"},
        "prod": {"account": "210987654321", "cidr": "172.21.0.0/22"},
    }
    agency["iam"] |= {"permissions_boundary": "AgencyBoundary", "role_path": "/agency/"}
    agency["bootstrap"] = {"qualifier": "agency1", "trusted_account": "333344445555", "kms_key": "new"}
    path = tmp_path_factory.mktemp("bounded") / "bounded.yaml"
    path.write_text(json.dumps(agency))
    return path


@pytest.fixture(scope="session")
def bounded_assembly(bounded_file: Path) -> Path:
    return assemble(bounded_file)


@pytest.fixture(scope="session")
def bounded_stacks(bounded_assembly: Path) -> list[StackArtifact]:
    return read_stacks(bounded_assembly)


@pytest.fixture(scope="session")
def bounded_settings(bounded_file: Path) -> Settings:
    return load_settings(bounded_file)
