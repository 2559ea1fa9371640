"""Glue: catalogue, jobs and connections are encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from govml.rules.demands import given, key_problem, later, own_key, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, listed, true

_SECURITY, _CATALOGUE = "AWS::Glue::SecurityConfiguration", "AWS::Glue::DataCatalogEncryptionSettings"


@rule(
    "GovML-GlueSecurityConfiguration",
    _SECURITY,
    title="A Glue security configuration encrypts data, logs and bookmarks with keys of the agency",
    rationale="A configuration that leaves one of the three in the clear gives jobs a false sense of being encrypted.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source='Glue developer guide, "Encrypting data written by AWS Glue"',
)
def glue_security_configuration(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at the three modes."""
    config = resource.get("EncryptionConfiguration")
    buckets = listed(get(config, "S3Encryptions")) or [None]
    held = [("S3Encryptions", each, "S3EncryptionMode", "SSE-KMS") for each in buckets]
    held.append(("CloudWatchEncryption", get(config, "CloudWatchEncryption"), "CloudWatchEncryptionMode", "SSE-KMS"))
    held.append(
        ("JobBookmarksEncryption", get(config, "JobBookmarksEncryption"), "JobBookmarksEncryptionMode", "CSE-KMS")
    )
    for name, part, mode, wanted in held:
        value = get(part, mode)
        if value != wanted and not (value is not None and later(value)):
            yield f"{name}.{mode} is {value or 'not set'}: set {wanted}"
        elif not own_key(get(part, "KmsKeyArn")):
            yield f"{name}.KmsKeyArn {key_problem(get(part, 'KmsKeyArn'))}"


@rule(
    "GovML-GlueJobSecurity",
    "AWS::Glue::Job",
    "AWS::Glue::Crawler",
    "AWS::Glue::DevEndpoint",
    "AWS::Glue::Session",
    "AWS::Glue::MLTransform",
    title="Glue jobs and crawlers have a security configuration",
    rationale="Without one, what they write, their logs and their bookmarks are not encrypted with the agency's key.",
    severity="medium",
    controls=("SC-28", "SC-28(1)"),
    public_sector_controls=("DP-2",),
    source='Glue developer guide, "Working with security configurations"',
)
def glue_job_security(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Each type has its own name for it."""
    if resource.type == "AWS::Glue::MLTransform":
        encryption = resource.get("TransformEncryption", "MLUserDataEncryption")
        if get(encryption, "MLUserDataEncryptionMode") != "SSE-KMS" or not own_key(get(encryption, "KmsKeyId")):
            yield "TransformEncryption.MLUserDataEncryption is not SSE-KMS with a key of the agency"
        return
    name = "CrawlerSecurityConfiguration" if resource.type == "AWS::Glue::Crawler" else "SecurityConfiguration"
    if not given(resource.get(name)):
        yield f"{name} is not set"


@rule(
    "GovML-GlueCatalogue",
    _CATALOGUE,
    title="The data catalogue and the passwords in it are encrypted",
    rationale="The catalogue says which personal data there is, and its connections hold the passwords to it.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "IA-5"),
    public_sector_controls=("DP-2", "AS-8"),
    source='Glue developer guide, "Encrypting your Data Catalog"',
)
def glue_catalogue(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at both switches and their keys."""
    settings = resource.get("DataCatalogEncryptionSettings")
    rest, password = get(settings, "EncryptionAtRest"), get(settings, "ConnectionPasswordEncryption")
    mode = get(rest, "CatalogEncryptionMode")
    if not str(mode).startswith("SSE-KMS") and not (mode is not None and later(mode)):
        yield f"EncryptionAtRest.CatalogEncryptionMode is {mode or 'not set'}: set SSE-KMS"
    elif not own_key(get(rest, "SseAwsKmsKeyId")):
        yield f"EncryptionAtRest.SseAwsKmsKeyId {key_problem(get(rest, 'SseAwsKmsKeyId'))}"
    if not switched_on(get(password, "ReturnConnectionPasswordEncrypted")):
        yield "ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted is not true"
    elif not own_key(get(password, "KmsKeyId")):
        yield f"ConnectionPasswordEncryption.KmsKeyId {key_problem(get(password, 'KmsKeyId'))}"


_TLS_SWITCHES = ("JDBC_ENFORCE_SSL", "KAFKA_SSL_ENABLED", "CONNECTION_URL_SSL", "ssl")
_TLS_URL = re.compile(r"(?i)ssl=true|sslmode=(?:require|verify)|encrypt=true")
_TLS_SKIPS = ("SKIP_CUSTOM_JDBC_CERT_VALIDATION", "KAFKA_SKIP_CUSTOM_CERT_VALIDATION", "ssl.domain_match_disabled")
_SECRETS = ("PASSWORD", "KAFKA_SASL_SCRAM_PASSWORD", "KAFKA_CLIENT_KEYSTORE_PASSWORD", "KAFKA_CLIENT_KEY_PASSWORD")


@rule(
    "GovML-GlueConnection",
    "AWS::Glue::Connection",
    title="Glue connects over TLS, with a secret instead of a password",
    rationale="A connection's password is readable in the template and, without TLS, on the network.",
    severity="high",
    controls=("SC-8", "IA-5", "IA-5(7)"),
    public_sector_controls=("DP-3", "AS-8"),
    source='Glue developer guide, "AWS Glue connection properties"',
)
def glue_connection(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """JDBC must be told to enforce TLS; Kafka has it unless it is switched off."""
    kind = str(resource.get("ConnectionInput", "ConnectionType"))
    held = resource.get("ConnectionInput", "ConnectionProperties")
    properties = held if isinstance(held, Mapping) else {}
    encrypted = _TLS_URL.search(str(properties.get("JDBC_CONNECTION_URL")))
    if kind == "JDBC" and not encrypted and not switched_on(properties.get("JDBC_ENFORCE_SSL")):
        yield "ConnectionProperties.JDBC_ENFORCE_SSL is not true"
    for name in _TLS_SWITCHES:
        if false(properties.get(name)) and (encrypted or kind != "JDBC" or name != "JDBC_ENFORCE_SSL"):
            yield f"ConnectionProperties.{name} is false"
    for name in _TLS_SKIPS:
        if true(properties.get(name)):
            yield f"ConnectionProperties.{name} is true: certificates are not looked at"
    for name in _SECRETS:
        value = properties.get(name)
        if given(value) and not later(value) and "{{resolve:" not in str(value):
            yield f"ConnectionProperties.{name} is in the clear: set SECRET_ID"
