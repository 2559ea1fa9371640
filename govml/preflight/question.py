"""One read-only question to an account, the same for boto3, for the `aws` command line and for an export file."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import Any

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Question:
    """One call.

    Args:
        service: service name of boto3 and of the `aws` command line.
        operation: as in `list-roles`.
        parameters: name as in the API, and a value or a list of them (as a tuple).
    """

    service: str
    operation: str
    parameters: tuple[tuple[str, str | tuple[str, ...]], ...] = ()

    @property
    def key(self) -> str:
        """The `aws` command without `aws`; it names the answer in an export file."""
        options = [f"--{_option(name)} {_words(value)}" for name, value in self.parameters]
        return " ".join([self.service, self.operation, *options])

    @property
    def method(self) -> str:
        """Name of boto3's method."""
        return self.operation.replace("-", "_")


@dataclass(frozen=True)
class Answer:
    """What came of a question.

    Args:
        data: the response; empty when there is none.
        error: the service's error code, as in `AccessDenied`; empty when it answered.
    """

    data: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def missing(self) -> bool:
        """Whether the service says that there is no such thing."""
        return self.error.startswith(("NoSuch", "NotFound", "ResourceNotFound", "ParameterNotFound"))

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return a list of the response; empty when it holds none."""
        rows = self.data.get(name)
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def ask(service: str, operation: str, **parameters: str | tuple[str, ...]) -> Question:
    """Return a question, as in `ask("iam", "list-policies", Scope="Local")`."""
    return Question(service, operation, tuple(parameters.items()))


def _words(value: str | tuple[str, ...]) -> str:
    return shlex.join([value] if isinstance(value, str) else value)


def _option(name: str) -> str:
    return _WORD.sub("-", name).lower()
