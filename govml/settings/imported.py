"""What exists already in an environment's account and is used instead of being made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer

from govml.settings.base import ReadOnly, SettingsModel

KeyDomain = Literal["data", "ml", "logs"]
ZoneName = Literal["raw", "curated", "features", "artifacts"]

# `[a-z0-9-]+` for the partition: which one it is, is judged with account and region, where the message can say so.
RoleArn = Annotated[
    str, Field(pattern=r"^arn:[a-z0-9-]+:iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64}$")
]
KeyArn = Annotated[
    str,
    Field(pattern=r"^arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:key/(mrk-)?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$"),
]
BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
RolePlace = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9-]*(/[A-Za-z0-9-]+)+$", max_length=255)]


class ImportedSettings(SettingsModel):
    """Roles, keys and buckets of the same account (and region); nothing is made in their place, nor changed in them."""

    roles: Annotated[Mapping[RolePlace, RoleArn], AfterValidator(ReadOnly), PlainSerializer(dict)] = Field(
        default_factory=lambda: ReadOnly({})
    )
    """Place of a role (stack and construct, such as MlPlatform/TrackingRole) -> ARN of the role to use there."""

    keys: Annotated[Mapping[KeyDomain, KeyArn], AfterValidator(ReadOnly), PlainSerializer(dict)] = Field(
        default_factory=lambda: ReadOnly({})
    )
    """Domain (data, ml, logs) -> ARN of the key to use; an alias has no policy of its own, so name the key."""

    buckets: Annotated[Mapping[ZoneName, BucketName], AfterValidator(ReadOnly), PlainSerializer(dict)] = Field(
        default_factory=lambda: ReadOnly({})
    )
    """Zone (raw, curated, features, artifacts) -> name of the bucket to use, without dots."""
