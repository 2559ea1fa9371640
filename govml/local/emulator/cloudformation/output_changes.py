"""Change sets that change outputs only: MiniStack calls them empty, CloudFormation carries them out.

CDK exports a value as soon as a later stack asks for it, so an update of a stack may add an output and nothing else.
"""

from __future__ import annotations

from typing import Any

import ministack.services.cloudformation as service
from ministack.services.cloudformation import changesets, handlers

_EMPTY = "The submitted information didn't contain changes."


def install() -> None:
    """Put the correction into MiniStack's table of operations, behind its own handler of `CreateChangeSet`."""
    native = changesets._create_change_set

    def create(params: Any) -> Any:
        before = set(service._change_sets)
        answer = native(params)
        for identifier in set(service._change_sets) - before:
            _correct(service._change_sets[identifier])
        return answer

    handlers._ACTION_HANDLERS["CreateChangeSet"] = create


def _correct(change_set: dict[str, Any]) -> None:
    """Let a change set be carried out that was called empty although its template has other outputs."""
    stack = service._stacks.get(change_set["StackName"], {})
    deployed = stack.get("_template", {}).get("Outputs", {})
    empty = change_set["Status"] == "FAILED" and change_set["StatusReason"].startswith(_EMPTY)
    if empty and change_set["_template"].get("Outputs", {}) != deployed:
        change_set |= {"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE", "StatusReason": ""}
