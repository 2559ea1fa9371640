"""`govml` with its exit codes, in this process: starting one costs half a second. Each group keeps a test with a real one."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from pathlib import Path
from unittest import mock

from govml.cli.main import main


def govml(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line and return its exit code and output; what it does not catch itself is raised here."""
    words = ["govml", *map(str, arguments)]
    code = 0
    with (
        mock.patch.object(sys, "argv", words),
        contextlib.redirect_stdout(io.StringIO()) as output,
        contextlib.redirect_stderr(io.StringIO()) as errors,
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return subprocess.CompletedProcess(words, code, output.getvalue(), errors.getvalue())
