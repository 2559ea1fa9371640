"""What an endpoint may be: each combination that SageMaker refuses, or quietly changes, is refused with its reason."""

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest

from govml.settings import Settings
from govml.settings.endpoint import EndpointSettings
from govml.settings.instance_families import ENDPOINT_FAMILIES, TRANSFORM_FAMILIES

APPROVED = {"use_cases__resale__release": {"approvers": ["Boss"]}}
OPEN = {"data_classification": "official-open", "network": {"internet": "filtered", "allowed_domains": ["pypi.org"]}}
ASYNC = {"kind": "asynchronous"}
REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"kind": "serverless"}, {"data_classification": "official-open"}, "network.internet is none"),
    ({"kind": "serverless"}, OPEN | {"data_classification": "restricted"}, "which restricted data may not leave"),
    ({"kind": "serverless", "challenger": {"kind": "shadow"}}, OPEN, "one variant only"),
    ({"kind": "serverless", "capture_percent": 1}, OPEN, "captures no data when kind is serverless"),
    ({"capture_percent": 0}, {}, "is 0: nobody could look into an answer"),
    ({"kind": "serverless", "rollout": {"kind": "canary"}}, OPEN, "rollout: is not used"),
    ({"kind": "serverless", "instances": 2}, OPEN, "is not used when kind is serverless"),
    ({"concurrency": 5}, {}, "is not used when kind is real-time"),
    ({**ASYNC, "memory_mb": 1024}, {}, "is not used when kind is asynchronous"),
    ({**ASYNC, "challenger": {"kind": "shadow"}}, {}, "takes no challenger"),
    ({**ASYNC, "challenger": {"kind": "ab"}}, {}, "takes no challenger"),
    ({**ASYNC, "instances": 0}, {}, "nothing would ever be answered"),
    ({**ASYNC, "instances": 0, "max_instances": 4, "rollout": {"kind": "linear"}}, {}, "there may be only 0"),
    ({"instances": 3, "max_instances": 2}, {}, "is below instances, which is 3"),
    ({"instance_type": "ml.t2.large", "max_instances": 4}, {}, "burstable instances (ml.t2) do not scale"),
    ({"instance_type": "ml.r7g.large"}, {}, "hosts no endpoint"),
    ({"instance_type": "ml.inf1.xlarge"}, {}, "ml.inf1 has neither shadow variants nor canary"),
    ({"instances": 1, "rollout": {"kind": "linear"}}, {}, "linear moves a share of the instances"),
    ({"instances": 3, "rollout": {"percent": 25}}, {}, "25 % of 3 instances is less than one instance"),
    ({"challenger": {"kind": "ab"}, "rollout": {"kind": "canary"}}, {}, "the careful step"),
    ({"rollout": {"percent": 60}}, {}, "percent"),
    ({"alarms": {"error_percent": 0}}, {}, "error_percent"),
]
ALLOWED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"kind": "serverless", "memory_mb": 4096, "concurrency": 20}, OPEN),
    ({**ASYNC, "instances": 0, "max_instances": 4, "concurrency": 4}, {}),
    ({**ASYNC, "rollout": {"kind": "canary"}}, {}),
    ({"instances": 1, "max_instances": 4}, {}),
    ({"instances": 1, "rollout": {"kind": "all-at-once"}}, {}),
    ({"instance_type": "ml.t2.medium"}, {}),
    ({"instances": 4, "rollout": {"kind": "canary", "percent": 25}}, {}),
    ({"challenger": {"kind": "shadow", "percent": 100}}, {}),
    ({"challenger": {"kind": "ab"}, "rollout": {"kind": "all-at-once"}}, {}),
    ({"challenger": {"kind": "ab"}}, {}),
    ({"capture_percent": 1}, {}),
    ({}, {"use_cases__resale__batch": {"schedule": "rate(1 day)"}}),
    ({}, {"use_cases__resale__model": "s3://models/resale/model.tar.gz", "features__release": False}),
]


@pytest.mark.parametrize(("endpoint", "others", "reason"), REFUSED, ids=[reason for _, _, reason in REFUSED])
def test_what_the_service_would_not_do_is_refused_with_the_reason(
    refusal: Callable[[str], str],
    changed: Callable[..., str],
    endpoint: dict[str, Any],
    others: dict[str, Any],
    reason: str,
) -> None:
    assert reason in refusal(changed(use_cases__resale__endpoint=endpoint, **APPROVED, **others))


@pytest.mark.parametrize(("endpoint", "others"), ALLOWED, ids=str)
def test_the_legal_neighbours_are_accepted(
    load: Callable[[str], Settings], changed: Callable[..., str], endpoint: dict[str, Any], others: dict[str, Any]
) -> None:
    load(changed(use_cases__resale__endpoint=endpoint, **APPROVED, **others))


@pytest.mark.parametrize(
    "model", ["../model.tar.gz", "/tmp/model.tar.gz", "model.zip", "s3://models/*.tar.gz", "s3://m.tar.gz"]
)
def test_a_model_is_one_archive_of_the_repository_or_one_object(
    refusal: Callable[[str], str], changed: Callable[..., str], model: str
) -> None:
    assert "model" in refusal(changed(use_cases__resale__endpoint={}, use_cases__resale__model=model, **APPROVED))


def test_an_endpoint_that_is_switched_off_is_not_judged(
    load: Callable[[str], Settings], changed: Callable[..., str]
) -> None:
    off = {"features__endpoints": False, "features__release": False}
    load(changed(use_cases__resale__endpoint={"instances": 0}, **off))


def test_the_usual_rollout_follows_the_instances_and_the_challenger() -> None:
    def kind(**endpoint: Any) -> str:
        rollout = EndpointSettings.model_validate(endpoint).resolved_rollout
        return rollout.kind if rollout else "none"

    assert kind() == kind(kind="asynchronous") == "canary"
    assert kind(instances=1) == kind(challenger={"kind": "ab"}) == "all-at-once"
    assert kind(kind="serverless") == "none"


@pytest.mark.parametrize(
    ("families", "shape"),
    [(ENDPOINT_FAMILIES, "ProductionVariantInstanceType"), (TRANSFORM_FAMILIES, "TransformInstanceType")],
)
def test_the_families_are_those_of_the_service(families: frozenset[str], shape: str) -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    assert {each.split(".")[1] for each in model.shape_for(shape).enum} == families
