"""The promotion contracts of an agency file: one for each pair of environments between which models are promoted."""

from __future__ import annotations

from govml.settings import Names, Settings
from govml.settings.promotion import promoted_use_cases
from govml_constructs.release.promotion_contract import PromotionContract, Side


def promoter_arn(settings: Settings, environment: str) -> str:
    """Return the ARN of the role that promotes into an environment: its name is fixed, its account is the file's.

    Raises:
        UserError: the file has no such environment.
    """
    imported = settings.environment(environment).imported.roles.get(PROMOTER_PLACE)
    name = f"{settings.iam.role_path}{Names(settings.agency, environment).promoter_role()}".removeprefix("/")
    return imported or f"arn:aws:iam::{settings.environment(environment).account}:role/{name}"


def contract(settings: Settings, source: str, target: str) -> PromotionContract | None:
    """Return the contract of two environments, or None where nothing is promoted from one to the other.

    Raises:
        UserError: the file has no such environment.
    """
    use_cases = {str(name): found for name, found in promoted_use_cases(settings, target).items()}.get(source)
    if not use_cases:
        return None
    theirs = Names(settings.agency, source)
    return PromotionContract(
        source=side_of(settings, source),
        target=side_of(settings, target),
        groups={theirs.slug(name): theirs.model_package_group(name) for name in use_cases},
        promoter=promoter_arn(settings, target),
        # Who serves has a role whose name CloudFormation makes up, and the tag of its use case.
        servers=[
            f"arn:aws:iam::{settings.environment(target).account}:role{settings.iam.role_path}"
            f"{Names(settings.agency, target).prefix}-*"
        ],
        organization_id=settings.iam.organization_id,
    )


def contracts_from(settings: Settings, source: str) -> list[PromotionContract]:
    """Return the contracts by which others take models from an environment."""
    found = [contract(settings, source, target) for target in settings.environments]
    return [each for each in found if each is not None]


def contracts_to(settings: Settings, target: str) -> list[PromotionContract]:
    """Return the contracts by which an environment takes models from others."""
    found = [contract(settings, source, target) for source in settings.environments]
    return [each for each in found if each is not None]


def promotes(settings: Settings, environment: str) -> bool:
    """Return whether models go from or to an environment: it then has a promoter, who also checks what is deployed."""
    return bool(contracts_to(settings, environment) or contracts_from(settings, environment))


PROMOTER_PLACE = "Promotion/Promoter"
"""Where the promoter's role stands, by which an existing role is imported."""


def side_of(settings: Settings, environment: str) -> Side:
    """Return an environment as one side of a contract.

    Raises:
        UserError: the file has no such environment.
    """
    names = Names(settings.agency, environment)
    return Side("aws", settings.region, settings.environment(environment).account, names.prefix)
