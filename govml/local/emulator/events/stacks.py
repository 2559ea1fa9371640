"""`CloudFormation Stack Status Change`, for each status that a stack's own events tell.

Fields as in the CloudFormation user guide, "Stack Status Change event detail".
"""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import changesets, handlers, stacks

from govml.local.emulator.events import bus

_TYPE = "AWS::CloudFormation::Stack"


def install() -> None:
    """Follow each stack event that the engine records with one on the bus."""
    native = stacks._add_event

    def add_event(
        stack_id: str, stack_name: str, logical_id: str, resource_type: str, status: str, *rest: Any, **named: Any
    ) -> None:
        native(stack_id, stack_name, logical_id, resource_type, status, *rest, **named)
        if resource_type == _TYPE and logical_id == stack_name:
            reason = rest[0] if rest else named.get("reason", "")
            detail = {
                "stack-id": stack_id,
                "status-details": {"status": status, "status-reason": reason or ""},
                "client-request-token": stacks.CLIENT_REQUEST_TOKEN.get(),
            }
            bus.put("aws.cloudformation", "CloudFormation Stack Status Change", detail, [stack_id])

    for module in (stacks, handlers, changesets):
        module._add_event = add_event
