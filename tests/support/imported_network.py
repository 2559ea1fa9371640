"""A sound imported network for the environments `dev` and `prod` of the tests' agency file, and ways to change it."""

from __future__ import annotations

from typing import Any

_ZONES = ("ap-southeast-1a", "ap-southeast-1b")


def networks() -> dict[str, dict[str, Any]]:
    """Return the `network_import` of both environments: two /26 each."""
    return {name: _network(number) for name, number in (("dev", 8), ("prod", 9))}


def imported(**changes: Any) -> dict[str, Any]:
    """Return what makes the tests' agency file import its networks, with changes to `dev`'s.

    Args:
        changes: `network__x` and `environments__x` change the file; `subnets__1__cidr` changes one subnet of `dev`;
            every other name is a key of `dev`'s network_import.
    """
    made = networks()
    file: dict[str, Any] = {"network__mode": "import"}
    for key, value in changes.items():
        if key.startswith(("network__", "environments__")):
            file[key] = value
        elif key.startswith("subnets__"):
            _, index, name = key.split("__")
            made["dev"]["subnets"][int(index)][name] = value
        else:
            made["dev"][key] = value
    for name, network in made.items():
        file[f"environments__{name}__network_import"] = network
        file.setdefault(f"environments__{name}__cidr", None)
    return file


def _network(number: int) -> dict[str, Any]:
    subnets = [
        {"id": f"subnet-000000000000000{number}{index}", "zone": zone, "cidr": f"10.{number}.0.{64 * index}/26"}
        for index, zone in enumerate(_ZONES)
    ]
    return {"vpc_id": f"vpc-0000000000000000{number}", "subnets": subnets}
