"""What the documents say can be followed: links lead somewhere, commands and make targets exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from govml.cli.main import govml

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for path in [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("*/README.md")]
    if path.is_file()
)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)]*)?\)")
COMMAND = re.compile(r"(?:^|[`$ /])govml ((?:[a-z]+ ?)+)")
TARGET = re.compile(r"(?:^|`)make ((?:[a-z-]+ ?)+)", re.MULTILINE)


def named(document: Path, pattern: re.Pattern[str]) -> list[str]:
    """Return what a document names inside code spans and blocks."""
    text = document.read_text()
    blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    return [match for block in blocks for match in pattern.findall(block if "\n" in block else f"`{block}")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_relative_links_lead_somewhere(document: Path) -> None:
    for target, _ in LINK.findall(document.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_commands_exist(document: Path) -> None:
    context = click.Context(govml)
    for words in named(document, COMMAND):
        first, *rest = words.split()
        command = govml.get_command(context, first)
        assert command is not None, f"{document.name} names `govml {first}`"
        if isinstance(command, click.Group) and rest:
            assert command.get_command(context, rest[0]) is not None, f"{document.name} names `govml {words}`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    for words in named(document, TARGET):
        assert set(words.split()) <= targets, f"{document.name} names `make {words}`"
