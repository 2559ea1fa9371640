"""Calls of the emulator's own operations, which no AWS service has: what processes beside it ask and tell."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from govml.local.access import Connection

# Names account, region and service in the place where the gateway looks for them; these calls are not signed.
_SCOPE = "AWS4-HMAC-SHA256 Credential={account}/20000101/{region}/sagemaker/aws4_request"
# The emulator loads a service when it is first called, which takes long while the machine is busy.
_TIMEOUT = 60.0


class ControlLost(Exception):
    """The emulator does not answer, or has given what was held to another process."""


class Superseded(ControlLost):
    """The emulator has given what was held to another process."""


def call(connection: Connection, path: str, **parameters: Any) -> dict[str, Any]:
    """Call one operation and return its answer.

    Args:
        connection: the running local account.
        path: as in `/govml-hosting/sync`.
        parameters: what the operation takes.

    Raises:
        ControlLost: see there.
    """
    address = urlsplit(connection.endpoint_url)
    client = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_TIMEOUT)
    scope = _SCOPE.format(account=connection.account, region=connection.region)
    headers = {"Authorization": scope, "Content-Type": "application/json"}
    try:
        client.request("POST", path, body=json.dumps(parameters), headers=headers)
        response = client.getresponse()
        answer: dict[str, Any] = json.loads(response.read() or b"{}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ControlLost(f"the local account does not answer: {error}") from error
    finally:
        client.close()
    if response.status != http.HTTPStatus.OK:
        raise Superseded(str(answer.get("message", answer)))
    return answer
