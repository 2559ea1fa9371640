"""A sound agency file as data, and ways to break it. JSON is YAML, so a changed file is written as JSON."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from govml.errors import UserError
from govml.settings import Settings, load_settings

SOUND: dict[str, Any] = {
    "agency": "agency",
    "project_code": "CODE-1",
    "owner": "team@agency.gov.sg",
    "data_classification": "restricted",
    "maturity": "stage2",
    "environments": {
        "dev": {"account": "012345678901", "cidr": "10.0.0.0/22"},
        "prod": {"account": "112345678901", "cidr": "10.0.4.0/22"},
    },
    "use_cases": {"resale": {"acceptance": {"mape": {"max": 6.5}, "mae": {"max": 40000}}}},
    "cicd": {"repository": "agency/platform"},
}
GONE = object()
"""In a change: leave the key out."""


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the pipeline definition of the use case `resale`."""
    root = tmp_path_factory.mktemp("repository")
    definition = root / "pipeline_code/usecases/resale/definition.json"
    definition.parent.mkdir(parents=True)
    definition.write_text("{}")
    return root


@pytest.fixture
def load(tmp_path: Path, repository: Path) -> Callable[[str | bytes], Settings]:
    """Load a file with this text."""

    def _load(text: str | bytes) -> Settings:
        path = tmp_path / "agency.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_settings(path, repository=repository)

    return _load


@pytest.fixture
def refusal(load: Callable[[str | bytes], Settings]) -> Callable[[str | bytes], str]:
    """Load a file that must be refused and return what the user reads."""

    def _refusal(text: str | bytes) -> str:
        with pytest.raises(UserError) as caught:
            load(text)
        assert "Traceback" not in str(caught.value)
        return str(caught.value)

    return _refusal


def changed(**changes: Any) -> str:
    """Return a sound file with values replaced; `a__b` names the key `b` inside `a`, `GONE` leaves the key out."""
    data = copy.deepcopy(SOUND)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = data
        for parent in parents:
            place = place.setdefault(parent, {})
        if value is GONE:
            del place[last]
        else:
            place[last] = value
    return json.dumps(data, indent=1)


@pytest.fixture(name="changed")
def _changed() -> Callable[..., str]:
    return changed


@pytest.fixture(name="gone")
def _gone() -> object:
    return GONE
