"""Builds and their artifacts: projects, pipelines, image repositories."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, listed, true

_PROJECT = "AWS::CodeBuild::Project"


@rule(
    "GovML-BuildPrivileged",
    _PROJECT,
    title="Builds run without privileges",
    rationale="A privileged build is root on its host; images are built without a daemon.",
    severity="high",
    controls=("AC-6", "CM-7"),
    public_sector_controls=("CS-4",),
)
def build_privileged(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at PrivilegedMode."""
    if true(resource.get("Environment", "PrivilegedMode")):
        yield "runs privileged: set PrivilegedMode to false and build images without a daemon"


@rule(
    "GovML-BuildEncryption",
    _PROJECT,
    "AWS::CodePipeline::Pipeline",
    "AWS::CodeArtifact::Domain",
    title="What builds make is encrypted with a key of the agency",
    rationale="Artifacts hold code, models and reports.",
    severity="medium",
    controls=("SC-28",),
    public_sector_controls=("DP-2",),
)
def build_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for keys, and look for artifacts that say no to encryption."""
    if resource.type == _PROJECT:
        if not resource.get("EncryptionKey"):
            yield "has no EncryptionKey: set the key of the artifacts"
        artifacts = [*listed(resource.get("Artifacts")), *listed(resource.get("SecondaryArtifacts"))]
        if any(true(get(each, "EncryptionDisabled")) for each in artifacts):
            yield "writes artifacts without encryption: remove EncryptionDisabled"
        return
    if resource.type == "AWS::CodeArtifact::Domain":
        if not resource.get("EncryptionKey"):
            yield "has no EncryptionKey: set the key of the packages"
        return
    stores = [*listed(resource.get("ArtifactStore"))]
    stores += [get(each, "ArtifactStore") for each in listed(resource.get("ArtifactStores"))]
    if any(isinstance(each, dict) and not get(each, "EncryptionKey", "Id") for each in stores):
        yield "its artifact store has no EncryptionKey: set the key of the artifacts"


@rule(
    "GovML-BuildExposure",
    _PROJECT,
    "AWS::CodeBuild::ReportGroup",
    "AWS::CodePipeline::Webhook",
    title="Builds and their results are not public",
    rationale="Logs and badges of a public project tell how the agency builds, and sometimes with what secret.",
    severity="high",
    controls=("AC-3", "AC-22", "SC-8"),
    public_sector_controls=("AS-13", "SC-5"),
)
def build_exposure(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at visibility, badges and the trust in the source's certificate."""
    if resource.get("Visibility") == "PUBLIC_READ":
        yield "is public: set Visibility to PRIVATE"
    if true(resource.get("BadgeEnabled")):
        yield "publishes a badge: set BadgeEnabled to false"
    for each in [*listed(resource.get("Source")), *listed(resource.get("SecondarySources"))]:
        if true(get(each, "InsecureSsl")):
            yield "fetches its source without checking the certificate: remove InsecureSsl"
        if str(get(each, "Location")).startswith("http://"):
            yield "fetches its source by http: use https"
    if resource.type == "AWS::CodePipeline::Webhook" and resource.get("Authentication") == "UNAUTHENTICATED":
        yield "is started by whoever calls it: set Authentication to GITHUB_HMAC"
    export = resource.get("ExportConfig", "S3Destination")
    if true(get(export, "EncryptionDisabled")):
        yield "exports reports without encryption: remove EncryptionDisabled"
