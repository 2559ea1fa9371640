"""The adapter is written against private parts of two packages, so it accepts exactly one version of each."""

from __future__ import annotations

from importlib import metadata

from govml.errors import UserError

SUPPORTED = {"ministack": "1.5.33", "moto": "5.2.5"}


def require_supported() -> None:
    """Refuse to go on unless exactly the supported versions of MiniStack and moto are installed.

    Raises:
        UserError: a package is missing or has another version; the hint says how to mend it.
    """
    wrong = []
    for package, supported in SUPPORTED.items():
        try:
            installed = metadata.version(package)
        except metadata.PackageNotFoundError:
            wrong.append(f"{package} {supported} is needed and {package} is not installed")
            continue
        if installed != supported:
            wrong.append(f"{package} {supported} is needed and {installed} is installed")
    if wrong:
        raise UserError(
            f"the local account cannot start: {'; '.join(wrong)}",
            hint="run `make install`; to move to a newer version, adapt govml/local/emulator and change "
            "SUPPORTED in its versions.py together with the pin in pyproject.toml",
        )
