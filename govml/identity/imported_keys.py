"""What the policy of an imported key must say. Its policy cannot be seen at synth, so this is told and checked apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govml.identity.key_users import Where, key_users, people_of
from govml.settings import Settings
from govml.settings.imported import KeyDomain
from govml_constructs.encryption.key_policy import KeyStatement, use_statements


@dataclass(frozen=True)
class ImportedKey:
    """One imported key and the statements that its policy must have.

    Args:
        environment: `dev`, `uat` or `prod`.
        domain: `data`, `ml` or `logs`.
        arn: the key.
        statements: what must be in its policy, as KMS writes it.
    """

    environment: str
    domain: KeyDomain
    arn: str
    statements: Sequence[KeyStatement]


def imported_keys(settings: Settings) -> list[ImportedKey]:
    """Return every key that the agency file imports, with the statements that the stacks rely on."""
    found = []
    for name, environment in settings.environments.items():
        people = people_of(settings, name)
        for domain, arn in environment.imported.keys.items():
            users = key_users(settings, name, domain, people, Where.of(settings, name))
            found.append(ImportedKey(name, domain, arn, use_statements(users)))
    return found


def missing_statements(key: ImportedKey, policy: Mapping[str, object]) -> list[KeyStatement]:
    """Return the needed statements that a key's policy does not have, whatever it calls them.

    A statement counts as there when one of the policy's own allows at least its principals and actions, under
    conditions that are the same or none. That is strict on purpose: a policy that says the same in another form is
    reported, and its owner decides.

    Args:
        key: what is needed.
        policy: the key's policy, as `kms:GetKeyPolicy` returns it.
    """
    present = _listed(policy.get("Statement", []))
    return [
        needed
        for needed in key.statements
        if not any(isinstance(each, Mapping) and _grants(each, needed) for each in present)
    ]


def _grants(given: Mapping[str, object], needed: KeyStatement) -> bool:
    if given.get("Effect") != "Allow" or "NotAction" in given or "NotPrincipal" in given:
        return False
    return (
        _covers_actions(given.get("Action", []), needed["Action"])
        and _covers_principals(given.get("Principal", {}), needed["Principal"])
        and _same_conditions(given.get("Condition"), needed.get("Condition"))
    )


def _covers_actions(given: object, needed: object) -> bool:
    held = {str(each).lower() for each in _listed(given)}
    return bool(held & {"*", "kms:*"}) or all(
        any(action == each or (each.endswith("*") and action.startswith(each[:-1])) for each in held)
        for action in (str(each).lower() for each in _listed(needed))
    )


def _covers_principals(given: object, needed: object) -> bool:
    if given == "*":
        return True
    if not isinstance(given, Mapping) or not isinstance(needed, Mapping):
        return False
    return all(
        "*" in _listed(given.get(kind, [])) or set(_listed(names)) <= set(_listed(given.get(kind, [])))
        for kind, names in needed.items()
    )


def _same_conditions(given: object, needed: object) -> bool:
    """No condition is wider than any; else each operator and key must be there, with no value of the needed ones missing."""
    if not given:
        return True
    if not isinstance(given, Mapping) or not isinstance(needed, Mapping) or set(given) != set(needed):
        return False
    return all(
        set(given[operator]) == set(keys)
        and all(set(_listed(values)) <= set(_listed(given[operator][key])) for key, values in keys.items())
        for operator, keys in needed.items()
    )


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]
