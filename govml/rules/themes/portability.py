"""Templates that belong to one account, region or partition where they need not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template
from govml.rules.values import split_arn

_REGION = re.compile(r"(?:us|eu|ap|sa|ca|me|af|il|mx)(?:-gov|-iso[a-z]?)?-[a-z]+-\d")
_OF_THE_DEPLOYMENT = re.compile(r"arn:\$\{[^}]*\}:[a-z0-9-]*:(?:\$\{[^}]*\})?:(?:\$\{[^}]*\})?:")
_ACCOUNT = re.compile(r"\d{12}")


@rule(
    "GovML-HardCodedPlace",
    ANY,
    title="ARNs take partition, region and account from the deployment",
    rationale="A literal account, region or partition breaks the next environment, or reaches into the wrong one.",
    severity="medium",
    controls=("CM-2", "CM-6"),
    public_sector_controls=("SD-8",),
)
def hard_coded_place(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look at every ARN in the resource; the accounts that the agency names in its own file may be written."""
    seen: set[str] = set()
    for arn in (text.value for text in resource.texts if text.value.startswith("arn:")):
        for part in _literal_parts(arn, options):
            if part not in seen:
                seen.add(part)
                yield f"an ARN holds the {part}: {arn[:120]}"


def _literal_parts(arn: str, options: Options) -> Iterator[str]:
    parts = None if _OF_THE_DEPLOYMENT.match(arn) else split_arn(arn)
    if parts is None:
        return
    _, partition, _, region, account, _ = parts
    if account in {*options.accounts, *options.log_accounts} and region in {"", *options.allowed_regions}:
        return  # of the agency: named in its own file
    if not partition.startswith("${") and partition != "*":
        yield f"partition {partition} (write ${{AWS::Partition}})"
    if _REGION.fullmatch(region):
        yield f"region {region} (write ${{AWS::Region}})"
    if _ACCOUNT.fullmatch(account):
        yield f"account {account} (write ${{AWS::AccountId}})"
