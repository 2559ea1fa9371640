"""Typed agency file: `load_settings(path)` gives a frozen `Settings`, or a `UserError` that lists every problem."""

from govml.settings.acceptance import Bound
from govml.settings.ai import AiSettings
from govml.settings.baseline import BaselineSettings
from govml.settings.cicd import CicdSettings
from govml.settings.environments import EnvironmentName, EnvironmentSettings
from govml.settings.features import FeatureSettings, Switches
from govml.settings.iam import IamSettings
from govml.settings.names import Names
from govml.settings.network import NetworkSettings
from govml.settings.observability import LogShippingSettings, ObservabilitySettings
from govml.settings.reading.loader import load_settings
from govml.settings.root import Settings
from govml.settings.switches import ResolvedSwitch, resolve_switches
from govml.settings.tuning import TuningSettings
from govml.settings.use_cases import UseCaseSettings

__all__ = [
    "AiSettings",
    "BaselineSettings",
    "Bound",
    "CicdSettings",
    "EnvironmentName",
    "EnvironmentSettings",
    "FeatureSettings",
    "IamSettings",
    "LogShippingSettings",
    "Names",
    "NetworkSettings",
    "ObservabilitySettings",
    "ResolvedSwitch",
    "Settings",
    "Switches",
    "TuningSettings",
    "UseCaseSettings",
    "load_settings",
    "resolve_switches",
]
