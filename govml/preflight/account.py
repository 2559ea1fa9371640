"""Asks an account by boto3, with whatever credentials the caller has. Read-only calls; each may be refused."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from govml.errors import UserError
from govml.preflight.question import Answer, Question

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}


class AccountSource:
    """Answers from the account.

    Args:
        region: region of the regional services.
        session: a boto3 session; default: one of the environment's credentials.
    """

    def __init__(self, *, region: str, session: Any = None) -> None:
        self._region, self._session = region, session
        self._answers: dict[Question, Answer] = {}

    def answer(self, question: Question) -> Answer:
        """Return the account's answer; a question is asked once.

        Raises:
            UserError: there are no credentials, or they have expired.
        """
        if question not in self._answers:
            self._answers[question] = self._ask(question)
        return self._answers[question]

    def _ask(self, question: Question) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

        try:
            return Answer(data=self._call(question))
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "Unknown"))
            if code in _EXPIRED:
                raise UserError(
                    f"AWS refuses the credentials ({code})", hint="sign in again, or use --from-export"
                ) from error
            return Answer(error=code)
        except (NoCredentialsError, ProfileNotFound) as error:
            raise UserError(
                f"there are no credentials for the account ({error})",
                hint="sign in (a role that may read is enough), or use --from-export; --export-commands tells how",
            ) from error
        except BotoCoreError as error:  # no connection, time-out, a parameter that this version does not know
            return Answer(error=type(error).__name__)

    def _call(self, question: Question) -> dict[str, Any]:
        client = self._client(question.service)
        parameters = {name: list(value) if isinstance(value, tuple) else value for name, value in question.parameters}
        if client.can_paginate(question.method):
            pages = client.get_paginator(question.method).paginate(**parameters)
            whole: dict[str, Any] = pages.build_full_result()
            return whole
        response: dict[str, Any] = getattr(client, question.method)(**parameters)
        return response

    @lru_cache(maxsize=32)  # noqa: B019 - lives as long as the command
    def _client(self, service: str) -> Any:
        import boto3
        from botocore.config import Config

        session = self._session or boto3.Session()
        config = Config(
            retries={"mode": "standard", "max_attempts": 4},  # throttled calls are repeated, with growing pauses
            connect_timeout=5,
            read_timeout=30,
        )
        return session.client(service, region_name=self._region, config=config)
