"""Settings of the kernel's Node process; they must stand before `aws_cdk` is imported."""

from __future__ import annotations

import os
from pathlib import Path

_FILES = ("one_process.cjs", "compile_cache.cjs", "core_passes.cjs", "nag_classes.cjs")
PRELOADS = tuple(Path(__file__).parent / name for name in _FILES)
CACHE_VARIABLE = "GOVML_KERNEL_CACHE"
OFF = "off"
_YOUNG_GENERATION_MB = 64  # most of a synth's objects die young: a larger nursery is swept less often


def prepare_kernel() -> None:
    """Let the kernel run in one process, keep its compiled code, and spare it work that pays off in long processes only.

    The cache is a folder of the user's own (`GOVML_KERNEL_CACHE`, by default under `XDG_CACHE_HOME` or `~/.cache`);
    `GOVML_KERNEL_CACHE=off` leaves the kernel as it is. The templates are the same with and without.
    """
    folder = os.environ.get(CACHE_VARIABLE) or str(_cache_home() / "govml" / "kernel")
    given = os.environ.get("NODE_OPTIONS", "")
    if folder == OFF or PRELOADS[0].name in given:
        return
    os.environ[CACHE_VARIABLE] = folder
    os.environ.pop("NODE_EXTRA_CA_CERTS", None)  # the kernel calls nobody, and reading a bundle takes 0.04 s
    os.environ.setdefault("CDK_NO_PERF_BUILTINS", "1")  # or CDK takes the time of every read and write
    options = [given, "--preserve-symlinks", f"--max-semi-space-size={_YOUNG_GENERATION_MB}"]
    options += [f'--require "{str(preload).translate(_QUOTED)}"' for preload in PRELOADS]
    os.environ["NODE_OPTIONS"] = " ".join(filter(None, options))


_QUOTED = str.maketrans({"\\": r"\\", '"': r"\""})


def _cache_home() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    return Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
