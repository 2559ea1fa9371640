"""Signature Version 4, checked as SageMaker Runtime checks it: key, time, scope, body and signature, by botocore's signer."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from govml.local.hosting.errors import RuntimeRefusal

SERVICE = "sagemaker"
# Signatures may be five minutes old, or early (IAM user guide, "Troubleshoot SigV4").
SKEW_SECONDS = 300
_FORM = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request *, *"
    r"SignedHeaders=([\w;-]+) *, *Signature=([0-9a-f]{64})"
)
Lookup = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class SignedRequest:
    """A request as it came.

    Args:
        method: HTTP method.
        path: raw path, percent-encoded as the client sent it.
        query: raw query string.
        headers: names in small letters.
        body: the whole body.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def _refuse(code: str, message: str, status: int = 403) -> RuntimeRefusal:
    return RuntimeRefusal(code, message, status)


def verify(request: SignedRequest, *, region: str, lookup: Lookup, now: float | None = None) -> str:
    """Check who signed a request.

    Args:
        request: as it came.
        region: the account's region, which must be the signature's.
        lookup: from an access key to `secret`, `token` and `expires`; empty for an unknown key.
        now: Unix time; default: the machine's.

    Returns:
        The access key.

    Raises:
        RuntimeRefusal: as AWS refuses: MissingAuthenticationToken, IncompleteSignature, UnrecognizedClient,
            ExpiredToken or InvalidSignature.
    """
    header = request.headers.get("authorization")
    if not header:
        raise _refuse("MissingAuthenticationTokenException", "Missing Authentication Token")
    match = _FORM.fullmatch(header.strip())
    stamp = request.headers.get("x-amz-date", "")
    if match is None or not re.fullmatch(r"\d{8}T\d{6}Z", stamp):
        raise _refuse("IncompleteSignatureException", "Authorization header or X-Amz-Date is not complete.", 400)
    key, day, scope_region, scope_service, signed, signature = match.groups()
    known = lookup(key)
    if not known or (known.get("token") or None) != request.headers.get("x-amz-security-token"):
        raise _refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
    current = time.time() if now is None else now
    if known.get("expires") and current > float(known["expires"]):
        raise _refuse("ExpiredTokenException", "The security token included in the request is expired")
    _check_scope(day, scope_region, scope_service, stamp, region=region, now=current)
    expected = _signature(request, known, signed.split(";"), stamp, scope_region)
    if not hmac.compare_digest(expected, signature):
        raise _refuse(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method.",
        )
    return key


def _check_scope(day: str, scope_region: str, service: str, stamp: str, *, region: str, now: float) -> None:
    if (scope_region, service, day) != (region, SERVICE, stamp[:8]):
        wanted = f"{stamp[:8]}/{region}/{SERVICE}/aws4_request"
        raise _refuse("InvalidSignatureException", f"Credential should be scoped to {wanted}.")
    signed_at = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC).timestamp()
    if abs(now - signed_at) > SKEW_SECONDS:
        word = "expired" if now > signed_at else "not yet current"
        raise _refuse("InvalidSignatureException", f"Signature {word}: {stamp} is more than 5 min. away from now.")


def _signature(request: SignedRequest, known: Mapping[str, Any], signed: list[str], stamp: str, region: str) -> str:
    """The signature that the owner of the key would have made."""
    if "host" not in signed or "x-amz-date" not in signed:
        raise _refuse("InvalidSignatureException", "'Host' and 'X-Amz-Date' must be signed headers.")
    digest = request.headers.get("x-amz-content-sha256")
    if digest not in (None, hashlib.sha256(request.body).hexdigest()):
        raise _refuse("InvalidSignatureException", "The value of X-Amz-Content-SHA256 is not the body's digest.")
    headers = {name: request.headers.get(name, "") for name in signed}
    query = f"?{request.query}" if request.query else ""
    rebuilt = AWSRequest(
        method=request.method,
        url=f"http://{request.headers.get('host', '')}{request.path}{query}",
        headers=headers,
        data=request.body,
    )
    rebuilt.context["timestamp"] = stamp
    signer = SigV4Auth(Credentials("", str(known["secret"])), SERVICE, region)
    text = signer.string_to_sign(rebuilt, signer.canonical_request(rebuilt))
    return str(signer.signature(text, rebuilt))
