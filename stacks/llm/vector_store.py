"""VectorStore: where embeddings are kept, of the kind that the agency file names. Duty: data engineer."""

from __future__ import annotations

from constructs import Construct

from govml.identity.people import People
from govml_constructs.ai.vector_store.access import VectorStore
from govml_constructs.ai.vector_store.vector_index import VectorIndex
from govml_constructs.pascal import pascal
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack


class VectorStoreStack(EnvironmentStack):
    """The store, the policies of who searches and who writes, and where clients find it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        network: NetworkStack,
        people: People,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="Store of embeddings (data engineer)")
        names, kind = context.names, context.settings.data.vector_store.kind
        make = {"s3vectors": self._index, "aurora-pgvector": self._database, "opensearch": self._collection}[kind]
        self.store: VectorStore = make(security, network, people)
        self.publish("KindParameter", names.vector_store("kind"), kind)
        self.publish("ReadParameter", names.vector_store("read-policy"), self.store.read.arn)
        self.publish("WriteParameter", names.vector_store("write-policy"), self.store.write.arn)
        for name, value in self.store.places.items():
            self.publish(f"{pascal(name)}Parameter", names.vector_store(name), value)

    def _index(self, security: SecurityStack, _: NetworkStack, __: People) -> VectorStore:
        settings, context = self.context.settings.data.vector_store, self.context
        return VectorIndex(
            self,
            "Store",
            dimensions=settings.dimensions,
            distance=settings.distance,
            key=security.data_key,
            path=context.role_rules.path,
            removal_policy=context.removal_policy,
        )

    def _database(self, security: SecurityStack, network: NetworkStack, _: People) -> VectorStore:
        from govml_constructs.ai.vector_store.vector_database import VectorDatabase  # brings 3 MB of RDS with it

        context = self.context
        return VectorDatabase(
            self,
            "Store",
            name=context.names.resource("vectors"),
            vpc=network.vpc,
            subnet_ids=network.subnet_ids,
            callers={"Jobs": network.job_tier},
            key=security.data_key,
            logs_key=security.logs_key,
            retention_days=context.settings.observability.log_retention_days,
            subscription=security.log_subscription,
            path=context.role_rules.path,
            removal_policy=context.removal_policy,
        )

    def _collection(self, security: SecurityStack, network: NetworkStack, people: People) -> VectorStore:
        from govml_constructs.ai.vector_store.vector_collection import VectorCollection  # only where it is chosen

        context = self.context
        return VectorCollection(
            self,
            "Store",
            name=context.names.resource("vectors"),
            vpc=network.vpc,
            subnet_ids=network.subnet_ids,
            callers={"Jobs": network.job_tier},
            key=security.data_key,
            writers=[arn for name, arn in people.role_arns.items() if name == "data_engineer"],
            path=context.role_rules.path,
            removal_policy=context.removal_policy,
        )
