"""Did every pack run, once, to its end, over this tree? And what did it find?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from govml.gate.assembly import Stack
from govml.gate.report import PluginReport
from govml.gate.verdict import Refusal
from govml_constructs.validation.nag_canary import CANARY_PATH, CANARY_RULES

ANNOTATIONS_PLUGIN = "Construct Annotations"


def proven_packs(plugins: list[PluginReport]) -> tuple[str, ...]:
    """Return the packs that found the positive control: they ran, and looked at this tree."""
    found = {
        plugin.name
        for plugin in plugins
        for violation in plugin.acknowledged
        if violation.rule == CANARY_RULES.get(plugin.name) and CANARY_PATH in violation.constructs
    }
    return tuple(pack for pack in CANARY_RULES if pack in found)


def crashed_plugins(plugins: list[PluginReport]) -> Iterator[Refusal]:
    """`cdk synth` exits 0 when a plugin throws; its findings are then simply missing."""
    for plugin in plugins:
        if plugin.error:
            yield Refusal("crashed-plugin", plugin.name, "", f"crashed: {plugin.error}")
        elif not plugin.succeeded and not any(violation.counts for violation in plugin.violations):
            yield Refusal("crashed-plugin", plugin.name, "", "says that it failed and names no finding")


def missing_packs(plugins: list[PluginReport]) -> Iterator[Refusal]:
    """A clean pack and a pack that was never registered look the same; the positive control tells them apart."""
    crashed = {plugin.name for plugin in plugins if plugin.error}
    for pack in CANARY_RULES:
        if pack not in proven_packs(plugins) and pack not in crashed:
            yield Refusal(
                "missing-pack",
                pack,
                "",
                f"did not find the positive control at {CANARY_PATH}: it did not run, or not over this app",
                "call register_packs(app) once, before the stacks are made",
            )


def repeated_plugins(plugins: list[PluginReport]) -> Iterator[Refusal]:
    """Registered on a stage too, a pack scans the whole app once more for each."""
    for name, times in Counter(plugin.name for plugin in plugins).items():
        if times > 1:
            yield Refusal("repeated-plugin", name, "", f"ran {times} times", "register it on the app only")


def open_findings(plugins: list[PluginReport], without: str) -> Iterator[Refusal]:
    """Warnings count too: CDK turns the errors of its own validation into warnings unless a flag is set.

    Args:
        plugins: what the plugins said.
        without: name of the plugin whose rules the gate runs itself.
    """
    for plugin in plugins:
        if plugin.name == without:
            continue
        for violation in plugin.violations if not plugin.error else ():
            for path in (violation.constructs or ("",)) if violation.counts else ():
                yield Refusal("open-finding", violation.rule, path, f"{violation.severity}: {violation.description}")


def open_annotations(stacks: list[Stack], plugins: list[PluginReport]) -> Iterator[Refusal]:
    """Warnings and errors that constructs attach to themselves fail `cdk synth` or not, but never `python app.py`."""
    if any(plugin.name == ANNOTATIONS_PLUGIN for plugin in plugins):
        return  # a feature flag puts them into the report, where `open_findings` sees them
    for stack in stacks:
        for path, severity, message in stack.annotations:
            yield Refusal("open-finding", "CDK annotation", path, f"{severity}: {message}")
