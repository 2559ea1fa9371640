"""Secrets that a template gives away: in properties, environments, scripts, parameters, outputs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.secret_words import assigned_secret, form_of_secret, forms_hinted_at, literal_secret, secret_name
from govml.rules.template import Resource, Template
from govml.rules.values import get, is_token, listed

_CONTROLS = ("IA-5", "IA-5(7)", "SC-28")
_PUBLIC = ("AS-8", "SD-6")
# Properties that hold a secret: by the last words of their name, in the properties that CloudFormation has.
_PROPERTIES = (
    "password",
    "token",
    "accesskey",
    "clientsecret",
    "secretaccesskey",
    "secretkey",
    "apikey",
    "privatekey",
    "passphrase",
    "secretstring",
    "presharedkey",
)
# Tokens that tell requests apart, and the function behind a custom resource.
_NO_SECRETS = frozenset(
    {
        "ServiceToken",
        "ClientToken",
        "ClientRequestToken",
        "CreationToken",
        "IdempotencyToken",
        "NextToken",
        "RequestToken",
    }
)
_ENVIRONMENTS = frozenset({"Variables", "Environment", "EnvironmentVariables", "DefaultArguments", "EnvironmentVars"})
_SCRIPTS = frozenset(
    {"UserData", "BuildSpec", "Command", "EntryPoint", "ZipFile", "DefinitionString", "Content", "Script"}
)


@rule(
    "GovML-SecretInTemplate",
    ANY,
    title="No key, token or password is written in a template",
    rationale="Templates are in repositories, in stacks that many may read, and in every copy of both.",
    severity="high",
    controls=_CONTROLS,
    public_sector_controls=_PUBLIC,
)
def secret_in_template(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at the form of each text, and at the texts of properties that hold a secret."""
    forms = forms_hinted_at(resource.whole_text)
    for text in resource.texts:
        form = form_of_secret(text.value, forms)
        if form:
            yield f"{text.where} holds {form}: keep it in Secrets Manager and revoke this one"
            continue
        name = text.name
        if _holds_secret(name) and not _generated(text.path) and literal_secret(text.value):
            yield f"{text.where} is written out: use {{{{resolve:secretsmanager:...}}}} or a managed password"
        elif name in _SCRIPTS and assigned_secret(text.value):
            yield f"{text.where} sets a secret to a value that is written out"


@cache
def _holds_secret(name: str) -> bool:
    return name.lower().endswith(_PROPERTIES) and name not in _NO_SECRETS


def _generated(path: tuple[str, ...]) -> bool:
    """Return whether a text only describes a secret that Secrets Manager will make, or maps fields of an environment."""
    return "GenerateSecretString" in path or "Variables" in path or "Environment" in path


@rule(
    "GovML-SecretInEnvironment",
    ANY,
    title="No secret is in an environment variable",
    rationale="Whoever may describe the function, job or project reads its environment; so do logs and crash dumps.",
    severity="high",
    controls=_CONTROLS,
    public_sector_controls=(*_PUBLIC, "SD-7", "CS-3"),
)
def secret_in_environment(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Look at variables with a secret's name, whatever kind of resource has them."""
    for name, value, where in environment_of(resource.properties):
        if not secret_name(name) or not isinstance(value, str):
            continue
        if literal_secret(value):
            yield f"{where} {name} holds a secret in the clear: pass the ARN of a secret and read it at run time"
        elif value.startswith(("{{resolve:secretsmanager:", "{{resolve:ssm-secure:")):
            yield f"{where} {name} is filled with the secret when it is deployed: pass its ARN and read it at run time"
        elif is_token(value) and value[2:-1] in template.document.get("Parameters", {}):
            yield f"{where} {name} holds the parameter {value[2:-1]}: pass the ARN of a secret and read it at run time"


def environment_of(value: Any, where: str = "") -> Iterator[tuple[str, Any, str]]:
    """Return (name, value, property) of each environment variable in nested properties.

    Maps (`Environment.Variables`, SageMaker's `Environment`) and lists (CodeBuild, ECS) are read; a CodeBuild variable
    that names a secret or a parameter of SSM is none.
    """
    if isinstance(value, list):
        for each in value:
            if isinstance(each, dict | list):
                yield from environment_of(each, where)
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        if key in _ENVIRONMENTS:
            yield from _variables(each, key)
        if isinstance(each, dict | list):
            yield from environment_of(each, key)


def _variables(value: Any, where: str) -> Iterator[tuple[str, Any, str]]:
    if isinstance(value, str) and value.startswith("["):  # CodePipeline hands a build its variables as JSON
        with contextlib.suppress(ValueError):
            value = [{key.title(): each for key, each in entry.items()} for entry in json.loads(value)]
    if isinstance(value, Mapping):
        yield from (
            (str(name).lstrip("-"), each, where) for name, each in value.items() if not isinstance(each, Mapping)
        )
    for each in listed(value) if isinstance(value, list) else ():
        if isinstance(each, Mapping) and str(get(each, "Type") or "PLAINTEXT") == "PLAINTEXT":
            yield str(get(each, "Name") or get(each, "Key") or ""), get(each, "Value"), where


@rule(
    "GovML-SecretInParameterStore",
    "AWS::SSM::Parameter",
    title="A secret is not kept in a plain parameter",
    rationale="CloudFormation makes no encrypted parameters; who may read configuration would read the secret.",
    severity="high",
    controls=_CONTROLS,
    public_sector_controls=_PUBLIC,
    source="CloudFormation template reference, AWS::SSM::Parameter: type SecureString is not supported",
)
def secret_in_parameter_store(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Compare the last part of the name with words for secrets."""
    name = str(resource.get("Name") or resource.logical_id)
    if secret_name(name.rsplit("/", 1)[-1]) and literal_secret(resource.get("Value")):
        yield f"keeps the secret {name} in the clear: use AWS::SecretsManager::Secret"
