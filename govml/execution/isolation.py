"""Network isolation of a job: a network namespace where the platform permits one, a plain word where it does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Isolation:
    """How isolated jobs are cut off: `prefix` goes before their command; `description` goes into the run record."""

    prefix: tuple[str, ...]
    description: str


NAMESPACE = "network namespace without a route"
ENVIRONMENT_ONLY = "not enforced on this platform: only AWS variables and proxies are withheld"


def find_isolation() -> Isolation:
    """Return the strongest isolation that this machine permits: as root, as a user, or none."""
    unshare = shutil.which("unshare")
    loopback = str(Path(__file__).with_name("loopback.py"))
    for flags in ("-n", "-rn"):  # -r maps the user to root in its own namespace, as `-n` needs a privilege
        prefix = (str(unshare), flags, "--", sys.executable, "-I", "-S", loopback)
        if unshare and _works(prefix):
            return Isolation(prefix, NAMESPACE)
    return Isolation((), ENVIRONMENT_ONLY)


def _works(prefix: tuple[str, ...]) -> bool:
    # Kernels and security modules refuse namespaces in too many ways to predict: try one.
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
