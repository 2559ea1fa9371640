"""Examples of the rules on queues, topics and streams."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import KEPT, KEY, policy, resource, tls_of

_QUEUE = {
    "Queue": resource("AWS::SQS::Queue", {"KmsMasterKeyId": KEY}),
    "Policy": resource(
        "AWS::SQS::QueuePolicy",
        {
            "Queues": [{"Ref": "Queue"}],
            "PolicyDocument": policy(tls_of({"Fn::GetAtt": ["Queue", "Arn"]}, action="sqs:*")),
        },
    ),
}
_TOPIC = {
    "Topic": resource("AWS::SNS::Topic", {"KmsMasterKeyId": KEY}),
    "Policy": resource(
        "AWS::SNS::TopicPolicy",
        {"Topics": [{"Ref": "Topic"}], "PolicyDocument": policy(tls_of({"Ref": "Topic"}, action="sns:Publish"))},
    ),
}
_STREAM = {
    "Stream": resource("AWS::Kinesis::Stream", {"StreamEncryption": {"EncryptionType": "KMS", "KeyId": KEY}}, **KEPT)
}
_DELIVERY = {
    "Delivery": resource(
        "AWS::KinesisFirehose::DeliveryStream",
        {
            "DeliveryStreamEncryptionConfigurationInput": {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": KEY},
            "ExtendedS3DestinationConfiguration": {
                "BucketARN": {"Ref": "BucketArn"},
                "RoleARN": {"Ref": "RoleArn"},
                "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": KEY}},
            },
        },
    )
}
_INPUT = "Delivery.Properties.DeliveryStreamEncryptionConfigurationInput"
_TLS = "Policy.Properties.PolicyDocument.Statement"
_KAFKA = {
    "Kafka": resource(
        "AWS::MSK::Cluster", {"EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "TLS", "InCluster": True}}}
    )
}
_TRANSIT = "Kafka.Properties.EncryptionInfo.EncryptionInTransit"

EXAMPLES = {
    "GovML-QueueEncryption": Example(
        passing=change(
            change(_QUEUE, "Queue.Properties.KmsMasterKeyId", REMOVED), "Queue.Properties.SqsManagedSseEnabled", "true"
        ),
        failing=[
            change(_QUEUE, "Queue.Properties.KmsMasterKeyId", REMOVED),
            change(_QUEUE, "Queue.Properties", {"SqsManagedSseEnabled": False}),
            change(_QUEUE, "Queue.Properties", {"KmsMasterKeyId": ""}),
        ],
    ),
    "GovML-TopicEncryption": Example(
        passing=_TOPIC,
        failing=[
            change(_TOPIC, "Topic.Properties.KmsMasterKeyId", REMOVED),
            change(_TOPIC, "Topic.Properties.KmsMasterKeyId", {"Fn::If": ["Encrypt", KEY, {"Ref": "AWS::NoValue"}]}),
        ],
    ),
    "GovML-StreamEncryption": Example(
        passing={**_STREAM, **_DELIVERY},
        failing=[
            change(_STREAM, "Stream.Properties.StreamEncryption", REMOVED),
            change(_STREAM, "Stream.Properties.StreamEncryption.EncryptionType", "NONE"),
            change(_STREAM, "Stream.Properties.StreamEncryption.KeyId", REMOVED),
            change(_DELIVERY, _INPUT, REMOVED),
            change(_DELIVERY, f"{_INPUT}.KeyType", "AWS_OWNED_CMK"),
            change(_DELIVERY, f"{_INPUT}.KeyARN", REMOVED),
            change(
                _DELIVERY,
                "Delivery.Properties.ExtendedS3DestinationConfiguration.EncryptionConfiguration",
                {"NoEncryptionConfig": "NoEncryption"},
            ),
        ],
    ),
    "GovML-MessageTls": Example(
        passing={**_QUEUE, "Topic": _TOPIC["Topic"]},
        failing=[
            {"Queue": _QUEUE["Queue"]},
            change(_QUEUE, f"{_TLS}.0.Effect", "Allow"),
            change(_QUEUE, f"{_TLS}.0.Resource", {"Fn::GetAtt": ["Another", "Arn"]}),
            change(_QUEUE, f"{_TLS}.0.Action", "sqs:SendMessage"),
            change(_QUEUE, f"{_TLS}.0.Condition.Bool", {"aws:SecureTransport": "true"}),
            change(_TOPIC, f"{_TLS}.0.Effect", "Allow"),
            change(_TOPIC, f"{_TLS}.0.Principal", {"AWS": {"Ref": "RoleArn"}}),
            change(_TOPIC, f"{_TLS}.0.Condition", {"StringEquals": {"aws:SecureTransport": "false"}}),
        ],
    ),
    "GovML-PlainHttpSubscription": Example(
        passing={
            "S": resource("AWS::SNS::Subscription", {"Protocol": "https", "Endpoint": "https://agency.gov.sg/in"})
        },
        failing=[
            {"S": resource("AWS::SNS::Subscription", {"Protocol": "http", "Endpoint": "http://agency.gov.sg/in"})},
            change(_TOPIC, "Topic.Properties.Subscription", [{"Protocol": "http", "Endpoint": {"Ref": "Address"}}]),
        ],
    ),
    "GovML-KafkaEncryption": Example(
        passing=_KAFKA,
        failing=[
            change(_KAFKA, f"{_TRANSIT}.ClientBroker", "TLS_PLAINTEXT"),
            change(_KAFKA, f"{_TRANSIT}.ClientBroker", "PLAINTEXT"),
            change(_KAFKA, f"{_TRANSIT}.InCluster", False),
            change(_KAFKA, "Kafka.Properties.ClientAuthentication.Unauthenticated.Enabled", True),
            change(
                _KAFKA,
                "Kafka.Properties.BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",
                "SERVICE_PROVIDED_EIPS",
            ),
        ],
    ),
}
