"""The image that a model was trained in, in the local account's repository: a manifest stands for it, nobody builds it."""

from __future__ import annotations

import hashlib
import json

from botocore.exceptions import ClientError

from govml.execution.account import Account, error_code

_CONFIG = b"{}"
_MISSING = {"ImageNotFoundException", "ImageNotFound"}


def stand_in_image(account: Account, image: str) -> str | None:
    """Make an image's tag resolve to a digest where the account's repository lacks it, and return the digest.

    Jobs run as processes here, so no image is ever built; but a release is by digest, and asks the repository for it. The
    manifest names the tag, so that each build has its own digest, and the same build always the same.

    Args:
        account: the local account.
        image: image of a model package, `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`.

    Returns:
        The digest, `sha256:...`; None where the image is of another registry, or given by digest already.
    """
    host, _, path = image.partition("/")
    repository, _, tag = path.partition(":")
    if not host.startswith(f"{account.account}.dkr.ecr.") or not tag or "@" in path:
        return None
    ecr = account.client("ecr")
    try:
        return str(_digest(ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])))
    except ClientError as error:
        if error_code(error) == "RepositoryNotFoundException":
            return None
        if error_code(error) not in _MISSING:
            raise
    manifest = json.dumps(_manifest(image), sort_keys=True)
    ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)
    return str(_digest(ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])))


def _digest(described: dict[str, list[dict[str, str]]]) -> str:
    return described["imageDetails"][0]["imageDigest"]


def _manifest(image: str) -> dict[str, object]:
    """Return a manifest without layers (OCI image specification, "Image Manifest")."""
    config = {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": f"sha256:{hashlib.sha256(_CONFIG).hexdigest()}",
        "size": len(_CONFIG),
    }
    return {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [],
        "annotations": {"org.opencontainers.image.ref.name": image},
    }
