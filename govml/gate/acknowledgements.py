"""Is every acknowledgement one that a reviewer could stand behind today?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from govml.gate.assembly import Stack
from govml.gate.report import PluginReport, Violation
from govml.gate.verdict import Accepted, Refusal
from govml_constructs.validation.acknowledgement_text import AcknowledgementText
from govml_constructs.validation.nag_canary import CANARY_PATH, CANARY_RULES

LONGEST = timedelta(days=400)
"""How far ahead an acknowledgement may reach: a yearly review, with a month to hold it."""

_NAG_PREFIXES = ("AwsSolutions-", "NIST.800.53.R", "HIPAA.Security-", "PCI.DSS.321-", "Serverless-")
_CLOUDFORMATION = "CloudFormation-Validate"
_ANNOTATION = "Annotation"
_OWN = "GovML"  # judged by `own_rules`
_HINT = "use acknowledge() of govml_constructs, beside the construct that causes the finding"

Acknowledgement = tuple[str, str, str]
"""Construct path, qualified rule id, text: as the assembly's metadata holds it."""


def without_pack(acknowledgements: list[Acknowledgement]) -> Iterator[Refusal]:
    """cdk-nag drops a finding whose acknowledgement names no pack, so it is in no report."""
    for path, rule, _ in acknowledgements:
        namespace, _, name = rule.partition("::")
        if namespace == _ANNOTATION and name.startswith(_NAG_PREFIXES):
            yield Refusal(
                "hidden-acknowledgement", name, path, "names no pack, so the finding vanishes from the report", _HINT
            )


def unusable(acknowledgements: list[Acknowledgement], today: date) -> Iterator[Refusal]:
    """Each has a reason, an owner, and an expiry that is neither past nor too far away."""
    for path, rule, text in acknowledgements:
        try:
            accepted = AcknowledgementText.parse(text)
        except ValueError as error:
            yield Refusal("unusable-acknowledgement", rule, path, f"cannot stand: {error}", _HINT)
            continue
        if accepted.expires < today:
            message = f"expired on {accepted.expires.isoformat()} (owner {accepted.owner})"
            yield Refusal("expired-acknowledgement", rule, path, message, "mend the cause, or review and extend it")
        elif accepted.expires - today > LONGEST:
            message = f"reaches to {accepted.expires.isoformat()}, more than {LONGEST.days} days ahead"
            yield Refusal("unusable-acknowledgement", rule, path, message, "choose a nearer day for its review")


def stale(acknowledgements: list[Acknowledgement], plugins: list[PluginReport]) -> Iterator[Refusal]:
    """One that matches nothing hides the next finding that happens to fit it."""
    used = {(each.acknowledged_at, each.acknowledged_id) for plugin in plugins for each in plugin.acknowledged}
    ran = {plugin.name.replace(" ", "-") for plugin in plugins}
    for path, rule, _ in acknowledgements:
        namespace = rule.partition("::")[0]
        # CDK removes an acknowledged warning at once, and its validator may be off: neither leaves anything to match.
        if namespace in {_ANNOTATION, _OWN} or (namespace == _CLOUDFORMATION and namespace not in ran):
            continue
        if (path, rule) not in used:
            yield Refusal("stale-acknowledgement", rule, path, "matches no finding", "remove it")


def repeated(acknowledgements: list[Acknowledgement]) -> Iterator[Refusal]:
    """Of two on one construct, CDK keeps the last and says nothing."""
    for (path, rule), times in Counter((path, rule) for path, rule, _ in acknowledgements).items():
        if times > 1:
            yield Refusal("repeated-acknowledgement", rule, path, f"stands {times} times", "keep one")


def too_wide(acknowledgements: list[Acknowledgement], stacks: list[Stack]) -> Iterator[Refusal]:
    """An acknowledgement for a whole stack covers resources that nobody has thought of yet."""
    wide = {stack.path for stack in stacks}
    for path, rule, _ in acknowledgements:
        if path in wide:
            yield Refusal("wide-acknowledgement", rule, path, "covers a whole stack", _HINT)


def above_the_stacks(plugins: list[PluginReport], stacks: list[Stack]) -> Iterator[Refusal]:
    """The same for a stage or the app, which no stack's metadata shows."""
    for violation in _accepted(plugins):
        at = violation.acknowledged_at
        if not any(at == stack.path or at.startswith(f"{stack.path}/") for stack in stacks):
            yield Refusal(
                "wide-acknowledgement", violation.acknowledged_id, at or "(app)", "covers whole stacks", _HINT
            )


def accepted(plugins: list[PluginReport], without: str) -> Iterator[Accepted]:
    """Return every acknowledged finding with a readable text, without the positive control and one plugin's findings."""
    for violation in _accepted([plugin for plugin in plugins if plugin.name != without]):
        try:
            text = AcknowledgementText.parse(violation.reason)
        except ValueError:
            continue  # `unusable` refuses it
        yield Accepted(
            violation.rule,
            violation.severity,
            violation.acknowledged_at,
            len(violation.constructs),
            text.reason,
            text.owner,
            text.expires,
            text.source,
        )


def _accepted(plugins: list[PluginReport]) -> Iterator[Violation]:
    for plugin in plugins:
        for violation in plugin.acknowledged:
            if not (violation.acknowledged_at == CANARY_PATH and violation.rule == CANARY_RULES.get(plugin.name)):
                yield violation
