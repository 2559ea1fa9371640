"""`HandedOverModel`: a model that somebody hands over as a file, for the time before the first release."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.place import PlacedConstruct, pseudo_parameters
from govml_constructs.serving.release_parameters import Model


class HandedOverModel(PlacedConstruct):
    """A `model.tar.gz`, as an asset of the deployment or where it stands already.

    Args:
        location: its path, or its S3 URI.
        image: image of its container; by tag, as no release has pinned one yet.

    Attributes:
        model: the model, without a version; of an object in S3 the digest is not known.

    Raises:
        FileNotFoundError: there is no such file.
    """

    def __init__(self, scope: Construct, construct_id: str, *, location: str, image: str) -> None:
        super().__init__(scope, construct_id)
        partition, _, _ = pseudo_parameters()
        if location.startswith("s3://"):
            uri, digest = location, ""
            self._object_arn = f"arn:{partition}:s3:::{location.removeprefix('s3://')}"
        else:
            asset = assets.Asset(self, "Asset", path=location)
            uri, digest = asset.s3_object_url, hashlib.sha256(Path(location).read_bytes()).hexdigest()
            self._object_arn = f"{asset.bucket.bucket_arn}/{asset.s3_object_key}"
        self.model = Model(data=uri, digest=digest, image=image, version="")

    def statements(self) -> list[Statement]:
        """Return the right to read exactly this object."""
        return [Statement(sid="ReadHandedOverModel", actions=["s3:GetObject"], resources=[self._object_arn])]
