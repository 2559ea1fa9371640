"""Alarms, dashboards, saved queries and alerts of events."""

from __future__ import annotations

from cfn_templates import ACCOUNT, REGION

from bench.ground import Ground
from bench.names import IMPORTED_VPC, RULES, SLUG
from govml_constructs.canary.endpoint_canary import CanaryTarget, EndpointCanary
from govml_constructs.functions.private_function import PrivatePlace
from govml_constructs.monitoring.account_links import ObservabilityLink, ObservabilitySink
from govml_constructs.monitoring.alarm_set import AlarmRule, AlarmSet
from govml_constructs.monitoring.authenticated_route import AuthenticatedRoute
from govml_constructs.monitoring.burn_rate_alarms import BurnRateAlarms, BurnRule
from govml_constructs.monitoring.chat_route import ChatRoute, SlackChannel, TeamsChannel
from govml_constructs.monitoring.event_alert import EventAlert
from govml_constructs.monitoring.overview_dashboard import Graph, OverviewDashboard
from govml_constructs.monitoring.page_topic import PageTopic
from govml_constructs.monitoring.saved_queries import SavedQueries, SavedQuery
from govml_constructs.monitoring.usual_band_alarm import UsualBandAlarm

_SINK = f"arn:aws:oam:{REGION}:{ACCOUNT}:sink/01234567-89ab-cdef-0123-456789abcdef"


def add_monitoring(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    rules = [
        AlarmRule(
            "Failed",
            "A run failed.",
            "AWS/Test",
            "Failures",
            {"Name": "a"},
            severity="page",
            owner="ML engineer",
            runbook="docs/operations/pipeline-failed.md",
        ),
        AlarmRule(
            "Slow",
            "p99 is high.",
            "AWS/Test",
            "Latency",
            statistic="p99",
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/endpoint.md",
        ),
    ]
    add(
        AuthenticatedRoute(
            stack,
            "ToDesk",
            name="bench-desk",
            prefix="bench",
            url="https://desk.example.gov.sg/api/alarms",
            header="Authorization",
            secret="agency/service-desk",
            pages_only=True,
            dead_letters=bench.queue,
            rules=RULES,
        )
    )
    pages = add(PageTopic(stack, "Pages", prefix="bench", key=bench.logs_key, dead_letters=bench.queue))
    team = TeamsChannel(
        "01234567-89ab-cdef-0123-456789abcdef", "11234567-89ab-cdef-0123-456789abcdef", "19%3Aabc%40thread.tacv2"
    )
    for construct_id, channel, topic in (
        ("ToSlack", SlackChannel("T0123ABCDE", "C0123ABCDE"), bench.topic),
        ("ToTeams", team, pages.topic),
    ):
        add(ChatRoute(stack, construct_id, name=construct_id.lower(), channel=channel, topic=topic, rules=RULES))
    add(
        EndpointCanary(
            stack,
            "Canary",
            targets=[CanaryTarget(f"bench-dev-{SLUG}", "live", SLUG, 1500)],
            archive=bench.folder / "function",
            artifacts="bench-artifacts",
            keys=[f"{SLUG}/released/live.json"],
            data_key=bench.key,
            where=PrivatePlace(
                IMPORTED_VPC, ["subnet-0123456789abcdef0"], "sg-0123456789abcdef0", bench.function_network
            ),
            log_group=bench.log,
            key=bench.logs_key,
            alerts=bench.topic,
            rules=RULES,
        )
    )
    alarms = add(AlarmSet(stack, "Alarms", name_prefix="bench", rules=rules, topic=bench.topic))
    add(
        EventAlert(
            stack,
            "FailedRuns",
            description="A run failed",
            pattern={"source": ["aws.sagemaker"]},
            message="run <run> failed",
            fields={"run": "$.detail.run"},
            topic=bench.topic,
            dead_letters=bench.queue,
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/pipeline-failed.md",
        )
    )
    promises = [
        BurnRule("AvailabilityBurns6x", "Too many fail.", 0.03, 360, 30, None, "page"),
        BurnRule("LatencyBurns3x", "Too many are slow.", 0.03, 1440, 120, 500, "ticket"),
    ]
    add(
        BurnRateAlarms(
            stack,
            "Promises",
            endpoint="bench-serve",
            variant="live",
            rules=promises,
            owner="ML engineer",
            runbook="docs/operations/service-level.md",
            topic=bench.topic,
            condition=None,
        )
    )
    add(
        UsualBandAlarm(
            stack,
            "Traffic",
            name="bench-serve-UnusualTraffic",
            description="Unusual traffic.",
            namespace="AWS/SageMaker",
            metric="Invocations",
            dimensions={"EndpointName": "bench-serve"},
            width=4,
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/endpoint.md",
            topic=bench.topic,
            condition=None,
        )
    )
    add(ObservabilitySink(stack, "Sink", name="bench-agency", accounts=["210987654321"]))
    add(ObservabilityLink(stack, "Link", sink_arn=_SINK, label="bench-dev"))
    search = SavedQuery("Errors", "Errors", ["/aws/bench"], ["fields @message", "filter @message like /error/"])
    add(SavedQueries(stack, "Queries", folder="bench", queries=[search]))
    graphs = [Graph(title=f"Graph {number}", metrics=[["AWS/Test", "Failures"]]) for number in range(3)]
    add(
        OverviewDashboard(
            stack, "Overview", name="bench-overview", heading="# Bench", alarm_arns=alarms.alarm_arns, graphs=graphs
        )
    )
