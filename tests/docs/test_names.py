"""What the documents name exists: commands with their options, make's targets, files of the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from documents import DOCUMENTS, REPOSITORY, code, name_of

from govml.cli.main import govml

TARGETS = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
TOP = {path.name for path in REPOSITORY.iterdir() if path.name not in {"build", "cdk.out", "node_modules"}}
# What a reader makes, or what stands for any such file.
MADE = re.compile(r"NAME|\.\.\.|^(?:build|config/(?:mine|agency)\.yaml|pipeline_code/data_sources/permits)\b")


def commands(document: Path) -> Iterator[list[str]]:
    """Yield the words behind each `govml` that a document says to type."""
    for line in code(document):
        for words in re.findall(r"(?:^|[\s/$(])govml ([^|;&#]*)", line):
            yield words.split()


def named_command(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that words name, and the words behind it."""
    command, rest = govml, list(words)
    context = click.Context(govml)
    while rest and isinstance(command, click.Group) and (found := command.get_command(context, rest[0])) is not None:
        command, rest = found, rest[1:]
    return command, rest


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_and_their_options_exist(document: Path) -> None:
    for words in commands(document):
        command, rest = named_command(words)
        said = f"`govml {' '.join(words)}`"
        if isinstance(command, click.Group) and rest:
            assert not re.fullmatch(r"[a-z]+", rest[0]), f"there is no {said}"
        options = {"-h", "--help"} | {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
        for option in (word.split("=")[0].rstrip(",.)]") for word in rest if word.startswith("--")):
            assert option in options, f"{said}: there is no {option}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_make_targets_exist(document: Path) -> None:
    for line in code(document):
        for words in re.findall(r"^make ((?:[a-z-]+ ?)+)", line):
            assert set(words.split()) <= TARGETS, f"there is no `make {words}`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_files_exist(document: Path) -> None:
    places = (REPOSITORY, REPOSITORY / "pipeline_code", document.parent)
    for word in (part.strip("\"',;:()").rstrip(".") for line in code(document) for part in line.split()):
        path = re.sub(r":\d+$", "", word)
        if "/" in path and re.fullmatch(r"[\w./-]+", path) and path.split("/")[0] in TOP and not MADE.search(path):
            assert any((place / path).exists() for place in places), f"there is no {path}"
