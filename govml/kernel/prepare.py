"""Settings of the kernel's Node process; they must stand before `aws_cdk` is imported."""

from __future__ import annotations

import os
from pathlib import Path

PRELOAD = Path(__file__).parent / "compile_cache.cjs"
CACHE_VARIABLE = "GOVML_KERNEL_CACHE"
OFF = "off"
_YOUNG_GENERATION_MB = 64  # most of a synth's objects die young: a larger nursery is swept less often


def prepare_kernel() -> None:
    """Let the kernel keep its compiled code between runs, and spare it work that pays off in long processes only.

    The cache is a folder of the user's own (`GOVML_KERNEL_CACHE`, by default under `XDG_CACHE_HOME` or `~/.cache`);
    `GOVML_KERNEL_CACHE=off` leaves the kernel as it is. The templates are the same with and without.
    """
    folder = os.environ.get(CACHE_VARIABLE) or str(_cache_home() / "govml" / "kernel")
    if folder == OFF or str(PRELOAD) in os.environ.get("NODE_OPTIONS", ""):
        return
    os.environ[CACHE_VARIABLE] = folder
    options = [os.environ.get("NODE_OPTIONS", ""), f"--max-semi-space-size={_YOUNG_GENERATION_MB}"]
    options.append(f'--require "{str(PRELOAD).translate(_QUOTED)}"')
    os.environ["NODE_OPTIONS"] = " ".join(filter(None, options))


_QUOTED = str.maketrans({"\\": r"\\", '"': r"\""})


def _cache_home() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    return Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
