"""One template with every resource type that the stacks use, each with the properties that get lost easily."""

from __future__ import annotations

from typing import Any

from all_types.analytics import analytics
from all_types.chat import chat
from all_types.cost import cost
from all_types.delivery import delivery
from all_types.events import events
from all_types.functions import functions
from all_types.monitoring import monitoring
from all_types.network import network
from all_types.security import security
from all_types.serving import serving
from all_types.storage import storage
from all_types.training import training
from all_types.words import att, ref, trust

__all__ = ["att", "ref", "template", "trust"]

_THEMES = (
    network,
    security,
    storage,
    analytics,
    training,
    serving,
    monitoring,
    events,
    functions,
    delivery,
    cost,
    chat,
)


def template() -> dict[str, Any]:
    """Return the template: the themes refer to one another, so they only stand together."""
    resources = {name: resource for theme in _THEMES for name, resource in theme().items()}
    return {"Resources": resources, "Outputs": {"Greeting": {"Value": att("Custom", "Text")}}}
