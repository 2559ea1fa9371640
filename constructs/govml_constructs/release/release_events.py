"""Which events and clocks a release hears of, as rules of its queue."""

from __future__ import annotations

from govml_constructs.functions.event_queue import EventRule
from govml_constructs.release.release_scope import ReleaseScope

SAFETY_NET = "rate(15 minutes)"
"""How often the release looks without being told: CloudTrail and SageMaker deliver their events as best they can."""


def release_rules(scope: ReleaseScope) -> dict[str, EventRule]:
    """Return construct id -> rule.

    CloudTrail's record tells who called (EventBridge user guide, "AWS service events delivered via AWS CloudTrail"); it
    needs a trail that logs management events, which the landing zone has.
    """
    slugs = list(scope.use_cases)
    by_cloudtrail = {"source": ["aws.sagemaker"], "detail-type": ["AWS API Call via CloudTrail"]}
    versions = [{"prefix": scope.packages_prefix(slug)} for slug in slugs]
    return {
        "Changed": EventRule(
            "A model version was registered or changed",
            {
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Package State Change"],
                "detail": {"ModelPackageGroupName": [case.group for case in scope.use_cases.values()]},
            },
        ),
        "Decided": EventRule(
            "Somebody approved, rejected or signed off a model version",
            {
                **by_cloudtrail,
                "detail": {"eventName": ["UpdateModelPackage"], "requestParameters": {"modelPackageArn": versions}},
            },
        ),
        "Marked": EventRule(
            "Somebody froze or ended releases by a mark on a model package group",
            {
                **by_cloudtrail,
                "detail": {
                    "eventName": ["AddTags"],
                    "requestParameters": {"resourceArn": [scope.group_arn(slug) for slug in slugs]},
                },
            },
        ),
        "Deployed": EventRule(
            "A serving stack changed its state",
            {
                "source": ["aws.cloudformation"],
                "detail-type": ["CloudFormation Stack Status Change"],
                "detail": {"stack-id": [{"prefix": scope.stack_prefix(slug)} for slug in slugs]},
            },
        ),
        "SafetyNet": EventRule("The release looks by itself, for events that were lost", schedule=SAFETY_NET),
    }
