"""Secrets of a template as a whole, and secrets that are kept where they should be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from govml.rules.options import Options
from govml.rules.registry import TEMPLATE, rule
from govml.rules.secret_words import form_of_secret, literal_secret, secret_name
from govml.rules.template import Resource, Template
from govml.rules.values import get, true
from govml.rules.walk import texts_in

_CONTROLS = ("IA-5", "IA-5(7)", "SC-28")
_PUBLIC = ("AS-8", "SD-6")
_REFERENCE = re.compile(r"(?i)\b(?:arn|name|path)\b")


@rule(
    "GovML-SecretParameter",
    TEMPLATE,
    title="A secret that is a parameter of the template has NoEcho and no default",
    rationale="A default is in the repository; without NoEcho whoever may describe the stack reads the value.",
    severity="high",
    controls=_CONTROLS,
    public_sector_controls=_PUBLIC,
)
def secret_parameter(_: Resource, template: Template, __: Options) -> Iterator[str]:
    """Look at the template's Parameters."""
    parameters = template.document.get("Parameters")
    for name, parameter in parameters.items() if isinstance(parameters, Mapping) else ():
        default = get(parameter, "Default")
        form = form_of_secret(str(default or ""))
        if form:
            yield f"parameter {name} holds {form} as its default"
        elif secret_name(name) and str(get(parameter, "Type")) == "String":
            if literal_secret(default):
                yield f"parameter {name} has its secret as a default: take the default away"
            elif not true(get(parameter, "NoEcho")) and not _names_a_secret(parameter):
                yield f"parameter {name} shows its value to whoever may describe the stack: set NoEcho"


def _names_a_secret(parameter: Any) -> bool:
    """Return whether a parameter takes the name, path or ARN of a secret, as its default or its description says."""
    default, said = str(get(parameter, "Default") or ""), str(get(parameter, "Description") or "")
    pattern = str(get(parameter, "AllowedPattern") or "")
    return default.startswith(("arn:", "/", "{{resolve")) or "arn" in pattern or bool(_REFERENCE.search(said))


@rule(
    "GovML-SecretOutput",
    TEMPLATE,
    title="No output gives a secret away",
    rationale="Outputs are shown in the console, in logs of deployments, and to every stack that imports them.",
    severity="high",
    controls=_CONTROLS,
    public_sector_controls=_PUBLIC,
)
def secret_output(_: Resource, template: Template, __: Options) -> Iterator[str]:
    """Look for secrets by form, dynamic references, parameters without echo and keys of users."""
    outputs = template.document.get("Outputs")
    parameters = template.document.get("Parameters")
    hidden = {
        name
        for name, each in (parameters.items() if isinstance(parameters, Mapping) else ())
        if true(get(each, "NoEcho"))
    }
    for name, output in outputs.items() if isinstance(outputs, Mapping) else ():
        for text in texts_in(get(output, "Value")):
            referred = text.value in hidden or any(f"${{{each}}}" in text.value for each in hidden)
            key = "SecretAccessKey" in text.value
            if referred or key or "{{resolve:secretsmanager:" in text.value or form_of_secret(text.value):
                yield f"output {name} gives a secret away: export the ARN of the secret"


@rule(
    "GovML-SecretKept",
    "AWS::SecretsManager::Secret",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::SecretsManager::ResourcePolicy",
    title="A secret is encrypted with a key of the agency and is rotated",
    rationale="The key's policy is the second door in front of a secret; one that never changes is found one day.",
    severity="medium",
    controls=("IA-5", "SC-12", "SC-28"),
    public_sector_controls=("AS-8", "AC-13", "CK-1"),
    source='Security Hub user guide, "Security Hub CSPM controls for Secrets Manager" (SecretsManager.1, SecretsManager.4)',
)
def secret_kept(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Missing rotation is found by the nag pack; here a rotation that is slower than 90 days is."""
    kind = resource.type.rsplit("::", 1)[-1]
    if kind == "Secret" and not resource.get("KmsKeyId"):
        yield "has no KmsKeyId: set the key of its data domain"
    days = str(resource.get("RotationRules", "AutomaticallyAfterDays") or "")
    if kind == "RotationSchedule" and days.isdigit() and int(days) > 90:
        yield f"rotates every {days} days: 90 at most"
    if kind == "ResourcePolicy" and str(resource.get("BlockPublicPolicy")).lower() == "false":
        yield "lets a public policy pass: set BlockPublicPolicy to true"
