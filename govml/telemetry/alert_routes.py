"""Where Prometheus' alerts go: to the alert topic, in the form in which alarms come, so that the topic's routes hold for both."""

from __future__ import annotations

import io
import json
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

_SEVERITIES: Final = ("page", "ticket")
#: Fields of an alarm's message (CloudWatch user guide, "Using Amazon CloudWatch alarms"): routes choose by how the
#: description begins (`AlertRoute`). The values are templates of Alertmanager; none of ours holds a quotation mark.
_MESSAGE: Final = {
    "AlarmName": "{{ .CommonLabels.alertname }}",
    "AlarmDescription": "[{{ .CommonLabels.severity }}] {{ .CommonAnnotations.summary }}. "
    "Runbook: {{ .CommonAnnotations.runbook }}.",
    "NewStateValue": '{{ if eq .Status "firing" }}ALARM{{ else }}OK{{ end }}',
    "NewStateReason": "Managed Prometheus",
}


def alert_manager(topic_arn: str, region: str) -> str:
    """Return the definition of the alert manager as Managed Prometheus takes it.

    Args:
        topic_arn: the alert topic.
        region: its region, which requests are signed for.
    """
    told = [
        {
            "name": severity,
            "sns_configs": [
                {
                    "topic_arn": topic_arn,
                    "sigv4": {"region": region},
                    "send_resolved": True,
                    "subject": "[{{ .CommonLabels.severity }}] {{ .CommonLabels.alertname }}",
                    "message": _message(),
                    "attributes": {"severity": severity},
                }
            ],
        }
        for severity in _SEVERITIES
    ]
    # One message for each alert of each series: what is told together would have no severity in common.
    route: dict[str, Any] = {
        "receiver": "ticket",
        "group_by": ["alertname", "job", "endpoint"],
        "group_wait": "10s",
        "group_interval": "5m",
        "repeat_interval": "1d",
        "routes": [
            {"receiver": "page", "matchers": ['severity="page"'], "repeat_interval": "4h"},
        ],
    }
    config = _yaml({"route": route, "receivers": told})
    return _yaml({"alertmanager_config": LiteralScalarString(config)})


def _message() -> str:
    """Return the message: JSON in which only the state's template holds quotation marks, of its own syntax."""
    return json.dumps(_MESSAGE).replace('\\"', '"')


def _yaml(data: Any) -> str:
    stream = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(data, stream)
    return stream.getvalue()
