"""A model under check: rows with known answers, and an endpoint in memory that gives them."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from release_places import DIGEST, IMAGE

from govml.release.checks.asking import Answers
from govml.release.checks.known_answers import Known, KnownAnswers
from govml.release.checks.load import Plan
from govml.release.state import Variant

VERSION = "feedc0de00000002"
PLAN = Plan(rate=100, seconds=0.05, p99_ms=1000, error_percent=1)
MODEL = Variant(version=2, digest=DIGEST, image=IMAGE, model_data="s3://artifacts/model.tar.gz")


def rows(count: int = 100, *, error: float = 4.0) -> KnownAnswers:
    draw = random.Random(7)  # noqa: S311 - figures of a test
    made = []
    for place_ in range(count):
        truth = draw.uniform(200_000, 800_000)
        answer = truth * (1 + draw.choice((-1, 1)) * error / 100 * draw.uniform(0.5, 1.5))
        made.append(Known({"block": str(place_), "area": draw.uniform(30, 150)}, answer, truth))
    return KnownAnswers("regression", made, VERSION)


def as_tested(known: KnownAnswers) -> Answers:
    return Answers([row.answer for row in known.rows], VERSION)


class Runtime:
    """SageMaker Runtime with models by variant: each answers from a function of the instances."""

    def __init__(self, **models: Callable[[list[dict[str, Any]]], Any]) -> None:
        self.models = models
        self.calls = 0

    def invoke_endpoint(self, *, EndpointName: str, ContentType: str, Body: bytes, TargetVariant: str = "live") -> Any:  # noqa: N803
        self.calls += 1
        assert ContentType == "application/json"
        answer = self.models[TargetVariant](json.loads(Body)["instances"])
        if isinstance(answer, Exception):
            raise answer
        return {"Body": io.BytesIO(json.dumps(answer).encode())}


def answering(known: KnownAnswers, version: str = VERSION) -> Callable[[list[dict[str, Any]]], Any]:
    answers = {json.dumps(row.instance, sort_keys=True): row.answer for row in known.rows}
    return lambda instances: {
        "predictions": [answers[json.dumps(each, sort_keys=True)] for each in instances],
        "model_version": version,
    }


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "InvokeEndpoint")
