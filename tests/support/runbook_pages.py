"""Follows a runbook in the local account: its own commands are run, and none may be left out without a reason in its text."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aws_command import run_aws
from click.testing import CliRunner

from govml.cli.main import govml
from govml.local import Connection

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "operations"
_BLOCK = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
_SPAN = re.compile(r"`((?:aws|govml) [^`\n]+)`")
_NOT_LOCAL = re.compile(r"^Not in the local account: (.+)$", re.MULTILINE)
_EACH = re.compile(r"`((?:aws|govml) [^`]+)` \(([^()]+)\)")


def page_text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text()


def commands(name: str) -> list[str]:
    """Return every command of a page, of blocks and of the text, without comments and pipes, each once."""
    text = page_text(name)
    lines = [line.strip() for block in _BLOCK.findall(text) for line in block.splitlines()]
    spans = _SPAN.findall(_NOT_LOCAL.sub("", _BLOCK.sub("", text)))
    found = [line for line in lines if line.startswith(("aws ", "govml "))] + spans
    return list(dict.fromkeys(re.sub(r"\s+(\| |# ).*$", "", each).strip() for each in found))


def not_local(name: str) -> dict[str, str]:
    """Return beginning of a command -> why the local account cannot run it, as the page says."""
    return {command: why for line in _NOT_LOCAL.findall(page_text(name)) for command, why in _EACH.findall(line)}


class Page:
    """One runbook that is being followed.

    Args:
        account: the local account.
        name: the page, without its ending.
        values: what stands for `<name>` in its commands.
    """

    def __init__(self, account: Connection, name: str, values: dict[str, str]) -> None:
        self.account, self.name, self.values = account, name, values
        self.left = [each for each in commands(name) if not each.startswith(tuple(not_local(name)))]

    def run(self, beginning: str, *, who: str | None = None, more: str = "", **values: str) -> Any:
        """Run the page's commands that begin so; return what the last one answered.

        Args:
            beginning: as in `govml release freeze`.
            who: ROLE/PERSON who runs it in the local account, of a release.
            more: flags that only the local account needs.
            values: what stands for further `<name>`; underscores for hyphens and spaces.
        """
        mine = [each for each in commands(self.name) if each.startswith(beginning)]
        assert mine, f"{self.name} has no command that begins with {beginning}"
        answer = None
        for command in mine:
            text = self._filled(command, values)
            answer = run_aws(self.account, text) if text.startswith("aws ") else self._govml(f"{text} {more}", who)
        self.left = [each for each in self.left if each not in mine]
        return answer

    def seen(self, beginning: str, test: Callable[..., Any] | str) -> None:
        """Say that a command is run by another test, by its path, or by a function of this one."""
        where = test if isinstance(test, str) else str(test.__module__)
        assert not isinstance(test, str) or (FOLDER.parents[1] / test).is_file(), f"{where} is gone"
        mine = [each for each in self.left if each.startswith(beginning)]
        assert mine, f"{self.name} has no command left that begins with {beginning}"
        self.left = [each for each in self.left if each not in mine]

    def _filled(self, command: str, values: dict[str, str]) -> str:
        known = {**self.values, **{name.replace("_", "-"): each for name, each in values.items()}, **values}
        text = re.sub(r"<([a-z _-]+)>", lambda name: known[name[1].replace(" ", "_")], command)
        assert "..." not in text, f"{self.name}: {command} is no whole command"
        return text

    def _govml(self, text: str, who: str | None) -> str:
        local = ["--local", "--as", who] if who else []
        done = CliRunner().invoke(govml, [*shlex.split(text)[1:], *local])
        assert done.exit_code == 0, (self.name, text, done.output, done.exception)
        return done.output


@contextmanager
def following(account: Connection, name: str, /, **values: str) -> Iterator[Page]:
    """Follow a runbook; at the end every command of it has been run, or the page says why not."""
    page = Page(account, name, {**values, **{each.replace("_", "-"): value for each, value in values.items()}})
    yield page
    assert not page.left, f"{name}: not run: {page.left}"
