"""The image's own files: what `serve` starts and as whom, what the recipe promises, and the bill of materials."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "run.txt"


def start(base: Path, *, user: int, readable: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `image/serve` with programs of ours in the place of `id`, `setpriv` and `python3`."""
    programs = base / "bin"
    programs.mkdir(exist_ok=True)
    said = "while [ $1 != -- ]; do shift; done; shift"
    scripts = {
        "id": f"echo {user}",
        "setpriv": f'echo "as $1 $4" >&2; {said}; case $1 in test) exit {0 if readable else 1};; esac; exec "$@"',
        "python3": 'echo "ran $@"',
    }
    for name, script in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "SAGEMAKER_BASE_DIR": str(base)}
    return subprocess.run(
        ["/bin/sh", str(ROOT / "image" / "serve")], check=False, capture_output=True, text=True, env=environment
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    code = tmp_path / "model" / "code"
    code.mkdir(parents=True)
    (code / "abc.zip").touch()
    return tmp_path


def test_root_steps_down_before_the_models_code_runs(base: Path) -> None:
    ended = start(base, user=0)
    assert ended.stdout == f"ran {base}/model/code/abc.zip serve\n"
    assert "as --reuid=10001 --no-new-privs" in ended.stderr


def test_a_model_that_root_alone_may_read_is_served_by_root_and_the_log_says_so(base: Path) -> None:
    ended = start(base, user=0, readable=False)
    assert "serving as root" in ended.stderr
    assert ended.stdout.endswith("abc.zip serve\n")


def test_any_other_user_stays_who_it_is(base: Path) -> None:
    ended = start(base, user=10001)
    assert (ended.stderr, ended.returncode) == ("", 0)


@pytest.mark.parametrize("archives", [[], ["abc.zip", "def.zip"]])
def test_a_model_without_its_code_is_refused(base: Path, archives: list[str]) -> None:
    (base / "model" / "code" / "abc.zip").unlink()
    for name in archives:
        (base / "model" / "code" / name).touch()
    ended = start(base, user=0)
    assert ended.returncode == 2
    assert "no code archive" in ended.stderr


def test_the_recipe_pins_what_it_installs() -> None:
    recipe = (ROOT / "image" / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^ARG BASE_IMAGE$", recipe, re.MULTILINE), "no default: an agency names its own, by digest"
    assert re.findall(r"^FROM .*", recipe, re.MULTILINE) == ["FROM ${BASE_IMAGE}"]
    assert all("--require-hashes" in line for line in recipe.splitlines() if "pip install" in line)
    assert not re.search(r"\b(curl|wget|ADD)\b", recipe)


def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "requirements" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bill(**changes: str) -> dict[str, Any]:
    packages = {**sbom().locked(LOCK.read_text(encoding="utf-8")), "pip": "24.0", **changes}
    return {"components": [{"name": name, "version": version} for name, version in packages.items() if version]}


def test_every_pin_of_the_lock_is_read() -> None:
    text = LOCK.read_text(encoding="utf-8")
    names = re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE)
    platforms = [
        {"sys_platform": "linux", "platform_machine": "x86_64", "python_full_version": "3.11.9"},
        {"sys_platform": "win32", "platform_machine": "AMD64", "python_full_version": "3.13.0"},
    ]
    linux, windows = (sbom().locked(text, platform) for platform in platforms)
    assert linux.keys() | windows.keys() <= set(names)
    assert ("xgboost-cpu" in linux, "xgboost-cpu" in windows) == (True, False)
    assert linux["numpy"] != windows["numpy"]
    assert len(linux) > 80


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"httptools": ""}, ["httptools: missing in the bill"]),
        ({"httptools": "0.1"}, ["httptools: 0.1 in the bill"]),
        ({"left-pad": "1.0"}, ["left-pad: 1.0 in the bill, missing in the lock"]),
    ],
)
def test_a_bill_that_differs_from_the_lock_is_told(
    changes: dict[str, str], said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bill.json").write_text(json.dumps(bill(**changes)), encoding="utf-8")
    assert sbom().main([str(tmp_path / "bill.json")]) == (1 if said else 0)
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith(start) for line, start in zip(lines, said, strict=True)] == [True] * len(said)
