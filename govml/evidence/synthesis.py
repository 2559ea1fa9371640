"""Synthesise agency files for the evidence, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from govml.errors import UserError

REPOSITORY = Path(__file__).resolve().parents[2]
_REFUSED = 1
"""`govml synth` ends so when the gate refuses what it wrote, which the evidence then shows."""


def agency_files() -> list[Path]:
    """Return every agency file of `config/`.

    Raises:
        UserError: there is none.
    """
    found = sorted((REPOSITORY / "config").glob("*.yaml"))
    if not found:
        raise UserError(f"no agency file in {REPOSITORY / 'config'}", hint="name one with --config")
    return found


def synthesise(configs: Sequence[Path], folder: Path, *, profile_names: Sequence[str]) -> list[Path]:
    """Synthesise each file into a folder of its own, as many at a time as there are processors.

    Args:
        configs: the agency files.
        folder: where the assemblies go.
        profile_names: what to call each.

    Returns:
        The assemblies, in the order of the files.

    Raises:
        UserError: a file has a mistake.
        click.ClickException: the app failed; its own output is the message.
    """
    targets = [folder / name for name in profile_names]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for ended in [pool.submit(_synth, config, target) for config, target in zip(configs, targets, strict=True)]:
            ended.result()
    return targets


def _synth(config: Path, target: Path) -> None:
    command = [sys.executable, "-m", "govml.cli.main", "synth", "--config", str(config), "--output", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    if done.returncode == 0 or (done.returncode == _REFUSED and (target / "manifest.json").is_file()):
        return
    said = (done.stderr or done.stdout).strip()
    if done.returncode == UserError.exit_code:
        raise UserError(f"{config}: no assembly was made\n{said.removeprefix('error: ')}")
    raise click.ClickException(f"{config}: the synth ended with exit code {done.returncode}\n{said}")
