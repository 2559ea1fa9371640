"""Athena: results are encrypted, and users cannot choose otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import key_problem, later, own_key, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, get

_KMS_RESULTS = frozenset({"SSE_KMS", "CSE_KMS"})


@rule(
    "GovML-AthenaResults",
    "AWS::Athena::WorkGroup",
    title="Athena encrypts its results with a key of the agency, and users cannot choose otherwise",
    rationale="A result is a copy of the rows it was asked for, in a bucket that outlives the question.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12", "CM-6"),
    public_sector_controls=("DP-2", "CK-1"),
    source='Athena user guide, "Encrypt query results", "Override client-side settings"',
)
def athena_results(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at the results that Athena manages, or those in a bucket; enforcement and metrics are on by default."""
    config = resource.get("WorkGroupConfiguration")
    if config is None and resource.get("WorkGroupConfigurationUpdates") is not None:
        config = resource.get("WorkGroupConfigurationUpdates")
    if false(get(config, "EnforceWorkGroupConfiguration")):
        yield "EnforceWorkGroupConfiguration is false: users may write results elsewhere, in the clear"
    if false(get(config, "PublishCloudWatchMetricsEnabled")):
        yield "PublishCloudWatchMetricsEnabled is false: nobody sees what is asked"
    managed = get(config, "ManagedQueryResultsConfiguration")
    if switched_on(get(managed, "Enabled")) and managed is not None:
        key = get(managed, "EncryptionConfiguration", "KmsKey")
        if not own_key(key):
            yield f"ManagedQueryResultsConfiguration.EncryptionConfiguration.KmsKey {key_problem(key)}"
        return
    result = get(config, "ResultConfiguration") or get(config, "ResultConfigurationUpdates")
    encryption = get(result, "EncryptionConfiguration")
    option = get(encryption, "EncryptionOption")
    if str(option) not in _KMS_RESULTS and not (option is not None and later(option)):
        yield f"ResultConfiguration.EncryptionConfiguration.EncryptionOption is {option or 'not set'}: set SSE_KMS"
    elif not own_key(get(encryption, "KmsKey")):
        yield f"ResultConfiguration.EncryptionConfiguration.KmsKey {key_problem(get(encryption, 'KmsKey'))}"
