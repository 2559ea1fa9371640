"""Assemblies of agency files for tests that read templates: whatever the gate says of them is not their matter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def assemble(config: Path, output: Path) -> Path:
    """Synthesise all environments of an agency file and return the folder."""
    command = [sys.executable, "-m", "govml.cli.main", "synth", "--config", str(config), "--output", str(output)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (output / "manifest.json").is_file(), done.stderr
    return output
