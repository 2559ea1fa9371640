from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from govml.errors import UserError
from govml.local.emulator import versions

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_installed_versions_are_the_supported_ones() -> None:
    versions.require_supported()


def test_the_pins_of_the_project_are_the_supported_versions() -> None:
    extras = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["optional-dependencies"]["local"]
    for package, supported in versions.SUPPORTED.items():
        assert any(line.startswith(package) and line.endswith(f"=={supported}") for line in extras)


@pytest.mark.parametrize("package", versions.SUPPORTED)
def test_another_version_is_refused_by_name_with_what_to_do(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version
    monkeypatch.setattr(versions.metadata, "version", lambda name: "0.0.1" if name == package else real(name))
    with pytest.raises(UserError) as error:
        versions.require_supported()
    assert f"{package} {versions.SUPPORTED[package]} is needed and 0.0.1 is installed" in error.value.message
    assert "make install" in error.value.hint


def test_a_missing_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(versions.metadata, "version", missing)
    with pytest.raises(UserError, match="moto is not installed"):
        versions.require_supported()


def test_the_process_itself_refuses_another_version_and_says_so(tmp_path: Path) -> None:
    """A distribution of another version that comes first on the path is what an upgrade looks like."""
    info = tmp_path / "ministack-1.5.34.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ministack\nVersion: 1.5.34\n")
    path = os.pathsep.join([str(tmp_path), str(REPOSITORY)])
    result = subprocess.run(
        [sys.executable, "-m", "govml.local.emulator"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "ministack 1.5.33 is needed and 1.5.34 is installed" in result.stderr
    assert "Traceback" not in result.stderr
