"""Rules between releases, models handed over by hand, batch transform and the rest of the agency file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.instance_families import TRANSFORM_FAMILIES, family
from govml.settings.rules.endpoint import ENDPOINT_KEYS, endpoints_of
from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def release_needs_endpoints(settings: AgencyFile) -> Iterator[Finding]:
    """A release changes what an endpoint serves."""
    if settings.switches.release and not settings.switches.endpoints:
        yield Finding(
            ("features", "release"),
            "release is on, but endpoints is off: there is nothing to release to",
            "turn features.endpoints on, or features.release off",
        )


def endpoints_get_a_model(settings: AgencyFile) -> Iterator[Finding]:
    """Without releases, only a model that is handed over by hand is ever served."""
    for name, place, endpoint in endpoints_of(settings):
        if settings.switches.release:
            continue
        if settings.use_cases[name].model is None:
            yield Finding(
                place,
                "release is off and no model is named: nothing would ever be served",
                f"name a model.tar.gz in use_cases.{name}.model, or turn features.release on",
            )
        if endpoint.challenger.kind != "none":
            yield Finding(
                (*place, "challenger", "kind"),
                "a challenger is named by a release, and release is off",
                "turn features.release on, or leave challenger out",
            )


def models_are_served(settings: AgencyFile) -> Iterator[Finding]:
    """A model is handed over to be served; a batch transform takes the model of the endpoint."""
    for name, use_case in settings.use_cases.items():
        for key in ("model", "batch"):
            if getattr(use_case, key) is not None and use_case.endpoint is None:
                yield Finding(
                    ("use_cases", name, key),
                    "the use case has no endpoint: there is no live model",
                    "add `endpoint: {}` for the usual one, or leave it out",
                )


def transforms_have_instances(settings: AgencyFile) -> Iterator[Finding]:
    """Not every family of instances runs batch transforms (SageMaker API reference, `TransformResources`)."""
    for name, use_case in settings.use_cases.items():
        if use_case.batch is not None and family(use_case.batch.instance_type) not in TRANSFORM_FAMILIES:
            yield Finding(
                ("use_cases", name, "batch", "instance_type"),
                f"{use_case.batch.instance_type} runs no batch transform",
                "take one of the families that do, such as ml.m5 or ml.c5",
            )


def promotion_comes_from_an_environment(settings: AgencyFile) -> Iterator[Finding]:
    """Versions are promoted from an environment that exists."""
    for name, use_case in settings.use_cases.items():
        source = use_case.release.promote_from
        if source is not None and source not in settings.environments:
            yield Finding(
                ("use_cases", name, "release", "promote_from"),
                f"there is no environment {source}",
                f"name one of {', '.join(settings.environments)}, or leave it out",
            )


def approvers_do_not_deploy(settings: AgencyFile) -> Iterator[Finding]:
    """A role that deploys the stacks approves no model."""
    for name, use_case in settings.use_cases.items():
        for index, role in enumerate(use_case.release.approvers):
            if role in settings.iam.deployment_roles:
                yield Finding(
                    ("use_cases", name, "release", "approvers", index),
                    f"{role} deploys the stacks (iam.deployment_roles): whoever deploys does not approve",
                    "name a role of people who do neither",
                )


def releases_have_an_approver(settings: AgencyFile) -> Iterator[Finding]:
    """Without roles for people, the approving roles must be named: nobody could approve otherwise."""
    if not settings.switches.release or settings.switches.personas:
        return
    for name, _, _ in endpoints_of(settings):
        if not settings.use_cases[name].release.approvers:
            yield Finding(
                ("use_cases", name, "release", "approvers"),
                "no role may approve: features.personas is off and none is named",
                "name the approving roles, or turn features.personas on",
            )


RELEASE_RULES: tuple[Rule, ...] = (
    Rule(release_needs_endpoints, frozenset({"maturity", "features"})),
    Rule(endpoints_get_a_model, ENDPOINT_KEYS),
    Rule(models_are_served, frozenset({"use_cases"})),
    Rule(transforms_have_instances, frozenset({"use_cases"})),
    Rule(promotion_comes_from_an_environment, frozenset({"use_cases", "environments"})),
    Rule(releases_have_an_approver, ENDPOINT_KEYS),
    Rule(approvers_do_not_deploy, frozenset({"use_cases", "iam"})),
)
