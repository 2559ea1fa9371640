"""`AuthenticatedRoute`: the key in no template, alarms only, and what is not taken is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from bench import Stand
from identities import Identity
from pydantic import ValidationError

from govml.settings.observability import AlertRouteSettings


@pytest.fixture
def route(bench: Mapping[str, Stand]) -> Stand:
    return bench["ToDesk"]


def test_the_key_is_looked_up_when_it_is_deployed(route: Stand) -> None:
    key = route.one("AWS::Events::Connection").properties["AuthParameters"]["ApiKeyAuthParameters"]
    assert key == {
        "ApiKeyName": "Authorization",
        "ApiKeyValue": "{{resolve:secretsmanager:agency/service-desk:SecretString:value}}",
    }


def test_pages_go_over_tls_with_what_a_desk_needs(route: Stand) -> None:
    destination = route.one("AWS::Events::ApiDestination").properties
    assert destination["InvocationEndpoint"] == "https://desk.example.gov.sg/api/alarms"
    rule = route.one("AWS::Events::Rule").properties
    assert rule["EventPattern"]["detail"]["configuration"] == {"description": [{"prefix": "[page]"}]}
    (target,) = rule["Targets"]
    told = json.loads(target["InputTransformer"]["InputTemplate"])
    assert set(told) == set(target["InputTransformer"]["InputPathsMap"]) >= {"alarm", "state", "description"}


def test_what_is_not_taken_is_tried_for_an_hour_and_kept(bench: Mapping[str, Stand], route: Stand) -> None:
    (target,) = route.one("AWS::Events::Rule").properties["Targets"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20}
    assert target["DeadLetterConfig"]["Arn"] == bench["DeadLetters"].one("AWS::SQS::Queue").arn


def test_its_role_may_call_this_address_and_nothing_else(route: Stand) -> None:
    role = Identity(route.one("AWS::IAM::Role"), route.template.all())
    arn = route.one("AWS::Events::ApiDestination").arn
    assert role.may("events:InvokeApiDestination", arn)
    assert not role.may("events:InvokeApiDestination", f"{arn}-other")
    assert not role.may("sns:Publish", "*")


@pytest.mark.parametrize("header", ["Bad Header", "X:Y", "", "1st"])
def test_a_header_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(ValidationError, match="header"):
        AlertRouteSettings(url="https://desk.example.gov.sg/a", header=header, secret="desk")
