"""Network isolation of a job: a network namespace where the platform permits one, a plain word where it does not."""

from __future__ import annotations

import functools
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
    prefix = _namespaces("n")
    return Isolation(prefix, NAMESPACE) if prefix else Isolation((), ENVIRONMENT_ONLY)


@functools.cache
def shared_namespace(*, isolated: bool) -> tuple[str, ...] | None:
    """Return what goes before a command that starts several hosts: a mount namespace for their names.

    Args:
        isolated: in one network namespace too, where the hosts reach each other and nothing else.

    Returns:
        None where this machine permits no such namespace.
    """
    return _namespaces("nm" if isolated else "m") or None


def _namespaces(kinds: str) -> tuple[str, ...]:
    """Return a prefix that enters new namespaces of these kinds, flags of unshare(1); empty where none works."""
    unshare = shutil.which("unshare")
    into = (sys.executable, "-I", "-S", str(Path(__file__).with_name("loopback.py"))) if "n" in kinds else ()
    # -r maps the user to root in its own namespace, as the others need a privilege.
    for flags in (f"-{kinds}", f"-r{kinds}"):
        prefix = (str(unshare), flags, "--", *into)
        if unshare and _works(prefix):
            return prefix
    return ()


def _works(prefix: tuple[str, ...]) -> bool:
    # Kernels and security modules refuse namespaces in too many ways to predict: try one.
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
