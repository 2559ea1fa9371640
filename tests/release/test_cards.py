"""Each version that waits for a decision carries its card, from the report that its training has left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from release_places import place, register

from govml.release.bundle.cards import LONGEST, give_cards
from govml.release.promotion.place import Place

CARD = {"model_overview": {"model_name": "hdb", "model_owner": "The team"}, "intended_uses": {"purpose_of_model": "x"}}
WAITING = "PendingManualApproval"


class Registry:
    """moto's client, with the cards that moto forgets; `refusing` is what an update is answered with."""

    def __init__(self, client: Any) -> None:
        self._client, self.cards, self.refusing = client, {}, ""

    def describe_model_package(self, **request: Any) -> dict[str, Any]:
        card = self.cards.get(request["ModelPackageName"])
        return {**self._client.describe_model_package(**request), **({"ModelCard": card} if card else {})}

    def update_model_package(self, **request: Any) -> None:
        assert request["ModelApprovalStatus"] == WAITING  # the role may change nothing that is not
        if self.refusing:
            raise ClientError({"Error": {"Code": self.refusing, "Message": "no card"}}, "UpdateModelPackage")
        self.cards[request["ModelPackageArn"]] = request["ModelCard"]


@pytest.fixture
def dev() -> Iterator[Place]:
    with mock_aws():
        yield place("dev")


def trained(where: Place, card: Any, number: int) -> int:
    """Register a version whose assessment holds a card; None: it has none."""
    model = f"model {number}".encode()
    folder = f"s3://{where.artifacts}/runs/{number}/assessment"
    if card is not None:
        body = card if isinstance(card, bytes) else json.dumps(card).encode()
        where.s3.put_object(Bucket=where.artifacts, Key=f"runs/{number}/assessment/model_card.json", Body=body)
    return register(where, model=model, notes={"Assessment": folder})


def give(where: Place, registry: Registry, packages: dict[int, str], live: int = 0) -> list[int]:
    return give_cards(registry, where.s3, packages=packages, group_arn=where.group, live=live)


def test_a_version_that_waits_gets_its_card_once(dev: Place) -> None:
    number, registry = trained(dev, CARD, 1), Registry(dev.sagemaker)

    assert give(dev, registry, {number: WAITING}) == [number]
    (card,) = registry.cards.values()
    assert card["ModelCardStatus"] == "Draft"
    assert json.loads(card["ModelCardContent"]) == {**CARD, "model_overview": {"model_creator": "The team"}}
    assert give(dev, registry, {number: WAITING}) == []


def test_what_is_decided_or_history_is_left(dev: Place) -> None:
    for number in (1, 2):
        trained(dev, CARD, number)
    registry = Registry(dev.sagemaker)

    assert give(dev, registry, {1: "Approved", 2: "Rejected"}) == []
    assert give(dev, registry, {1: WAITING, 2: WAITING}, live=1) == [2]
    dev.sagemaker.update_model_package(
        ModelPackageArn=dev.group.replace("-package-group/", "-package/") + "/1", ModelApprovalStatus="Approved"
    )
    assert give(dev, registry, {1: WAITING}) == []  # approved since it was listed


@pytest.mark.parametrize("card", [None, b"{", b"[]", b"\xff", {"x": "y" * LONGEST}])
def test_a_card_that_is_none_is_no_trouble(dev: Place, card: Any, caplog: pytest.LogCaptureFixture) -> None:
    number, registry = trained(dev, card, 1), Registry(dev.sagemaker)

    assert give(dev, registry, {number: WAITING}) == []
    assert "card" in caplog.text


def test_a_refused_card_is_told_and_a_failing_account_is_tried_again(
    dev: Place, caplog: pytest.LogCaptureFixture
) -> None:
    number, registry = trained(dev, CARD, 1), Registry(dev.sagemaker)
    registry.refusing = "ValidationException"
    assert give(dev, registry, {number: WAITING}) == []
    assert "refuses its card: no card" in caplog.text
    registry.refusing = "ThrottlingException"
    with pytest.raises(ClientError, match="Throttling"):
        give(dev, registry, {number: WAITING})
