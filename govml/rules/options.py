"""What a rule must know of the landing zone, because no template says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """The agency's own demands. The defaults judge a template of which nothing else is known.

    Args:
        permissions_boundary: name of the policy that must bound every role; None: none is asked for.
        log_subscription: whether every log group must be forwarded to a central stream.
        allowed_regions: regions that the agency may use.
        accounts: accounts that belong to the agency, besides the template's own.
        log_accounts: accounts that receive logs: an ARN may name them, and nothing trusts them.
        organization_id: the AWS organisation whose accounts may be trusted, such as `o-a1b2c3d4e5`.
        deletable: environments that may be deleted with their data, because both keys of theirs say so, such as `sandbox-dev`.
        log_retention_days: the least number of days that logs are kept (public-sector control LM-8: 12 months).
        reserved_tags: prefixes of tags that belong to the landing zone.
        cross_region_models: whether calls to foundation models may leave the region.
        model_monitor: whether the account is known to have SageMaker Model Monitor, which is closed to new customers.
    """

    permissions_boundary: str | None = None
    log_subscription: bool = False
    allowed_regions: tuple[str, ...] = ("ap-southeast-1",)
    accounts: tuple[str, ...] = ()
    log_accounts: tuple[str, ...] = ()
    organization_id: str | None = None
    deletable: tuple[str, ...] = ()
    log_retention_days: int = 365
    reserved_tags: tuple[str, ...] = ("gcc:", "aws:")
    cross_region_models: bool = False
    model_monitor: bool = False

    def may_delete(self, template: str) -> bool:
        """Return whether a template, by its path in a cloud assembly, is of an environment that may go with its data."""
        return any(f"assembly-{each}/" in template for each in self.deletable)
