"""Tells MiniStack's router what the gateway serves besides MiniStack's own services."""

from __future__ import annotations

from collections.abc import Container

from ministack.core import router


def install(served: Container[str]) -> None:
    """Route a request that is signed for a served name to that name at once.

    For a name that it does not know, the router parses the models of all of botocore's four hundred services, to learn
    whether AWS has it: more work than everything else that the emulator does in a deployment. It still does so for names
    that nobody here serves.

    Args:
        served: signing names that the gateway has a handler for.
    """
    in_catalogue = router._is_aws_service_name

    def is_service(scope_name: str) -> bool:
        return scope_name in served or in_catalogue(scope_name)

    router._is_aws_service_name = is_service
