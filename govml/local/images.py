"""Stand-ins for the container images that the deployed pipelines name: here their dependencies are an environment of this machine.

A model package names its image by tag, and a release deploys it by digest. So that both exist in the local account, each
image that a deployed pipeline names gets a manifest without layers, whose digest depends on its name and tag alone.
"""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.exceptions import ClientError

from govml.local.access import Connection

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
# The empty descriptor of the OCI image specification ("Guidance for an empty descriptor").
_EMPTY = {
    "mediaType": "application/vnd.oci.empty.v1+json",
    "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    "size": 2,
}


def manifest(repository: str, tag: str) -> str:
    """Return the manifest of a stand-in, the same text for the same name."""
    told = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "artifactType": "application/vnd.govml.stand-in",
        "config": _EMPTY,
        "layers": [_EMPTY],
        "annotations": {"org.opencontainers.image.ref.name": f"{repository}:{tag}"},
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def named_images(definition: str, account: str) -> set[tuple[str, str]]:
    """Return repository and tag of every image of an account's registry that a pipeline definition names."""
    pattern = rf"\b{account}\.dkr\.ecr\.[\w-]+\.amazonaws\.com/([\w./-]+):([\w.-]+)"
    return set(re.findall(pattern, definition))


def stand_in(connection: Connection) -> list[str]:
    """Put a stand-in for each image that a deployed pipeline names and that its registry does not hold.

    Returns:
        The images that were put, as `repository:tag`.
    """
    sagemaker, ecr = connection.client("sagemaker"), connection.client("ecr")
    wanted: set[tuple[str, str]] = set()
    for page in sagemaker.get_paginator("list_pipelines").paginate():
        for pipeline in page["PipelineSummaries"]:
            told = sagemaker.describe_pipeline(PipelineName=pipeline["PipelineName"])
            wanted |= named_images(told["PipelineDefinition"], connection.account)
    return [f"{repository}:{tag}" for repository, tag in sorted(wanted) if _put(ecr, repository, tag)]


def _put(ecr: Any, repository: str, tag: str) -> bool:
    try:
        ecr.put_image(
            repositoryName=repository,
            imageTag=tag,
            imageManifest=manifest(repository, tag),
            imageManifestMediaType=_MANIFEST,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in ("ImageAlreadyExistsException", "ImageTagAlreadyExistsException"):
            return False
        raise
    return True
