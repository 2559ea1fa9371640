"""What a run was made with: Python, and the libraries that its figures depend on."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Final

#: Distributions whose version may change a model or its figures. XGBoost goes by either name.
LIBRARIES: Final = ("xgboost", "xgboost-cpu", "scikit-learn", "numpy", "scipy", "polars", "narwhals", "mlflow")


def environment() -> dict[str, str]:
    """Return `python`, `platform` and the version of every library that is installed, by name."""
    found = {"python": platform.python_version(), "platform": f"{platform.system()}-{platform.machine()}".lower()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # the other build of XGBoost
            continue
    return found


def requirements() -> list[str]:
    """Return the libraries as pip takes them, `name==version`."""
    return [f"{name}=={version}" for name, version in environment().items() if name in LIBRARIES]
