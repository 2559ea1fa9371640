"""The folder `constructs/` does not hide the package `constructs` of CDK, however Python or a type checker is started.

Each way is tried at the root of the repository, where it must work, and in a copy of the layout whose `constructs/` has
an `__init__.py`, where it must fail: so the test is seen to notice the fault it is there for.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = REPOSITORY / "constructs"
SCRIPTS = Path(sys.executable).parent

PROBE = """
import importlib.util

def test_probe():
    found = importlib.util.find_spec("constructs").origin
    assert found and "site-packages" in found, f"constructs is {found}"
    assert importlib.util.find_spec("govml_constructs").origin

if __name__ == "__main__":
    test_probe()
"""
TYPED = """
from constructs import Construct
from govml_constructs.validation.nag_canary import CANARY_STACK

reveal_type(Construct)
reveal_type(CANARY_STACK)
"""


def pyright() -> str:
    """Return the installed pyright, of npm or of Python."""
    for path in (REPOSITORY / "node_modules" / ".bin" / "pyright", SCRIPTS / "pyright"):
        if path.exists():
            return str(path)
    raise AssertionError("pyright is not installed: run `make install`")


WAYS: Mapping[str, list[str]] = {
    "python -c": [sys.executable, "-c", PROBE],
    "python app.py": [sys.executable, "app.py"],
    "pytest": [str(SCRIPTS / "pytest"), "-q", "-c", "pyproject.toml", "--rootdir", ".", "{test_probe}"],
    "python -m pytest": [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        "pyproject.toml",
        "--rootdir",
        ".",
        "{test_probe}",
    ],
    "mypy": [str(SCRIPTS / "mypy"), "--cache-dir", "{cache}", "{typed}"],
    "pyright": ["{pyright}", "-p", "pyproject.toml", "{typed}"],
}

# What each way says when it has found both packages.
TOLD = {
    "python app.py": "agency sandbox has no environment 'none'",
    "mypy": '"def (scope: constructs.Construct, id: str) -> constructs.Construct"',
    "pyright": '"type[Construct]"',
}


def start(way: str, root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Try one way with `root` as the working directory; files of the try stand in `folder`."""
    (folder / "test_probe.py").write_text(PROBE)
    (folder / "typed.py").write_text(TYPED)
    places = {
        "{test_probe}": str(folder / "test_probe.py"),
        "{typed}": str(folder / "typed.py"),
        "{cache}": str(folder / "cache"),
        "{pyright}": pyright() if way == "pyright" else "",
    }
    # an environment that the file lacks ends the app as soon as everything is imported
    context = {"CDK_CONTEXT_JSON": '{"govml:environment": "none"}', "CDK_OUTDIR": str(folder / "out")}
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    command = [places.get(word, word) for word in WAYS[way]]
    return subprocess.run(
        command, cwd=root, env={**environment, **context}, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("way", WAYS)
def test_cdk_s_package_is_found(way: str, tmp_path: Path) -> None:
    result = start(way, REPOSITORY, tmp_path)
    output = result.stdout + result.stderr
    assert result.returncode == (2 if way == "python app.py" else 0), output
    assert TOLD.get(way, "") in output


@pytest.fixture(scope="session")
def shadowed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the layout with the mistake in it."""
    root = tmp_path_factory.mktemp("shadowed")
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, root)
    shutil.copytree(SOURCES, root / "constructs", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "constructs" / "__init__.py").touch()
    for name in ("govml", "stacks"):  # else those of the installed repository are found, which may be another checkout
        (root / name).symlink_to(REPOSITORY / name)
    (root / ".venv").symlink_to(SCRIPTS.parent)
    return root


@pytest.mark.parametrize("way", WAYS)
def test_an_init_file_in_the_folder_would_be_noticed(way: str, shadowed: Path, tmp_path: Path) -> None:
    result = start(way, shadowed, tmp_path)
    assert result.returncode not in ((0, 2) if way == "python app.py" else (0,))
    assert "construct" in (result.stdout + result.stderr).lower()


def test_the_folder_is_no_package() -> None:
    assert not (SOURCES / "__init__.py").exists()
    assert {path.name for path in SOURCES.iterdir() if path.is_dir() and path.name != "__pycache__"} == {
        "govml_constructs"
    }


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter; `root` stands before the installed packages on Python's path."""
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'constructs'}"}
    command = [str(SCRIPTS / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_the_import_contracts_are_kept() -> None:
    result = lint_imports(REPOSITORY)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


def test_each_import_contract_notices_a_breach(tmp_path: Path) -> None:
    for name in ("govml", "stacks", "constructs"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    breaches = {
        "constructs/govml_constructs/breach.py": "import govml.errors\nimport stacks.environment.base\n",
        "govml/settings/breach.py": "import aws_cdk\n",
        "govml/settings/rules/breach.py": "import govml.settings.reading.loader\n",
        "govml/grafana/publishing/breach.py": "import click\n",
        "govml/cli/breach.py": "import govml.grafana.authoring\n",
        "govml/release/breach.py": "import click\n",
        "govml/telemetry/forwarder/breach.py": "import click\n",
        "stacks/breach.py": "import pandas\n",
        "stacks/environment/breach.py": "import stacks.ml.use_case\n",
    }
    for name, text in breaches.items():
        (tmp_path / name).write_text(text)
    result = lint_imports(tmp_path)
    assert result.returncode == 1
    assert "0 kept" in result.stdout, result.stdout


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("runtime/*.py")), ids=lambda path: path.stem)
def test_lambda_code_imports_only_what_lambda_has(path: Path) -> None:
    siblings = {each.stem for each in path.parent.glob("*.py")}
    allowed = set(sys.stdlib_module_names) | {"boto3", "botocore"} | siblings
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).split(".")[0])
    assert imported <= allowed
