"""Illegal combinations are refused with their reason, and their legal neighbours are not."""

from collections.abc import Callable
from typing import Any

import pytest
from imported_network import imported, networks

from govml.settings import Settings
from govml.settings.rules.all_rules import RULES

FILTERED = {"internet": "filtered", "allowed_domains": ["pypi.org", ".example.org"]}
KEY = "arn:aws:kms:ap-southeast-1:012345678901:key/1234abcd-12ab-34cd-56ef-1234567890ab"
MONITOR = "arn:aws:ce::012345678901:anomalymonitor/1234abcd-12ab-34cd-56ef-1234567890ab"
TRUSTED: dict[str, Any] = {
    "data_scientist": ["Analyst"],
    "ml_engineer": ["Engineer"],
    "data_engineer": ["Engineer"],
    "approver": ["Boss"],
    "auditor": ["people/Auditor"],
}
WITHOUT_AUDITOR = {name: roles for name, roles in TRUSTED.items() if name != "auditor"}
ACCEPTED = {"acceptance": {"mape": {"max": 5}}}


def _endpoint(**endpoint: Any) -> dict[str, Any]:
    """An endpoint of the one use case, with somebody who approves its model."""
    return {"use_cases__resale__endpoint": endpoint, "use_cases__resale__release": {"approvers": ["Boss"]}}


MODELS = {"models": ["amazon.nova-lite-v1:0"]}
QUALITY = {"model_monitor": {"statistics": "monitor/statistics.json", "constraints": "monitor/constraints.json"}}
MONITORED = {"use_cases__resale__endpoint": {}, "use_cases__resale__monitoring": QUALITY}
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "region_is_allowed": ({"region": "eu-west-1"}, "region = eu-west-1: eu-west-1 is not in allowed_regions"),
    "named_resources_are_in_allowed_regions": (
        {"cicd__connection_arn": "arn:aws:codeconnections:us-east-1:012345678901:connection/" + "0" * 36},
        "us-east-1 is not in allowed_regions",
    ),
    "tags_are_not_reserved": ({"tags": {"gcc:team": "x"}}, "is reserved"),
    "entries_stand_once": (
        {"baseline__patch_operating_systems": ["WINDOWS", "WINDOWS"]},
        "baseline.patch_operating_systems.1 = WINDOWS: stands in the list already",
    ),
    "guardrail_stops_personal_data": (
        {"ai": {**MODELS, "pii": [], "patterns": []}},
        "ai.pii: is empty, and so is ai.patterns",
    ),
    "blocked_message_is_plain": ({"ai": {**MODELS, "blocked_message": "No, ${user}."}}, "holds ${"),
    "guardrail_entries_do_not_contradict": (
        {"ai": {**MODELS, "pii": [{"type": "EMAIL", "action": "BLOCK"}, {"type": "EMAIL", "action": "ANONYMIZE"}]}},
        "ai.pii.1: EMAIL has an entry already",
    ),
    "names_are_told_apart": (
        {"use_cases__re_sale": {**ACCEPTED, "definition": "pipeline_code/usecases/resale/definition.json"}},
        "use_cases.re_sale: differs from resale in underscores only",
    ),
    "log_shipping_is_complete": (
        {"observability__log_shipping": {"filter_name": "x"}},
        "names neither or both of delivery_stream and destination_arn",
    ),
    "log_shipping_role_is_of_the_account": (
        {"observability__log_shipping": {"delivery_stream": "logs", "role": "arn:aws:iam::012345678901:role/logs"}},
        "is a role of account 012345678901, which is not that of prod",
    ),
    "it_runs_beside_the_drift_engine": (
        {**MONITORED, "features__monitoring": False},
        "the drift engine does not look at this use case",
    ),
    "it_looks_at_captured_requests": (
        {**MONITORED, "use_cases__resale__endpoint": {"kind": "asynchronous"}},
        "captures no data when kind is asynchronous: there is nothing to look at",
    ),
    "its_files_stay": (
        {**MONITORED, "use_cases__resale__monitoring__model_monitor__statistics": "capture/statistics.json"},
        "files below capture/ are deleted when they are old",
    ),
    "its_jobs_have_instances_and_an_image": (
        {**MONITORED, "use_cases__resale__monitoring__model_monitor__instance_type": "ml.inf2.xlarge"},
        "ml.inf2.xlarge runs no processing job",
    ),
    "grafana_needs_sign_in": ({"features__managed_grafana": True}, "neither Identity Center nor SAML is configured"),
    "overview_stands_in_an_environment": (
        {
            "observability__agency_overview": {
                "environment": "prod",
                "sink_arn": "arn:aws:oam:ap-southeast-1:999999999999:sink/" + "0" * 36,
            }
        },
        "is not of account 112345678901",
    ),
    "saml_is_whole": (
        {"observability__grafana": {"environment": "prod", "authentication": "saml"}},
        "no identity provider is named",
    ),
    "grafana_stands_in_an_environment": (
        {"observability__grafana": {"environment": "uat", "authentication": "identity-center"}},
        "there is no environment uat",
    ),
    "production_is_retained": ({"environments__prod__removal": "destroy"}, "would delete production data"),
    "environments_do_not_overlap": ({"environments__prod__cidr": "10.0.2.0/24"}, "overlaps 10.0.0.0/22 of dev"),
    "environments_avoid_reserved_networks": ({"network__reserved_cidrs": ["10.0.0.0/16"]}, "network.reserved_cidrs"),
    "environments_match_the_mode": ({"environments__prod__cidr": None}, "is missing: network.mode is create"),
    "imported_zones_are_as_many_as_said": (
        imported(network__availability_zones=3),
        "the subnets are in 2 zones, and network.availability_zones is 3",
    ),
    "imported_subnets_do_not_overlap": (
        imported(subnets__1__cidr="10.8.0.32/27"),
        "10.8.0.32/27 of subnet-00000000000000081 overlaps 10.8.0.0/26 of subnet-00000000000000080",
    ),
    "s3_is_reached_one_way": (
        imported(route_table_ids=["rtb-0123456789abcdef0"]),
        "s3_prefix_list_id: is missing: route_table_ids give S3 a gateway endpoint",
    ),
    "reused_endpoints_can_be_reached": (
        imported(endpoints={"kms": "vpce-0123456789abcdef0"}),
        "nothing says where they stand",
    ),
    "hosted_zones_are_used": (
        imported(hosted_zones={"kms": {"id": "Z0123", "name": "kms.ap-southeast-1.amazonaws.com"}}),
        "would clash: with network.private_dns the endpoints answer under these names",
    ),
    "way_out_is_filtered_and_allowed": ({"network__internet": "filtered"}, "allowed_domains: is missing"),
    "confidential_data_has_no_way_out": (
        {"network": FILTERED, "data_classification": "confidential"},
        "filtered is refused with data_classification confidential",
    ),
    "plan_fits": (
        {"environments__dev__cidr": "10.0.0.0/24", "network__capacity": {"builds": 120}},
        "leaves 123 addresses, and the plan needs 142: builds 120, interface endpoints 16",
    ),
    "schedule_needs_pipeline": ({"features__training_pipeline": False}, "there is nothing to start"),
    "telemetry_needs_endpoints": (
        {"features__endpoints": False, "features__release": False, "features__tracing": True},
        "no model is served whose traces there would be",
    ),
    "pipeline_needs_tracking": ({"features__experiment_tracking": False}, "records its runs there"),
    "pipeline_needs_use_cases": ({"use_cases": {}}, "there is no use case to train"),
    "ingestion_needs_catalogue": ({"features__catalogue": False}, "curated tables have no place to be named"),
    "catalogue_is_needed_by": (
        {"features__catalogue": False, "features__ingestion": False, "features__lake_formation": True},
        "lake_formation is on, but catalogue is off",
    ),
    "fetching_needs_a_way_out": (
        {"data__sources": {"alpha": {"fetch": "rate(1 day)"}}},
        "there is no way to the publisher",
    ),
    "warehouse_needs_three_zones": ({"features__warehouse": True}, "Redshift Serverless needs 3"),
    "vectors_fit_the_store": (
        {
            "features__vector_store": True,
            "data__vector_store": {"kind": "aurora-pgvector", "dimensions": 2001},
        },
        "up to 2000 long, not 2001",
    ),
    "pipelines_have_names_of_their_own": (
        {"use_cases": {"alpha": ACCEPTED, "ingest_alpha": ACCEPTED}},
        "the name of the one that takes in the data source alpha",
    ),
    "ai_service_needs_models": ({"features__ai_service": True}, "no foundation model is named"),
    "cicd_needs_source": ({"cicd": None}, "no repository is named"),
    "canary_needs_release": (
        {"features__synthetic_canary": True, "features__release": False},
        "synthetic_canary is on, but release is off",
    ),
    "chat_is_of_one_kind": (
        {"observability__chat": {"ops": {"severity": "page"}}},
        "neither or both of slack and teams",
    ),
    "chat_stays_below_confidential": (
        {
            "data_classification": "confidential",
            "observability__chat": {"ops": {"slack": {"workspace_id": "T01", "channel_id": "C01"}}},
        },
        "would go to the servers of a chat",
    ),
    "route_key_is_whole": (
        {
            "observability__alert_routes": {
                "desk": {"url": "https://desk.example.gov.sg/api", "header": "Authorization"}
            }
        },
        "names one of header and secret without the other",
    ),
    "class_allows_removal": (
        {"data_classification": "confidential", "environments__dev__removal": "destroy"},
        "destroy is refused for confidential data",
    ),
    "class_decides_log_retention": ({"observability__log_retention_days": 365}, "at least 400 days, not 365"),
    "personas_need_trust": ({"features__personas": True}, "nobody may take the roles"),
    "every_persona_is_trusted_by_somebody": (
        {
            "features__personas": True,
            "iam__personas": {"trusted_roles": WITHOUT_AUDITOR},
        },
        "nobody may take auditor",
    ),
    "approver_is_somebody_else": (
        {"iam__personas": {"trusted_roles": {**TRUSTED, "approver": ["Boss", "Engineer"]}}},
        "Engineer may be both approver and ml_engineer",
    ),
    "imports_are_of_the_environment": (
        {"environments__dev__imported": {"keys": {"data": KEY.replace("012345678901", "999999999999")}}},
        "is of account 999999999999, not 012345678901",
    ),
    "buckets_are_imported_once": (
        {"environments__dev__imported": {"buckets": {"raw": "our-data", "curated": "our-data"}}},
        "our-data is zone raw of dev already",
    ),
    "budgets_name_what_exists": ({"budget": {"use_cases": {"gamma": 5}}}, "there is no such entry under use_cases"),
    "use_case_budgets_fit_their_environment": (
        {"budget": {"monthly_usd": 100, "environments": {"prod": 500}, "use_cases": {"resale": 200}}},
        "200 US dollars are more than the 100 of the whole environment dev",
    ),
    "monitors_are_of_their_account": (
        {"budget": {"anomalies": {"impact_usd": 50, "monitors": {"dev": MONITOR.replace("012345678901", "9" * 12)}}}},
        "is not of account 012345678901",
    ),
    "domains_have_their_own_keys": (
        {"environments__dev__imported": {"keys": {"data": KEY, "ml": KEY}}},
        "is the key of data too",
    ),
    "serverless_is_for_open_data": (_endpoint(kind="serverless"), "which restricted data may not leave"),
    "capture_is_of_real_time_endpoints": (
        _endpoint(kind="asynchronous", capture_percent=5),
        "SageMaker captures no data when kind is asynchronous",
    ),
    "keys_belong_to_the_kind": (_endpoint(memory_mb=1024), "is not used when kind is real-time"),
    "endpoints_have_instances": (_endpoint(instances=0), "a real-time endpoint cannot scale to zero"),
    "instances_host_endpoints": (_endpoint(instance_type="ml.t3.medium"), "ml.t3.medium hosts no endpoint"),
    "rollouts_have_instances_to_split": (
        _endpoint(instances=1, rollout={"kind": "canary"}),
        "canary moves a share of the instances, and there may be only 1",
    ),
    "challengers_fit_the_endpoint": (
        _endpoint(challenger={"kind": "ab"}, rollout={"kind": "linear"}),
        "an A/B test changes the endpoint's variants",
    ),
    "rollouts_end_in_time": (
        _endpoint(instances=10, rollout={"kind": "linear", "percent": 10, "bake_minutes": 60}),
        "the rollout would wait 660 minutes; SageMaker gives up after 450",
    ),
    "release_needs_endpoints": ({"features__endpoints": False}, "release is on, but endpoints is off"),
    "endpoints_get_a_model": (
        {**_endpoint(), "features__release": False},
        "release is off and no model is named: nothing would ever be served",
    ),
    "models_are_served": ({"use_cases__resale__model": "build/model.tar.gz"}, "the use case has no endpoint"),
    "transforms_have_instances": (
        {**_endpoint(), "use_cases__resale__batch": {"instance_type": "ml.c6g.large"}},
        "ml.c6g.large runs no batch transform",
    ),
    "promotion_comes_from_an_environment": (
        {"use_cases__resale__release": {"promote_from": "uat"}},
        "there is no environment uat",
    ),
    "shared_keys_are_of_the_environment": (
        {
            "environments__dev__shared": {
                "artifacts_bucket": "artifacts",
                "evidence_bucket": "evidence",
                "ml_key": KEY,
                "logs_key": KEY.replace("012345678901", "999999999999"),
            }
        },
        "is a key of account 999999999999",
    ),
    "approvers_do_not_deploy": (
        {"iam__deployment_roles": ["Boss"], "use_cases__resale__release": {"approvers": ["Boss"]}},
        "Boss deploys the stacks (iam.deployment_roles): whoever deploys does not approve",
    ),
    "releases_have_an_approver": ({"use_cases__resale__endpoint": {}}, "no role may approve"),
}
MORE: list[tuple[dict[str, Any], str]] = [
    (
        {"environments__dev__network_import": networks()["dev"]},
        "network_import: would be ignored: network.mode is create",
    ),
    ({"budget": {"environments": {"uat": 5}}}, "there is no such entry under environments"),
    (
        {"budget": {"anomalies": {"impact_usd": 50, "monitors": {"uat": MONITOR}}}},
        "there is no such environment",
    ),
    (imported(environments__dev__cidr="10.7.0.0/24"), "would be ignored: network.mode is import"),
    ({"network__mode": "import"}, "network_import: is missing: network.mode is import"),
    (imported(subnets__1__zone="ap-southeast-1a"), "2 subnets are in ap-southeast-1a"),
    (imported(subnets__1__zone="eu-west-1a"), "eu-west-1a is not in ap-southeast-1"),
    (imported(subnets__1__id="subnet-00000000000000080"), "subnet-00000000000000080 stands twice"),
    (imported(subnets__1__cidr="10.9.0.64/26"), "10.9.0.64/26 overlaps 10.9.0.64/26 of dev"),
    (imported(network__reserved_cidrs=["10.8.0.0/24"]), "overlaps 10.8.0.0/24 of network.reserved_cidrs"),
    (imported(s3_prefix_list_id="pl-6fa54006"), "s3_prefix_list_id = pl-6fa54006: would be ignored"),
    (
        imported(route_table_ids=["rtb-01234567"], s3_prefix_list_id="pl-6fa54006", endpoints={"s3": "vpce-01234567"}),
        "endpoints.s3 = vpce-01234567: is reused, and route_table_ids would make another",
    ),
    (
        imported(
            network__private_dns=False,
            endpoints={"kms": "vpce-01234567"},
            endpoint_cidrs=["10.70.0.0/24"],
            hosted_zones={"kms": {"id": "Z0123", "name": "kms.ap-southeast-1.amazonaws.com"}},
        ),
        "hosted_zones.kms: has no new interface endpoint to point to",
    ),
    ({"network__allowed_domains": ["pypi.org"]}, "would be ignored: network.internet is none"),
    ({"network": {**FILTERED, "internet_tiers": ["studio"]}}, "studio may use the way out, but features.studio is off"),
    (imported(network__internet="filtered", network__allowed_domains=["pypi.org"]), "the way out of an imported one"),
    (
        imported(subnets__1__cidr="10.8.0.64/28"),
        "the isolated subnet 10.8.0.64/28 (ap-southeast-1b) leaves 11 addresses",
    ),
    (imported(subnets__1__cidr="10.8.0.64/28"), "a subnet of /27 holds it"),
]
STREAM = {"delivery_stream": "central-logs"}
DESTINATION = "arn:aws:logs:ap-southeast-1:999999999999:destination:central-logs"
LEGAL: list[dict[str, Any]] = [
    {"budget": {"monthly_usd": 500, "environments": {"prod": 900.5}, "use_cases": {"resale": 500}}},
    {"budget": {"use_cases": {"resale": 20}}},
    {"budget": {"anomalies": {"impact_usd": 50, "monitors": {"dev": MONITOR}}}},
    {"budget": {"sgd_per_usd": 1.3, "service_fee_percent": 0}},
    {"cicd__connection_arn": "arn:aws:codeconnections:ap-southeast-1:012345678901:connection/" + "0" * 36},
    {"observability__log_shipping": STREAM},
    {"observability__log_shipping": {**STREAM, "role": "central-logs-writer", "filter_pattern": "{ $.level = * }"}},
    {"observability__log_shipping": {**STREAM, "role": "central/logs/writer"}},
    {
        "environments__prod__account": "012345678901",
        "observability__log_shipping": {**STREAM, "role": "arn:aws:iam::012345678901:role/central/writer"},
    },
    {"observability__log_shipping": {"destination_arn": DESTINATION}},
    {"observability__log_shipping": None},
    {"tags": {"System-Name": "x"}},
    {"features__gcc_baseline": True, "baseline": {"patch_operating_systems": ["WINDOWS"], "patch_approval_days": 0}},
    {"region": "eu-west-1", "allowed_regions": ["eu-west-1"]},
    {"environments__dev__removal": "destroy"},
    {"network__reserved_cidrs": ["10.0.8.0/22", "100.64.0.0/10"]},
    {"features__training_pipeline": False, "features__pipeline_schedule": False, "use_cases": {}},
    {"features__pipeline_schedule": False},
    {"maturity": "stage1", "use_cases": {}, "cicd": None},
    {"features__cicd": False, "cicd": None},
    imported(),
    imported(network__private_dns=False),
    imported(endpoints={"kms": "vpce-01234567"}, endpoint_cidrs=["100.64.0.0/24"]),
    imported(endpoints={"kms": "vpce-01234567"}, security_groups={"endpoints": "sg-01234567"}),
    imported(
        endpoints={"kms": "vpce-01234567"},
        security_groups={"jobs": "sg-01234567", "studio": "sg-01234567", "builds": "sg-01234567"},
    ),
    imported(endpoints={"s3": "vpce-01234567"}, s3_prefix_list_id="pl-6fa54006"),
    imported(route_table_ids=["rtb-01234567"], s3_prefix_list_id="pl-6fa54006"),
    {"network": FILTERED},
    {"network": FILTERED, "data_classification": "official-closed", "environments__dev__cidr": "10.0.0.0/24"},
    {"environments__dev__cidr": "10.0.0.0/24", "network__capacity": {"builds": 100}},
    {"maturity": "stage3", "ai": {"models": ["amazon.nova-lite-v1:0"]}},
    {"data_classification": "official-open", "observability__log_retention_days": 365},
    {"data_classification": "confidential"},
    {
        "features__managed_grafana": True,
        "observability__grafana": {"environment": "prod", "authentication": "identity-center"},
    },
    {"features__personas": True, "iam__personas": {"identity_provider": "agency-sso"}},
    {"features__personas": True, "iam__personas": {"trusted_roles": TRUSTED}, "iam__organization_id": "o-abcdefghij"},
    {
        "environments__dev__imported": {
            "roles": {"MlPlatform/TrackingRole": "arn:aws:iam::012345678901:role/path/Tracking"},
            "keys": {"data": KEY},
            "buckets": {"raw": "our-data"},
        }
    },
]


def test_every_rule_has_a_case() -> None:
    assert {rule.check.__name__ for rule in RULES} == set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_refuses_with_its_reason(refusal: Callable[[str], str], changed: Callable[..., str], name: str) -> None:
    change, fragment = BROKEN[name]
    text = refusal(changed(**change))
    assert fragment in text
    assert "hint:" in text


@pytest.mark.parametrize(("change", "fragment"), MORE, ids=[fragment[:50] for _, fragment in MORE])
def test_each_side_of_a_network_rule_refuses(
    refusal: Callable[[str], str], changed: Callable[..., str], change: dict[str, Any], fragment: str
) -> None:
    text = refusal(changed(**change))
    assert fragment in text
    assert "hint:" in text


@pytest.mark.parametrize("change", LEGAL, ids=str)
def test_the_legal_neighbours_are_accepted(
    load: Callable[[str], Settings], changed: Callable[..., str], change: dict[str, Any]
) -> None:
    load(changed(**change))


def test_one_receiver_of_logs_and_a_role_only_where_it_is_used(
    refusal: Callable[[str], str], changed: Callable[..., str]
) -> None:
    both = refusal(changed(observability__log_shipping={**STREAM, "destination_arn": DESTINATION}))
    assert "names neither or both" in both
    role = refusal(changed(observability__log_shipping={"destination_arn": DESTINATION, "role": "writer"}))
    assert "log_shipping.role = writer: a destination in another account is reached without a role" in role


def test_a_destination_is_in_the_region_of_the_log_groups(
    refusal: Callable[[str], str], changed: Callable[..., str]
) -> None:
    abroad = DESTINATION.replace("ap-southeast-1", "us-east-1")
    text = refusal(changed(observability__log_shipping={"destination_arn": abroad}))
    assert "us-east-1 is not in allowed_regions" in text
    allowed = changed(
        observability__log_shipping={"destination_arn": abroad}, allowed_regions=["ap-southeast-1", "us-east-1"]
    )
    assert "must be in the region of the log groups" in refusal(allowed)
