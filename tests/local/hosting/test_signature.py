"""Signature Version 4: what botocore signs is accepted, and anything that is changed afterwards is refused."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hosting_stage import ACCOUNT, REGION
from hypothesis import given
from hypothesis import strategies as st

from govml.local.hosting.errors import RuntimeRefusal
from govml.local.hosting.signature import SignedRequest, verify

PATH, BODY = "/endpoints/sandbox-dev-hdb-resale/invocations", b'{"rows": [1, 2]}'
KEYS: dict[str, dict[str, Any]] = {
    ACCOUNT: {"secret": "local", "token": None, "expires": None},
    "ASIASESSION": {"secret": "s", "token": "t", "expires": 4e9},
    "ASIAEXPIRED": {"secret": "s", "token": "t", "expires": 1.0},
}


def signed(
    key: str = ACCOUNT, *, body: bytes = BODY, region: str = REGION, service: str = "sagemaker"
) -> SignedRequest:
    """A request as boto3 signs it."""
    known = KEYS.get(key, {"secret": "x", "token": None})
    request = AWSRequest("POST", f"http://127.0.0.1:8080{PATH}", {"Content-Type": "application/json"}, body)
    request.headers["Host"] = "127.0.0.1:8080"
    SigV4Auth(Credentials(key, known["secret"], known["token"]), service, region).add_auth(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return SignedRequest("POST", PATH, "", headers, body)


def check(request: SignedRequest, now: float | None = None) -> str:
    return verify(request, region=REGION, lookup=lambda key: KEYS.get(key, {}), now=now)


def changed(request: SignedRequest, **headers: str) -> SignedRequest:
    return SignedRequest(request.method, request.path, request.query, {**request.headers, **headers}, request.body)


def refusal(request: SignedRequest, now: float | None = None) -> str:
    with pytest.raises(RuntimeRefusal) as refused:
        check(request, now)
    assert refused.value.status in (400, 403)
    return refused.value.code


@given(st.binary(max_size=200))
def test_what_botocore_signs_is_accepted(body: bytes) -> None:
    assert check(signed(body=body)) == ACCOUNT


def test_a_session_needs_its_token() -> None:
    request = signed("ASIASESSION")
    assert check(request) == "ASIASESSION"
    assert refusal(changed(request, **{"x-amz-security-token": "other"})) == "UnrecognizedClientException"


def test_an_expired_session_is_refused() -> None:
    assert refusal(signed("ASIAEXPIRED")) == "ExpiredTokenException"


def test_a_key_that_nobody_issued_is_refused() -> None:
    assert refusal(signed("AKIANOBODY")) == "UnrecognizedClientException"


@given(st.binary(max_size=50).filter(lambda body: body != BODY))
def test_another_body_is_refused(body: bytes) -> None:
    request = signed()
    forged = SignedRequest(request.method, request.path, request.query, request.headers, body)
    assert refusal(forged) == "InvalidSignatureException"


def test_another_path_query_or_header_is_refused() -> None:
    request = signed()
    for forged in (
        SignedRequest("POST", PATH.replace("dev", "prod"), "", request.headers, BODY),
        SignedRequest("POST", PATH, "a=1", request.headers, BODY),
        changed(request, host="127.0.0.1:9090"),
    ):
        assert refusal(forged) == "InvalidSignatureException"


def test_a_digest_header_that_is_not_the_bodys_is_refused() -> None:
    wrong = hashlib.sha256(b"other").hexdigest()
    assert refusal(changed(signed(), **{"x-amz-content-sha256": wrong})) == "InvalidSignatureException"


@pytest.mark.parametrize(("seconds", "accepted"), [(-290, True), (290, True), (-310, False), (310, False)])
def test_a_signature_is_good_for_five_minutes_around_its_time(seconds: int, accepted: bool) -> None:
    request = signed()
    stamp = datetime.datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    now = stamp.timestamp() + seconds
    if accepted:
        assert check(request, now) == ACCOUNT
    else:
        assert refusal(request, now) == "InvalidSignatureException"


@pytest.mark.parametrize("scope", [{"region": "us-east-1"}, {"service": "s3"}])
def test_a_signature_for_another_region_or_service_is_refused(scope: dict[str, str]) -> None:
    assert refusal(signed(**scope)) == "InvalidSignatureException"


def test_a_request_without_signature_or_with_half_of_one_is_refused() -> None:
    request = signed()
    nothing = {name: value for name, value in request.headers.items() if name != "authorization"}
    assert refusal(SignedRequest("POST", PATH, "", nothing, BODY)) == "MissingAuthenticationTokenException"
    assert refusal(changed(request, authorization="AWS4-HMAC-SHA256 half")) == "IncompleteSignatureException"
    assert refusal(changed(request, **{"x-amz-date": "today"})) == "IncompleteSignatureException"


@given(st.text(max_size=120))
def test_no_authorization_header_breaks_the_check(text: str) -> None:
    refusal(changed(signed(), authorization=text))
