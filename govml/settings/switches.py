"""Where each switch's value comes from: the preset, or an override in the agency file."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from govml.settings.root import Settings


@dataclass(frozen=True)
class ResolvedSwitch:
    """One switch, its value, and its source as a person reads it: `preset stage2` or `override, line 31`."""

    name: str
    value: bool
    source: str


def resolve_switches(settings: Settings) -> tuple[ResolvedSwitch, ...]:
    """Return every switch with its provenance, in the order of `FeatureSettings`."""
    return tuple(
        ResolvedSwitch(name, value, _source(settings, name)) for name, value in asdict(settings.switches).items()
    )


def _source(settings: Settings, name: str) -> str:
    if getattr(settings.features, name) is None:
        return f"preset {settings.maturity}"
    line = settings.line("features", name)
    return f"override, line {line}" if line else "override"
