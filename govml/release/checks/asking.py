"""`Endpoint`: asks a SageMaker endpoint, as any caller would."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError

from govml.errors import UserError

#: So many rows go in one request of a check that needs answers, not speed.
_ROWS = 100
# SageMaker Runtime's answers about the call itself, not about the model (API reference, InvokeEndpoint, "Errors").
_CALLER = frozenset(
    {"AccessDeniedException", "ValidationError", "UnrecognizedClientException", "ExpiredTokenException"}
    | {"InvalidSignatureException", "MissingAuthenticationTokenException"}
)


class NotAnswered(Exception):
    """The endpoint gave no answer that can be used; the text says why."""


@dataclass(frozen=True)
class Answers:
    """Answers to rows, in their order.

    Args:
        predictions: one for each row, as `/invocations` gives them.
        model_version: version of the model that answered.
    """

    predictions: Sequence[Any]
    model_version: str


class Endpoint:
    """One endpoint, or one variant of it.

    Args:
        runtime: boto3's client of SageMaker Runtime; without retries where the load is measured.
        name: name of the endpoint.
        variant: the variant to ask, or None for whichever SageMaker chooses.
    """

    def __init__(self, runtime: Any, name: str, variant: str | None = None) -> None:
        self._runtime, self._name = runtime, name
        self._variant = {"TargetVariant": variant} if variant else {}

    def ask(self, instances: Sequence[Mapping[str, Any]]) -> Answers:
        """Ask for predictions of any number of rows.

        Raises:
            NotAnswered: a request was refused, or its answer is not one prediction a row by one model.
            UserError: the endpoint does not exist or cannot be reached, or the caller may not ask it.
        """
        predictions: list[Any] = []
        versions: set[str] = set()
        for start in range(0, len(instances), _ROWS):
            part = instances[start : start + _ROWS]
            body = self.send(body_of(part))
            found = body.get("predictions")
            if not isinstance(found, list) or len(found) != len(part):
                raise NotAnswered(f"{self._name} gave no prediction for each of {len(part)} rows")
            predictions += found
            versions.add(str(body.get("model_version") or ""))
        if len(versions) != 1:
            raise NotAnswered(f"{self._name} answers with several models at once: {', '.join(sorted(versions))}")
        return Answers(predictions, versions.pop())

    def send(self, body: bytes) -> dict[str, Any]:
        """Send one request and return the answer's JSON.

        Raises:
            NotAnswered: it was refused, or the answer is no JSON object.
            UserError: the endpoint does not exist or cannot be reached, or the caller may not ask it.
        """
        try:
            answer = self._runtime.invoke_endpoint(
                EndpointName=self._name, ContentType="application/json", Body=body, **self._variant
            )
            found = json.loads(answer["Body"].read())
        except (EndpointConnectionError, NoCredentialsError) as error:
            raise UserError(
                f"{self._name} cannot be reached: {error}",
                hint="sign in, or in the local account start `govml local serve`",
            ) from error
        except ClientError as error:
            details = error.response.get("Error", {})
            if details.get("Code") in _CALLER:
                raise UserError(
                    f"{self._name} cannot be asked: {details.get('Message') or details['Code']}",
                    hint="is it deployed, and may this role invoke it?",
                ) from error
            said = details.get("Message") or error.response.get("OriginalMessage") or ""
            raise NotAnswered(f"{self._name} refuses: {details.get('Code', '')} {said}".strip()[:500]) from error
        except (BotoCoreError, ValueError, OSError) as error:
            raise NotAnswered(f"{self._name}: {error}"[:500]) from error
        if not isinstance(found, dict):
            raise NotAnswered(f"{self._name} answers with {type(found).__name__}, not with an object")
        return found


def runtime_settings(connections: int = 64) -> Config:
    """Return how the client of a check calls: once, since a retry would hide an error and stretch a latency.

    Args:
        connections: requests at the same time.
    """
    return Config(retries={"total_max_attempts": 1}, max_pool_connections=connections, read_timeout=60)


def body_of(instances: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the body of a request."""
    return json.dumps({"instances": list(instances)}, ensure_ascii=False, allow_nan=False).encode()
