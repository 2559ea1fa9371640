"""`VectorCollection`: OpenSearch Serverless of the newest generation, which costs nothing while nobody asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_opensearchserverless as aoss
from constructs import Construct

from govml_constructs.ai.vector_store.access import VectorStoreAccess
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.network.tier_rules import TierRules
from govml_constructs.network.tier_security_group import TierSecurityGroup
from govml_constructs.place import PlacedConstruct

_HTTPS = 443
# OpenSearch Service developer guide, "Data access control for Amazon OpenSearch Serverless".
_READ = ["aoss:DescribeIndex", "aoss:ReadDocument"]
_WRITE = [*_READ, "aoss:CreateIndex", "aoss:UpdateIndex", "aoss:WriteDocument"]


class VectorCollection(PlacedConstruct):
    """A collection for vector search in a group of its own, which scales to nothing after ten idle minutes.

    Args:
        name: name of the collection, its group, its endpoint and its policies, 3 to 32 characters.
        vpc: the VPC.
        subnet_ids: private subnets, one a zone.
        callers: name of a tier -> the tier that may call the endpoint.
        key: key of the collection.
        readers: ARNs of roles that may search.
        writers: ARNs of roles that may also make indexes and bring documents in.
        path: IAM path of the two policies.
        max_capacity: most OpenSearch compute units for indexing, and as many again for searching.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Controls: own key, no public network, one endpoint in the VPC, named readers and writers with named permissions, no
    deletion unless the environment may be destroyed.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        vpc: ec2.IVpc,
        subnet_ids: Sequence[str],
        callers: Mapping[str, TierSecurityGroup],
        key: kms.IKey,
        readers: Sequence[str] = (),
        writers: Sequence[str] = (),
        path: str,
        max_capacity: int = 4,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        tier = TierSecurityGroup(self, "Tier", vpc=vpc, description="Endpoint of the vector collection")
        TierRules(self, "Rules", group_id=tier.group_id, callers=callers, port=_HTTPS, what="the vector collection")
        endpoint = aoss.CfnVpcEndpoint(
            self,
            "Endpoint",
            name=name,
            vpc_id=vpc.vpc_id,
            subnet_ids=list(subnet_ids),
            security_group_ids=[tier.group_id],
        )
        policies = self._policies(name, endpoint.attr_id, key.key_arn)
        group = aoss.CfnCollectionGroup(
            self,
            "Group",
            name=name,
            generation="NEXTGEN",
            standby_replicas="ENABLED",
            capacity_limits=aoss.CfnCollectionGroup.CapacityLimitsProperty(
                min_indexing_capacity_in_ocu=0,
                min_search_capacity_in_ocu=0,
                max_indexing_capacity_in_ocu=max_capacity,
                max_search_capacity_in_ocu=max_capacity,
            ),
        )
        collection = aoss.CfnCollection(
            self,
            "Collection",
            name=name,
            description="Embeddings of documents",
            type="VECTORSEARCH",
            standby_replicas="ENABLED",
            collection_group_name=group.name,
            deletion_protection="DISABLED" if removal_policy == RemovalPolicy.DESTROY else "ENABLED",
        )
        for each in (*policies, group):  # they are named by text, which tells CloudFormation no order
            collection.add_resource_dependency(each)
        collection.apply_removal_policy(removal_policy)
        group.apply_removal_policy(removal_policy)
        for construct_id_, roles, permissions in (("Readers", readers, _READ), ("Writers", writers, _WRITE)):
            if roles:
                self._let_in(construct_id_, name, roles, permissions)
        call = Statement(sid="CallCollection", actions=["aoss:APIAccessAll"], resources=[collection.attr_arn])
        access = VectorStoreAccess(self, "Access", path=path, read=[call], write=[call])
        self.read, self.write = access.read, access.write
        self.places: Mapping[str, str] = {
            "collection-arn": collection.attr_arn,
            "endpoint": collection.attr_collection_endpoint,
        }

    def _policies(self, name: str, endpoint_id: str, key_arn: str) -> list[aoss.CfnSecurityPolicy]:
        """Make the policies that must be there before the collection: its key, and the only way to it."""
        named = [{"ResourceType": "collection", "Resource": [f"collection/{name}"]}]
        encryption = {"Rules": named, "AWSOwnedKey": False, "KmsARN": key_arn}
        ways = [*named, {"ResourceType": "dashboard", "Resource": [f"collection/{name}"]}]
        network = [{"Rules": ways, "AllowFromPublic": False, "SourceVPCEs": [endpoint_id]}]
        return [
            aoss.CfnSecurityPolicy(self, "Encryption", name=name, type="encryption", policy=_text(encryption)),
            aoss.CfnSecurityPolicy(self, "Network", name=name, type="network", policy=_text(network)),
        ]

    def _let_in(self, construct_id: str, name: str, roles: Sequence[str], permissions: Sequence[str]) -> None:
        rules = [{"ResourceType": "index", "Resource": [f"index/{name}/*"], "Permission": list(permissions)}]
        aoss.CfnAccessPolicy(
            self,
            construct_id,
            name=f"{name[:24]}-{construct_id.lower()}",  # 32 characters at most
            type="data",
            policy=_text([{"Rules": rules, "Principal": list(roles)}]),
        )


def _text(policy: object) -> str:
    return json.dumps(policy, separators=(",", ":"))
