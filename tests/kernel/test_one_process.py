"""The kernel in the launcher's process: no second Node, and what constructs print still arrives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
APP = """
import os, pathlib
from govml.kernel import prepare_kernel
prepare_kernel()
import constructs
constructs.RootConstruct().node.try_get_context("anything")
from jsii._runtime import kernel
process = kernel.provider._process._process
print("children", pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())
print("variables", [name for name in os.environ if name == "NODE_EXTRA_CA_CERTS"])
"""
PRINTING = """
process.stdout.write('to stdout, with é\\n');
console.error('to stderr');
"""


def run(tmp_path: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the app in a process of its own."""
    environment = {**os.environ, "GOVML_KERNEL_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(REPOSITORY), **more}
    return subprocess.run([sys.executable, "-c", APP], env=environment, capture_output=True, text=True, check=True)


def test_the_kernel_has_no_child_and_reads_no_certificates(tmp_path: Path) -> None:
    done = run(tmp_path, NODE_OPTIONS="", NODE_EXTRA_CA_CERTS="/nowhere.pem")
    assert "children []" in done.stdout
    assert "variables []" in done.stdout


def test_what_constructs_print_arrives(tmp_path: Path) -> None:
    script = tmp_path / "printing.cjs"
    script.write_text(
        f"const runMain = require('module').runMain; require('module').runMain = (...a) => {{ runMain(...a); {PRINTING} }};"
    )
    done = run(tmp_path, NODE_OPTIONS=f"--require {script}")
    assert "to stdout, with é\n" in done.stdout
    assert "to stderr\n" in done.stderr
