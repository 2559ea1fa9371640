"""Agency file -> frozen settings, or one error that lists every problem of the file."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from govml.errors import UserError
from govml.settings.reading.definitions import broken_agreements
from govml.settings.reading.nodes import Node
from govml.settings.reading.partial import findings, rules_on_sound_parts
from govml.settings.reading.problems import Problem, refusal, shown
from govml.settings.reading.source import read_text
from govml.settings.reading.yaml_reader import UnreadableError, read_nodes
from govml.settings.root import Settings
from govml.settings.rules.finding import Finding

REPOSITORY = Path(__file__).resolve().parents[3]
"""Root of this repository; pipeline definitions are named relative to it."""


def load_settings(path: Path | str, *, repository: Path = REPOSITORY) -> Settings:
    """Read an agency file.

    Args:
        path: the YAML file.
        repository: where the use cases' pipeline definitions are looked up.

    Raises:
        UserError: the file cannot be read or is wrong; its text lists every problem with line, path, value and hint.
    """
    path = Path(path)
    text = read_text(path)
    try:
        root, problems = read_nodes(text)
    except UnreadableError as error:
        raise refusal(str(path), [error.problem]) from error
    if root is None or root.value is None:
        raise UserError(f"{path} is empty", hint="start from config/sandbox.yaml")
    if not isinstance(root.value, dict):
        kind = "a list" if isinstance(root.value, list) else "a single value"
        raise UserError(f"{path} holds {kind}, not a mapping", hint="start from config/sandbox.yaml")
    settings, more = _validate(root)
    problems += more
    if settings is not None:
        problems += [at(root, finding) for finding in broken_agreements(settings, repository)]
    if problems or settings is None:
        raise refusal(str(path), problems)
    return settings


def _validate(root: Node) -> tuple[Settings | None, list[Problem]]:
    data = root.data()
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        from govml.settings.reading.explain import explain

        broken = [*findings(error), *rules_on_sound_parts(data, error)]
        return None, [*explain(error, root), *(at(root, finding) for finding in broken)]
    settings._lines = root.lines()
    return settings, []


def at(root: Node, finding: Finding) -> Problem:
    """Return a finding as a problem at its line, or at the nearest enclosing key that the file has."""
    node = root.at(finding.path)
    value = shown(node.written()) if node is not None else ""
    return Problem(root.line_of(finding.path), ".".join(map(str, finding.path)), finding.message, finding.hint, value)
