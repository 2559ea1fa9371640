"""The release in the demo: wait until an approved version serves, and ask for predictions all the while."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from govml.demo.prediction import EXAMPLE_FLAT
from govml.errors import UserError
from govml.local.access import Connection
from govml.local.paths import state_directory
from govml.settings.names import Names

_DEADLINE_SECONDS = 120.0
_ASK_SECONDS = 0.1
_BODY = json.dumps({"instances": [EXAMPLE_FLAT]}).encode()


def approval_page() -> Path:
    """Return where the demo leaves the page that the approver reads."""
    return state_directory() / "approval.html"


@dataclass
class Rehearsal:
    """A release that is under way in the local account.

    Args:
        connection: the running local account.
        names: names of the environment.
        use_case: the use case that is released.
        log: output of `govml local serve`.
    """

    connection: Connection
    names: Names
    use_case: str
    log: Path
    _shown: int = field(default=0, init=False)

    def await_front(self) -> None:
        """Wait until the front answers.

        Raises:
            UserError: it does not.
        """
        self._until(lambda: "answers at" in self.log.read_text(), "the front does not come up")
        self._show()

    def await_version(self, version: int) -> tuple[int, dict[str, Any]]:
        """Wait until a version serves; ask for predictions while an earlier one still does.

        Args:
            version: number of the model package.

        Returns:
            How many requests were answered meanwhile, and the last answer.

        Raises:
            UserError: it does not serve in time, or a request was not answered.
        """
        answered = 0

        def serves() -> bool:
            nonlocal answered
            self._show()
            if version > 1:
                self.ask()
                answered += 1
            return self._live() == str(version)

        self._until(serves, f"version {version} does not serve")
        self._show()
        return answered, self.ask()

    def ask(self) -> dict[str, Any]:
        """Ask the endpoint for one prediction, signed as any client's request is.

        Raises:
            UserError: it was refused.
        """
        from botocore.exceptions import ClientError

        try:
            told = self.connection.client("sagemaker-runtime").invoke_endpoint(
                EndpointName=self.names.endpoint(self.use_case), Body=_BODY, ContentType="application/json"
            )
        except ClientError as error:
            raise UserError(f"a request was not answered: {error}") from error
        answer: dict[str, Any] = json.loads(told["Body"].read())
        return answer

    def _live(self) -> str:
        """Version that the serving stack says is live, once its last update is complete."""
        cloudformation = self.connection.client("cloudformation")
        stack = cloudformation.describe_stacks(StackName=self.names.serving_stack(self.use_case))["Stacks"][0]
        if not stack["StackStatus"].endswith("_COMPLETE"):
            return ""
        outputs = {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}
        return str(outputs.get("LiveVersion", ""))

    def _until(self, reached: Any, failure: str) -> None:
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while not reached():
            if time.monotonic() > deadline:
                raise UserError(f"{failure} within {_DEADLINE_SECONDS:.0f} s:\n{self.log.read_text()}")
            time.sleep(_ASK_SECONDS)

    def _show(self) -> None:
        """Show what the front has said since the last time."""
        for line in self._fresh():
            click.echo(f"   {line}")

    def _fresh(self) -> Iterator[str]:
        text = self.log.read_text(errors="replace")
        whole = text[: text.rfind("\n") + 1]
        yield from whole[self._shown :].splitlines()
        self._shown = len(whole)
