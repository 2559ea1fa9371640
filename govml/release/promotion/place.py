"""`Place`: one environment, as a promotion and its checks reach it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from govml.errors import UserError
from govml.release.ledger import Ledger

_REFUSED = {"AccessDenied", "AccessDeniedException", "403"}


@dataclass(frozen=True)
class Place:
    """One use case in one environment.

    Args:
        environment: `dev`, `uat` or `prod`.
        slug: the use case as AWS takes it, such as `hdb-resale`.
        s3: boto3's client of S3.
        sagemaker: boto3's client of SageMaker.
        artifacts: name of the artefact bucket.
        evidence: name of the evidence bucket.
        group: ARN of the model package group.
    """

    environment: str
    slug: str
    s3: Any
    sagemaker: Any
    artifacts: str
    evidence: str
    group: str

    def ledger(self) -> Ledger:
        """Return the deployment ledger of the use case in this environment."""
        return Ledger(self.s3, self.evidence, self.slug)

    def package_arn(self, version: int) -> str:
        """Return the ARN of a version in the registry, by its number."""
        return f"{self.group.replace(':model-package-group/', ':model-package/')}/{version}"

    @property
    def group_name(self) -> str:
        """Name of the model package group."""
        return self.group.rsplit("/", 1)[-1]

    def released(self, digest: str) -> str:
        """Return the prefix of the artefact bucket with what was released under a digest; it ends in a slash."""
        return f"{self.slug}/released/{digest}/"

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Turn what keeps us from reading or writing here into an error that the user can mend.

        Raises:
            UserError: no credentials, no answer, or no permission.
        """
        try:
            yield
        except NoCredentialsError as error:
            raise UserError(
                f"{self.environment}: there are no AWS credentials",
                hint="take the promoter's role, or use --local for the local account",
            ) from error
        except EndpointConnectionError as error:
            raise UserError(
                f"{self.environment} does not answer: {error}", hint="is the local account up? `govml local up`"
            ) from error
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code not in _REFUSED:
                raise
            raise UserError(
                f"{self.environment} refuses {error.operation_name}: {error.response['Error'].get('Message') or code}",
                hint="deploy both environments' stacks, then act as the role that promotes; see docs/promotion.md",
            ) from error
