"""One synth of every kind of endpoint for the whole session."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from cfn_templates import Template, read_deployment
from endpoint_stage import PLANS, build

from govml_constructs.validation.nag_packs import register_packs


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.tar.gz"
    path.write_bytes(b"a model")
    return path


@pytest.fixture(scope="session")
def templates(new_app: Any, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Template]:
    """Every plan in a stack of its own; the synth raises when either nag pack has an open finding."""
    folder = tmp_path_factory.mktemp("serving")
    app: App = new_app(folder)
    register_packs(app)
    for name, plan in PLANS.items():
        build(app, name, plan, archive)
    app.synth()
    return read_deployment(folder).templates
