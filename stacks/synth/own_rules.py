"""The own rules as a policy-validation plugin of CDK, so that a plain `cdk synth` shows their findings too."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import jsii
from aws_cdk import (
    App,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Validations,
)

from govml import __version__
from govml.gate.own_rules import PLUGIN
from govml.rules.engine import check_templates
from govml.rules.finding import Finding
from govml.rules.options import Options
from govml.rules.registry import load_rules
from govml.settings import Settings
from govml.settings.lifecycle import lifecycle_notices


def register_own_rules(app: App, settings: Settings) -> Options:
    """Let the own rules judge every template of the app, and return what the agency file demands of them.

    What the rule on closed services lets pass, because the agency file says that the account has it, is told on the error
    stream instead.

    Under `govml synth` they run in the gate that follows, so the plugin would only do it twice.
    """
    for notice in lifecycle_notices(settings):
        print(f"warning: {notice}", file=sys.stderr)
    options = rule_options(settings, second_key=str(app.node.try_get_context("govml:allow-destroy") or ""))
    if not os.environ.get("GOVML_GATE_FOLLOWS"):
        Validations.of(app).add_plugins(OwnRules(options))
    return options


def rule_options(settings: Settings, *, second_key: str = "") -> Options:
    """Return what the agency file demands of its templates.

    Args:
        settings: the agency file.
        second_key: the environment that may be deleted with its data, if its `removal` says so too, as in `sandbox-dev`.
    """
    boundary = settings.iam.permissions_boundary
    shipping = settings.observability.log_shipping
    destination = shipping.destination_arn if shipping else None
    return Options(
        permissions_boundary=boundary,
        organization_id=settings.iam.organization_id,
        # the rule asks for every event; which of them an agency chooses by a pattern is its own decision
        log_subscription=shipping is not None and not shipping.filter_pattern,
        allowed_regions=settings.allowed_regions,
        accounts=tuple(sorted({environment.account for environment in settings.environments.values()})),
        deletable=tuple(
            f"{settings.agency}-{name}"
            for name, environment in settings.environments.items()
            if environment.removal == "destroy" and f"{settings.agency}-{name}" == second_key
        ),
        model_monitor=bool(settings.model_monitored),
        log_accounts=(destination.split(":")[4],) if destination else (),
    )


@jsii.implements(IPolicyValidationPlugin)
class OwnRules:
    """Runs the rules over the synthesised templates.

    Args:
        options: what the landing zone demands.
    """

    def __init__(self, options: Options) -> None:
        self._options = options

    @property
    def name(self) -> str:
        """Name in the report."""
        return PLUGIN

    @property
    def version(self) -> str:
        """Version of the rules: that of the blueprint."""
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """Ids of all rules."""
        return list(load_rules())

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Check the templates, and report a violation a rule."""
        found = check_templates([Path(path) for path in context.template_paths], self._options)
        by_rule: dict[str, list[Finding]] = {}
        for each in found:
            by_rule.setdefault(each.rule, []).append(each)
        return PolicyValidationPluginReport(success=not found, violations=_violations(by_rule))


def _violations(by_rule: Mapping[str, list[Finding]]) -> list[PolicyViolation]:
    return [
        PolicyViolation(
            rule_name=rule,
            description=findings[0].message,
            severity="error",
            violating_resources=[
                PolicyViolatingResource(locations=[], resource_logical_id=each.logical_id, template_path=each.template)
                for each in findings
            ],
        )
        for rule, findings in by_rule.items()
    ]
