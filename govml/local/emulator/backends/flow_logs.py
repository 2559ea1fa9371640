"""A correction to MiniStack's flow logs: it neither keeps nor answers delivery role, interval and format."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2

# Request parameter -> element of the answer.
_MEMBERS = {
    "DeliverLogsPermissionArn": "deliverLogsPermissionArn",
    "MaxAggregationInterval": "maxAggregationInterval",
    "LogFormat": "logFormat",
}


def install() -> None:
    """Keep the missing members on create and add them to each flow log in MiniStack's answers."""
    create, describe = ec2._create_flow_logs, ec2._describe_flow_logs

    def create_flow_logs(parameters: dict[str, Any]) -> Any:
        known = set(ec2._flow_logs)
        answer = create(parameters)
        kept = {name: ec2._p(parameters, name) for name in _MEMBERS if ec2._p(parameters, name)}
        for identifier in set(ec2._flow_logs) - known:
            ec2._flow_logs[identifier].update(kept)
        return answer

    def describe_flow_logs(parameters: dict[str, Any]) -> Any:
        status, headers, body = describe(parameters)
        text = body.decode()
        for identifier, flow_log in ec2._flow_logs.items():
            element = f"<flowLogId>{identifier}</flowLogId>"
            extra = "".join(
                f"<{member}>{escape(str(flow_log[name]))}</{member}>"
                for name, member in _MEMBERS.items()
                if name in flow_log
            )
            text = text.replace(element, element + extra)
        return status, headers, text.encode()

    ec2._ACTION_MAP |= {"CreateFlowLogs": create_flow_logs, "DescribeFlowLogs": describe_flow_logs}
