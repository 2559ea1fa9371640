"""`HandedOverModel`: a model that somebody hands over as a file, for the time before the first release."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aws_cdk import AssetStaging, FileAssetPackaging, Stack
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
        uri, digest = location, ""
        if not location.startswith("s3://"):
            digest = hashlib.sha256(Path(location).read_bytes()).hexdigest()
            uri = self._publish(location)
        partition, _, _ = pseudo_parameters()
        self._object_arn = f"arn:{partition}:s3:::{uri.removeprefix('s3://')}"
        self.model = Model(data=uri, digest=digest, image=image, version="")

    def _publish(self, path: str) -> str:
        """Return the S3 URI that the deployment publishes the file under.

        SageMaker takes a model only under a name that ends in `.tar.gz` (API reference, `ContainerDefinition`,
        `ModelDataUrl`), and CDK keeps what follows the last dot: so the rest stands at the end of the hash.
        """
        stack = Stack.of(self)
        staged = AssetStaging(self, "Asset", source_path=path)
        location = stack.synthesizer.add_file_asset(
            source_hash=f"{staged.asset_hash}.tar",
            file_name=staged.relative_staged_path(stack),
            packaging=FileAssetPackaging.FILE,
        )
        return f"s3://{location.bucket_name}/{location.object_key}"

    def statements(self) -> list[Statement]:
        """Return the right to read exactly this object."""
        return [Statement(sid="ReadHandedOverModel", actions=["s3:GetObject"], resources=[self._object_arn])]
