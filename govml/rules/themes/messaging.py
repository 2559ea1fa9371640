"""Queues, topics, streams and buses: encryption at rest and in transit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govml.rules.options import Options
from govml.rules.policies import PolicyStatement, resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.tls import about_tls, tls_gap
from govml.rules.values import false, get, is_token, listed, true

_QUEUE_ACTIONS = ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage")


@rule(
    "GovML-QueueEncryption",
    "AWS::SQS::Queue",
    title="A queue is encrypted at rest",
    rationale="Messages wait on disk, those that failed for weeks.",
    severity="high",
    controls=("SC-28",),
    public_sector_controls=("DP-2",),
)
def queue_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a key, or for the service's own encryption by name."""
    managed = resource.get("SqsManagedSseEnabled")
    if not resource.get("KmsMasterKeyId") and not true(managed) and not is_token(managed):
        yield "is not encrypted: set KmsMasterKeyId to the key of its data domain"


@rule(
    "GovML-TopicEncryption",
    "AWS::SNS::Topic",
    title="A topic is encrypted at rest",
    rationale="SNS keeps messages that it cannot deliver; without a key they lie open.",
    severity="high",
    controls=("SC-28",),
    public_sector_controls=("DP-2",),
)
def topic_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a key; SNS has no encryption without one."""
    if not resource.get("KmsMasterKeyId"):
        yield "is not encrypted: set KmsMasterKeyId to the key of its data domain"


@rule(
    "GovML-StreamEncryption",
    "AWS::Kinesis::Stream",
    "AWS::KinesisFirehose::DeliveryStream",
    title="A stream is encrypted at rest",
    rationale="Records of a stream are data like those in a bucket.",
    severity="high",
    controls=("SC-28",),
    public_sector_controls=("DP-2",),
)
def stream_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A delivery stream that reads another stream is encrypted by that one."""
    if resource.type == "AWS::Kinesis::Stream":
        stream = resource.get("StreamEncryption")
        if not is_token(stream) and (get(stream, "EncryptionType") != "KMS" or not get(stream, "KeyId")):
            yield "is not encrypted: set StreamEncryption to KMS with the key of its data domain"
        return
    own = resource.get("DeliveryStreamEncryptionConfigurationInput")
    if not own and resource.get("DeliveryStreamType") in (None, "DirectPut"):
        yield "is not encrypted: set DeliveryStreamEncryptionConfigurationInput"
    elif own and not is_token(own) and (get(own, "KeyType") == "AWS_OWNED_CMK" or not get(own, "KeyARN")):
        yield "is encrypted with a key of AWS: set KeyType CUSTOMER_MANAGED_CMK and KeyARN"
    for name, value in resource.properties.items():
        if get(value, "EncryptionConfiguration", "NoEncryptionConfig") or get(
            value, "S3Configuration", "EncryptionConfiguration", "NoEncryptionConfig"
        ):
            yield f"{name} writes without encryption: set KMSEncryptionConfig"


def _statements(resource: Resource, template: Template) -> list[PolicyStatement]:
    """Return the statements of the policies that name a queue or topic."""
    kind, one = ("SQS::Queue", "Queue") if resource.type == "AWS::SQS::Queue" else ("SNS::Topic", "TopicArn")
    policies = [
        each
        for each in template.of_type(f"AWS::{kind}Policy", f"AWS::{kind}InlinePolicy")
        if any(map(resource.refers_to, [*listed(each.get(f"{kind.split('::')[1]}s")), each.get(one)]))
    ]
    return [statement for each in policies for found in resource_policies(each) for statement in found]


@rule(
    "GovML-MessageTls",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    title="A policy that refuses requests without TLS really does",
    rationale="A Deny with one word wrong looks like a safeguard and is none.",
    severity="high",
    controls=("SC-8", "SC-8(1)"),
    public_sector_controls=("DP-3",),
)
def message_tls(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """A queue needs such a policy; a topic that has one must have it right."""
    statements = _statements(resource, template)
    queue = resource.type == "AWS::SQS::Queue"
    if not queue and not any(about_tls(each) for each in statements):
        return

    def covered(resources: Sequence[str]) -> bool:
        return any("*" in each or not is_token(each) or resource.refers_to(each) for each in resources)

    gap = tls_gap(statements, _QUEUE_ACTIONS if queue else ("sns:Publish",), covered)
    if gap:
        yield f"its policy {gap}"


@rule(
    "GovML-PlainHttpSubscription",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    title="Messages are delivered over TLS",
    rationale="An http subscription carries every message in the clear.",
    severity="high",
    controls=("SC-8",),
    public_sector_controls=("DP-3",),
)
def plain_http_subscription(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at the protocol of subscriptions."""
    found = [resource.properties] if resource.type == "AWS::SNS::Subscription" else listed(resource.get("Subscription"))
    if any(get(each, "Protocol") == "http" or str(get(each, "Endpoint")).startswith("http://") for each in found):
        yield "delivers by http: use https"


@rule(
    "GovML-KafkaEncryption",
    "AWS::MSK::Cluster",
    "AWS::MSK::ServerlessCluster",
    title="Kafka brokers speak TLS, with known clients only",
    rationale="PLAINTEXT listeners let anybody in the network read and write.",
    severity="high",
    controls=("SC-8", "IA-2", "SC-28"),
    public_sector_controls=("DP-3", "DP-2"),
)
def kafka_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """The defaults are TLS; look for what weakens them."""
    transit = resource.get("EncryptionInfo", "EncryptionInTransit")
    broker = get(transit, "ClientBroker")
    if broker and broker != "TLS" and not is_token(broker):
        yield f"its brokers accept {broker}: set ClientBroker to TLS"
    if false(get(transit, "InCluster")):
        yield "its brokers talk to each other without TLS: set InCluster to true"
    if true(resource.get("ClientAuthentication", "Unauthenticated", "Enabled")):
        yield "lets clients in without identity: remove Unauthenticated"
    public = resource.get("BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type")
    if public and public != "DISABLED" and not is_token(public):
        yield "is public: set PublicAccess to DISABLED"
