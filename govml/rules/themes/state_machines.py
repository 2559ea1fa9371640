"""Step Functions: what a state machine records of itself, and with which key."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import given, later, own_key, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.requests import STATE_MACHINE
from govml.rules.state_machines import definition_of
from govml.rules.template import Resource, Template
from govml.rules.values import get


@rule(
    "GovML-StateMachineDefinition",
    STATE_MACHINE,
    title="A state machine's definition can be read, so that its tasks are judged",
    rationale="A definition that is no JSON hides what its tasks may do, and Step Functions refuses it at deployment.",
    severity="medium",
    controls=("CM-2", "CM-6"),
    public_sector_controls=("SC-5",),
)
def state_machine_definition(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Parse it; a definition that lies in S3 is not judged."""
    try:
        definition_of(resource)
    except ValueError as error:
        yield f"its definition cannot be read: {error}"


@rule(
    "GovML-StateMachineLog",
    STATE_MACHINE,
    title="A state machine logs its executions and traces them",
    rationale="An express execution leaves no trace but its log; a standard one loses its history after 90 days.",
    severity="medium",
    controls=("AU-2", "AU-3", "AU-12"),
    public_sector_controls=("LM-4", "LM-16"),
    source='Step Functions developer guide, "Using CloudWatch Logs to log execution history in Step Functions"',
)
def state_machine_log(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a level, a destination and tracing."""
    logging = resource.get("LoggingConfiguration")
    level = get(logging, "Level")
    if str(level) not in {"ALL", "ERROR", "FATAL"} and not (later(level) and level is not None):
        yield f"LoggingConfiguration.Level is {level or 'not set'}: set ALL"
    elif not given(get(logging, "Destinations")):
        yield "LoggingConfiguration names no destination: nothing is logged"
    if not switched_on(resource.get("TracingConfiguration", "Enabled")):
        yield "TracingConfiguration.Enabled is not true"


@rule(
    "GovML-StateMachineKey",
    STATE_MACHINE,
    "AWS::StepFunctions::Activity",
    title="What a state machine keeps is encrypted with a key of the agency where a key is configured",
    rationale="Definitions, inputs and outputs of executions hold references to data and sometimes the data itself.",
    severity="low",
    controls=("SC-28", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source='Step Functions developer guide, "Data at rest encryption in Step Functions"',
)
def state_machine_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Judge a configuration that is there; without one AWS encrypts with its own key."""
    encryption = resource.get("EncryptionConfiguration")
    if not given(encryption):
        return
    if get(encryption, "Type") == "AWS_OWNED_KEY":
        yield "EncryptionConfiguration.Type is AWS_OWNED_KEY: use CUSTOMER_MANAGED_KMS_KEY with KmsKeyId"
    elif not own_key(get(encryption, "KmsKeyId")):
        yield "EncryptionConfiguration names no key of the agency"
