"""What the landing zone owns, and alarms that reach nobody."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false

_CENTRAL = {
    "AWS::CloudTrail::Trail": "a trail",
    "AWS::Config::ConfigurationRecorder": "a configuration recorder",
    "AWS::Config::DeliveryChannel": "a delivery channel of AWS Config",
    "AWS::GuardDuty::Detector": "a GuardDuty detector",
    "AWS::SecurityHub::Hub": "a Security Hub",
    "AWS::SecurityHub::HubV2": "a Security Hub",
    "AWS::Macie::Session": "a Macie session",
    "AWS::Organizations::Account": "an account",
    "AWS::Organizations::Policy": "a policy of the organisation",
    "AWS::SSO::Instance": "an instance of Identity Center",
}


@rule(
    "GovML-CentralService",
    *_CENTRAL,
    title="No template makes what the landing zone already has",
    rationale="A second trail, recorder, detector or hub fails to deploy, costs twice, or weakens the central one.",
    severity="high",
    controls=("AU-12", "CM-6", "SI-4"),
    public_sector_controls=("DP-4", "ST-2", "LM-4"),
)
def central_service(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Any such resource is one too many."""
    yield f"makes {_CENTRAL[resource.type]}: the landing zone has it"


@rule(
    "GovML-SilentAlarm",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    title="Alarms tell somebody",
    rationale="An alarm without an action is seen by whoever happens to look.",
    severity="medium",
    controls=("AU-6", "SI-4(5)", "IR-6"),
    public_sector_controls=("LM-9", "LM-10"),
)
def silent_alarm(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Look at the switch and at the actions; alarms that a composite one may gather need none of their own."""
    if false(resource.get("ActionsEnabled")):
        yield "its actions are switched off: set ActionsEnabled to true"
    gathered = resource.type == "AWS::CloudWatch::Alarm" and any(template.of_type("AWS::CloudWatch::CompositeAlarm"))
    if not resource.get("AlarmActions") and not gathered:
        yield "has no AlarmActions: name the topic of the operators"
