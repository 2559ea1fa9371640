"""The image's software bill of materials against its lock: the same packages in the same versions, for the image's platform.

    python requirements/sbom.py BILL.cdx.json [requirements/run.txt]

`make sbom` installs the lock into an environment of its own, lets cyclonedx-py describe it (packages, licences, who needs
whom), and runs this. Exit code 1: they differ.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.utils import canonicalize_name

_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;]+)\s*(;\s*(?P<marker>[^\\]+))?", re.MULTILINE
)
#: What an environment has before anything is installed.
_GIVEN = frozenset({"pip", "setuptools"})


def locked(lock: str, platform: dict[str, str] | None = None) -> dict[str, str]:
    """Version by package that a lock installs.

    Args:
        lock: text of the lock.
        platform: values of environment markers; those of the running interpreter when None.
    """
    return {
        canonicalize_name(pin["name"]): pin["version"]
        for pin in _PIN.finditer(lock)
        if pin["marker"] is None or Marker(pin["marker"].strip()).evaluate(platform)
    }


def described(bill: dict[str, Any]) -> dict[str, str]:
    """Version by package that a bill of materials (CycloneDX) names."""
    found = {canonicalize_name(item["name"]): item["version"] for item in bill.get("components", [])}
    return {name: version for name, version in found.items() if name not in _GIVEN}


def differences(bill: dict[str, Any], lock: str, platform: dict[str, str] | None = None) -> list[str]:
    """What a bill of materials says otherwise than the lock; empty: nothing."""
    wanted, found = locked(lock, platform), described(bill)
    return [
        f"{name}: {found.get(name, 'missing')} in the bill, {wanted.get(name, 'missing')} in the lock"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def main(arguments: list[str]) -> int:
    """Compare the files; return the exit code."""
    bill = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    lock = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).with_name("run.txt")
    found = differences(bill, lock.read_text(encoding="utf-8"))
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print(f"{len(described(bill))} packages, as in {lock.name}")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
