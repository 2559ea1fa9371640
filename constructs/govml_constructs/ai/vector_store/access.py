"""`VectorStore`: what every kind of store offers to those who use it, whatever it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.place import PlacedConstruct


class VectorStore(Protocol):
    """One private, encrypted store of embeddings.

    `read` is for whoever searches, `write` for whoever brings documents in; a role gets one of them or both. `places` is
    what a client needs to find the store: a name such as `index-arn` and its value.
    """

    read: CustomerPolicy
    write: CustomerPolicy
    places: Mapping[str, str]


class VectorStoreAccess(PlacedConstruct):
    """The two policies of a store. They are attached to nobody here.

    Args:
        path: IAM path.
        read: what searching takes.
        write: what bringing in and taking out takes.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, path: str, read: Sequence[Statement], write: Sequence[Statement]
    ) -> None:
        super().__init__(scope, construct_id)
        self.read = CustomerPolicy(self, "Read", description="Search the vector store", path=path, statements=read)
        self.write = CustomerPolicy(self, "Write", description="Write to the vector store", path=path, statements=write)
