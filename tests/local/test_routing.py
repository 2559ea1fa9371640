"""Requests find their service by the name that they are signed for."""

from __future__ import annotations

import pytest
from ministack.core import router

from govml.local.emulator import routing


def service_of(signing_name: str) -> str:
    scope = f"AWS4-HMAC-SHA256 Credential=111122223333/20260101/ap-southeast-1/{signing_name}/aws4_request, Signature=0"
    headers = {"authorization": scope, "host": "127.0.0.1:4566"}
    found: str = router.detect_service("POST", "/", headers, {})
    return found


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were looked for among the models of all services; AWS has a single one of them."""
    asked: list[str] = []

    def is_service(name: str) -> bool:
        asked.append(name)
        return name == "glacier"

    monkeypatch.setattr(router, "_is_aws_service_name", is_service)
    routing.install({"sagemaker", "codepipeline"})
    return asked


def test_a_served_name_is_found_without_the_catalogue(catalogue: list[str]) -> None:
    assert [service_of(name) for name in ("sagemaker", "codepipeline")] == ["sagemaker", "codepipeline"]
    assert catalogue == []


def test_a_service_that_nobody_serves_is_still_told_from_a_bucket(catalogue: list[str]) -> None:
    assert service_of("glacier") == "glacier"
    assert service_of("no-service") == "s3"
    assert catalogue == ["glacier", "no-service"]
