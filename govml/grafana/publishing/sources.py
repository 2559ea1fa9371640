"""Data sources as Grafana's API takes them; all of them use the role of the workspace, and none holds a secret."""

from __future__ import annotations

from typing import Any, Final

#: Identifiers that the dashboards know.
CLOUDWATCH, XRAY = "govml-cloudwatch", "govml-xray"
#: Credentials as the AWS SDK finds them: those of the workspace's role.
_ROLE: Final = "default"


def prometheus(environment: str, url: str, region: str, *, first: bool) -> dict[str, Any]:
    """Return the data source of an environment's Prometheus workspace.

    Args:
        environment: prefix of the environment's names, as in `sandbox-dev`.
        url: the workspace's endpoint.
        region: its region.
        first: whether it is the one that is chosen at first.
    """
    signed = {"httpMethod": "POST", "sigV4Auth": True, "sigV4AuthType": _ROLE, "sigV4Region": region}
    return {
        "uid": f"govml-{environment}",
        "name": f"GovML {environment}",
        "type": "prometheus",
        "access": "proxy",
        "url": url,
        "isDefault": first,
        "jsonData": {**signed, "timeInterval": "60s"},
    }


def cloudwatch(region: str) -> dict[str, Any]:
    """Return the data source of CloudWatch, in this account and those that are linked to it."""
    settings = {"authType": _ROLE, "defaultRegion": region, "tracingDatasourceUid": XRAY}
    return {
        "uid": CLOUDWATCH,
        "name": "GovML CloudWatch",
        "type": "cloudwatch",
        "access": "proxy",
        "isDefault": False,
        "jsonData": settings,
    }


def xray(region: str) -> dict[str, Any]:
    """Return the data source of traces."""
    return {
        "uid": XRAY,
        "name": "GovML X-Ray",
        "type": "grafana-x-ray-datasource",
        "access": "proxy",
        "isDefault": False,
        "jsonData": {"authType": _ROLE, "defaultRegion": region},
    }
