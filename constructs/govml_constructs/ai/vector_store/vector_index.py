"""`VectorIndex`: S3 Vectors, the cheapest store of embeddings: a bucket of its own kind and one index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3vectors as s3vectors
from constructs import Construct

from govml_constructs.ai.vector_store.access import VectorStoreAccess
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.place import PlacedConstruct, place_of

# Bedrock writes a chunk's text and where it is from here; both outgrow what filterable metadata may hold (Bedrock user
# guide, "Prerequisites for using a vector store you created for a knowledge base").
_LONG_METADATA = ["AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"]


class VectorIndex(PlacedConstruct):
    """A vector bucket and an index under the data key; nobody outside the account can be let in by accident.

    S3 blocks public access to vector buckets for good, and takes TLS connections only (S3 user guide, "S3 Vectors best
    practices"); from the VPC it is reached over the interface endpoint `s3vectors`.

    Args:
        dimensions: length of a vector.
        distance: how nearness is measured.
        key: key of vectors and metadata; its policy must let S3's indexing service decrypt.
        path: IAM path of the two policies.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Controls: own key, text of documents kept out of filters, reading and writing apart, each for this index only.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        dimensions: int,
        distance: Literal["cosine", "euclidean"],
        key: kms.IKey,
        path: str,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        bucket = s3vectors.CfnVectorBucket(
            self,
            "Bucket",
            encryption_configuration=s3vectors.CfnVectorBucket.EncryptionConfigurationProperty(
                sse_type="aws:kms", kms_key_arn=key.key_arn
            ),
        )
        index = s3vectors.CfnIndex(
            self,
            "Index",
            vector_bucket_arn=bucket.attr_vector_bucket_arn,
            # none of these can be changed in place: another shape is another index, beside the old one
            index_name=f"documents-{dimensions}-{distance}",
            data_type="float32",
            dimension=dimensions,
            distance_metric=distance,
            metadata_configuration=s3vectors.CfnIndex.MetadataConfigurationProperty(
                non_filterable_metadata_keys=_LONG_METADATA
            ),
        )
        for resource in (bucket, index):
            resource.apply_removal_policy(removal_policy)
        region = place_of(self).region
        access = VectorStoreAccess(
            self,
            "Access",
            path=path,
            read=read_statements(index.attr_index_arn, key.key_arn, region),
            write=write_statements(index.attr_index_arn, key.key_arn, region),
        )
        self.read, self.write = access.read, access.write
        self.places: Mapping[str, str] = {
            "bucket-arn": bucket.attr_vector_bucket_arn,
            "index-arn": index.attr_index_arn,
        }


def read_statements(index_arn: str, key_arn: str, region: str) -> list[Statement]:
    """Return what a search takes (S3 user guide, "Identity and access management in S3 Vectors").

    A search that filters or answers metadata needs `GetVectors` beside `QueryVectors`.
    """
    return [
        Statement(
            sid="SearchVectors",
            actions=["s3vectors:GetIndex", "s3vectors:GetVectors", "s3vectors:QueryVectors"],
            resources=[index_arn],
        ),
        _key("DecryptVectors", ["kms:Decrypt"], key_arn, region),
    ]


def write_statements(index_arn: str, key_arn: str, region: str) -> list[Statement]:
    """Return what bringing vectors in takes; the index itself is CloudFormation's."""
    return [
        Statement(
            sid="WriteVectors",
            actions=[
                "s3vectors:DeleteVectors",
                "s3vectors:GetIndex",
                "s3vectors:GetVectors",
                "s3vectors:ListVectors",
                "s3vectors:PutVectors",
            ],
            resources=[index_arn],
        ),
        _key("EncryptVectors", ["kms:Decrypt", "kms:GenerateDataKey"], key_arn, region),
    ]


def _key(sid: str, actions: list[str], key_arn: str, region: str) -> Statement:
    via = {"StringEquals": {"kms:ViaService": f"s3vectors.{region}.amazonaws.com"}}
    return Statement(sid=sid, actions=actions, resources=[key_arn], conditions=via)
