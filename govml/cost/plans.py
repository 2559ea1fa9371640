"""Where the templates of a plan come from: an assembly that is there, or an agency file that is synthesised now."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from govml.bootstrap.assembly import read_stacks
from govml.cost.estimate import Estimate, estimate
from govml.cost.prices import PriceTable
from govml.cost.usage import Usage
from govml.errors import UserError
from govml.settings import load_settings
from govml.synthesis import synthesise


@dataclass(frozen=True)
class Rates:
    """What an estimate is reckoned with.

    Args:
        prices: the price table.
        usage: the assumptions.
    """

    prices: PriceTable
    usage: Usage


def plan(source: Path, environment: str | None, rates: Rates, *, assembly: Path | None = None) -> Estimate:
    """Estimate a plan.

    Args:
        source: agency file, or folder of an assembly.
        environment: one environment of it; None for all.
        rates: prices and assumptions.
        assembly: an assembly of that agency file, which spares the synth.

    Raises:
        UserError: there is neither; the file is wrong; it has no such environment.
    """
    if assembly is None and source.is_dir():
        assembly = source
    if assembly is not None:
        return _of_assembly(assembly, environment, rates)
    if environment is not None:
        load_settings(source).environment(environment)
    with tempfile.TemporaryDirectory(prefix="govml-cost-") as folder:
        made = synthesise(source, environment, output=Path(folder) / "assembly", quiet=True, judged=False)
        return _of_assembly(made, None, rates)


def _of_assembly(folder: Path, environment: str | None, rates: Rates) -> Estimate:
    stacks = read_stacks(folder)
    if environment is not None:
        chosen = [stack for stack in stacks if stack.environment.rpartition("-")[2] == environment]
        if not chosen:
            have = ", ".join(sorted({stack.environment.rpartition("-")[2] for stack in stacks}))
            raise UserError(f"{folder} has no environment {environment}", hint=f"it has {have}")
        stacks = chosen
    return estimate(stacks, rates.prices, rates.usage)


def with_switch(config: Path, name: str, *, on: bool, folder: Path) -> Path:
    """Write an agency file that differs in one switch, and return its path.

    Args:
        config: the agency file.
        name: the switch.
        on: its new value.
        folder: where to write.

    Raises:
        UserError: the agency file is wrong, or would be: the switch cannot change alone.
    """
    document: Mapping[str, Any] = YAML(typ="safe", pure=True).load(config.read_text(encoding="utf-8"))
    features = {**(document.get("features") or {}), name: on}
    path = folder / f"{name}-{'on' if on else 'off'}.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({**document, "features": features}, file)
    load_settings(path)
    return path
