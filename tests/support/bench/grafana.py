"""Managed Grafana, and the function that publishes its dashboards."""

from __future__ import annotations

from bench.ground import Ground
from bench.names import RULES
from govml_constructs.functions.private_function import PrivatePlace
from govml_constructs.grafana.publisher import DashboardPublisher
from govml_constructs.grafana.workspace import GrafanaWorkspace, Saml, WorkspaceNetwork
from govml_constructs.place import place_of


def add_grafana(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    saml = Saml("https://sso.example.gov.sg/metadata.xml", ["admins"], ["leads"], "role", "mail", "mail", "cn", 480)
    workspace = add(
        GrafanaWorkspace(
            stack,
            "Grafana",
            name="bench-grafana",
            version="10.4",
            saml=saml,
            network=WorkspaceNetwork(
                bench.subnet_ids, bench.group_id, "vpce-0123456789abcdef0", ["pl-0123456789abcdef0"]
            ),
            prometheus_arns=[place_of(stack).arn("aps", "workspace/ws-1")],
            traces=True,
            rules=RULES,
        )
    )
    code = bench.folder / "publishing"
    code.mkdir()
    (code / "handler.py").write_text("")
    add(
        DashboardPublisher(
            stack,
            "Publisher",
            archive=code,
            workspace=workspace,
            sources="[]",
            where=PrivatePlace("vpc-0123456789abcdef0", bench.subnet_ids, bench.group_id, bench.function_network),
            log_group=bench.log,
            key=bench.logs_key,
            alerts=bench.topic,
            rules=RULES,
        )
    )
