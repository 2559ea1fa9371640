"""Recorded-only calls of Cost Explorer: monitors of unusual spending, and who is told. No costs arise here to watch."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from govml.local.emulator.account import current_account
from govml.local.emulator.backends.errors import ApiError

Parameters = dict[str, Any]
_monitors: dict[str, dict[str, Parameters]] = {}
_subscriptions: dict[str, dict[str, Parameters]] = {}
_tags: dict[str, list[Parameters]] = {}


def create_anomaly_monitor(parameters: Parameters) -> Parameters:
    """Record a monitor; as in the service, an account has one monitor of services at most."""
    monitor = parameters["AnomalyMonitor"]
    shelf = _monitors.setdefault(current_account(), {})
    managed = monitor.get("MonitorDimension")
    if managed and any(other.get("MonitorDimension") == managed for other in shelf.values()):
        raise ApiError("LimitExceededException", "Limit exceeded on dimensional spend monitor creation")
    return {"MonitorArn": _record(shelf, "anomalymonitor", "MonitorArn", monitor, parameters)}


def get_anomaly_monitors(parameters: Parameters) -> Parameters:
    """List monitors, or those of the given ARNs."""
    return {"AnomalyMonitors": _listed(_monitors, parameters.get("MonitorArnList"), "UnknownMonitorException")}


def update_anomaly_monitor(parameters: Parameters) -> Parameters:
    """Rename a monitor."""
    return _changed(_monitors, "MonitorArn", parameters, "UnknownMonitorException")


def delete_anomaly_monitor(parameters: Parameters) -> Parameters:
    """Delete a monitor."""
    return _deleted(_monitors, parameters["MonitorArn"], "UnknownMonitorException")


def create_anomaly_subscription(parameters: Parameters) -> Parameters:
    """Record who is told of the anomalies of monitors, which must exist."""
    subscription = parameters["AnomalySubscription"]
    _listed(_monitors, subscription["MonitorArnList"], "UnknownMonitorException")
    shelf = _subscriptions.setdefault(current_account(), {})
    arn = _record(shelf, "anomalysubscription", "SubscriptionArn", subscription, parameters)
    return {"SubscriptionArn": arn}


def get_anomaly_subscriptions(parameters: Parameters) -> Parameters:
    """List subscriptions, or those of the given ARNs."""
    wanted = parameters.get("SubscriptionArnList")
    return {"AnomalySubscriptions": _listed(_subscriptions, wanted, "UnknownSubscriptionException")}


def update_anomaly_subscription(parameters: Parameters) -> Parameters:
    """Change a subscription."""
    return _changed(_subscriptions, "SubscriptionArn", parameters, "UnknownSubscriptionException")


def delete_anomaly_subscription(parameters: Parameters) -> Parameters:
    """Delete a subscription."""
    return _deleted(_subscriptions, parameters["SubscriptionArn"], "UnknownSubscriptionException")


def list_tags_for_resource(parameters: Parameters) -> Parameters:
    """Return the tags that a monitor or a subscription was made with."""
    return {"ResourceTags": _tags.get(parameters["ResourceArn"], [])}


def _record(shelf: dict[str, Parameters], noun: str, arn_member: str, given: Parameters, request: Parameters) -> str:
    # Cost Explorer has one endpoint for all regions, so its ARNs name none
    arn = f"arn:aws:ce::{current_account()}:{noun}/{uuid.uuid4()}"
    shelf[arn] = {**given, arn_member: arn}
    _tags[arn] = request.get("ResourceTags", [])
    return arn


def _listed(shelves: dict[str, dict[str, Parameters]], wanted: list[str] | None, error: str) -> list[Parameters]:
    shelf = shelves.get(current_account(), {})
    missing = [arn for arn in wanted or () if arn not in shelf]
    if missing:
        raise ApiError(error, f"{missing[0]} does not exist")
    return [shelf[arn] for arn in (wanted or shelf)]


def _changed(shelves: dict[str, dict[str, Parameters]], member: str, parameters: Parameters, error: str) -> Parameters:
    (found,) = _listed(shelves, [parameters[member]], error)
    found.update(parameters)
    return {member: parameters[member]}


def _deleted(shelves: dict[str, dict[str, Parameters]], arn: str, error: str) -> Parameters:
    _listed(shelves, [arn], error)
    del shelves[current_account()][arn]
    return {}


OPERATIONS: dict[str, Callable[[Parameters], Parameters]] = {
    function.__name__: function
    for function in (
        create_anomaly_monitor,
        get_anomaly_monitors,
        update_anomaly_monitor,
        delete_anomaly_monitor,
        create_anomaly_subscription,
        get_anomaly_subscriptions,
        update_anomaly_subscription,
        delete_anomaly_subscription,
        list_tags_for_resource,
    )
}
