"""A network of its own, a given one, and the way out through a firewall."""

from __future__ import annotations

from cfn_templates import REGION

from bench.ground import Ground
from bench.names import IMPORTED_VPC, ORGANIZATION, RULES
from govml_constructs.account_setting import AccountSetting
from govml_constructs.functions.function_network import FunctionNetworkPolicy
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.network.domain_firewall import FirewallLogs
from govml_constructs.network.endpoint_records import EndpointRecords, HostedZone
from govml_constructs.network.filtered_egress import EgressZone, FilteredEgress
from govml_constructs.network.imported_vpc import ImportedVpc
from govml_constructs.network.isolated_vpc import IsolatedVpc
from govml_constructs.network.private_endpoints import PrivateEndpoints
from govml_constructs.network.public_addresses import PublicAddresses
from govml_constructs.network.s3_gateway_endpoint import S3GatewayEndpoint
from govml_constructs.network.tier_security_group import TierSecurityGroup
from govml_constructs.validation.acknowledgement import acknowledge


def add_network(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    network = add(
        IsolatedVpc(stack, "Network", name="bench", cidr="10.9.0.0/22", zone_count=2, flow_logs=bench.log, rules=RULES)
    )
    bench.vpc, bench.subnet_ids = network.vpc, network.subnet_ids
    endpoints = add(TierSecurityGroup(stack, "EndpointTier", vpc=bench.vpc, description="endpoints"))
    jobs = add(TierSecurityGroup(stack, "JobTier", vpc=bench.vpc, description="jobs"))
    jobs.may_call(endpoints, 443, "Jobs to AWS services")
    jobs.may_talk_within("Distributed jobs")
    bench.group_id = jobs.group_id
    bench.subnet_arns = [
        stack.format_arn(service="ec2", resource="subnet", resource_name=each) for each in bench.subnet_ids
    ]
    bench.group_arn = stack.format_arn(service="ec2", resource="security-group", resource_name=bench.group_id)
    add(
        PrivateEndpoints(
            stack,
            "Endpoints",
            vpc_id=bench.vpc.vpc_id,
            subnet_ids=bench.subnet_ids,
            security_group_id=endpoints.group_id,
            services=["s3", "kms", "bedrock-runtime", f"aws.sagemaker.{REGION}.studio"],
        )
    )
    acknowledge(
        bench.vpc,
        "NIST.800.53.R5-VPCDefaultSecurityGroupClosed",
        reason="The account setting beside this VPC closes the default group.",
        owner="tests",
        expires="2027-11-20",
    )
    default_group = stack.format_arn(
        service="ec2", resource="security-group", resource_name=bench.vpc.vpc_default_security_group
    )
    add(
        AccountSetting(
            stack,
            "Setting",
            setting="default_security_group",
            resource_type="Custom::DefaultSecurityGroupClosed",
            properties={"SecurityGroupId": bench.vpc.vpc_default_security_group},
            statements=[Statement("CloseGroup", ["ec2:RevokeSecurityGroupIngress"], [default_group])],
            log_group=bench.log,
            key=bench.logs_key,
            failures=bench.topic,
            rules=RULES,
        )
    )


def add_imported_network(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    network = add(
        ImportedVpc(
            stack,
            "ImportedNetwork",
            vpc_id=IMPORTED_VPC,
            subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            zones=[f"{REGION}a", f"{REGION}b"],
            flow_logs=bench.log,
            rules=RULES,
        )
    )
    group = add(
        TierSecurityGroup(stack, "GivenTier", vpc=network.vpc, description="given", group_id="sg-0123456789abcdef0")
    )
    group.may_talk_within("nothing is added to a group that is given")
    named = add(
        PrivateEndpoints(
            stack,
            "NamedEndpoints",
            vpc_id=IMPORTED_VPC,
            subnet_ids=network.subnet_ids,
            security_group_id=group.group_id,
            services=["s3", "logs", "sts"],
            private_dns=False,
            organization_id=ORGANIZATION,
        )
    )
    zones = {"logs": HostedZone("Z0123456789ABC", f"logs.{REGION}.amazonaws.com")}
    add(EndpointRecords(stack, "Records", zones=zones, endpoints=named.endpoints))
    bench.function_network = add(
        FunctionNetworkPolicy(stack, "FunctionNetwork", vpc_id=IMPORTED_VPC, rules=RULES)
    ).policy
    add(S3GatewayEndpoint(stack, "S3Gateway", vpc_id=IMPORTED_VPC, route_table_ids=["rtb-0123456789abcdef0"]))


def add_egress(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    public = add(PublicAddresses(stack, "PublicAddresses", name="bench-public-addresses"))
    egress = add(
        FilteredEgress(
            stack,
            "Egress",
            name="bench-egress",
            vpc_id=bench.vpc.vpc_id,
            zones=[
                EgressZone(zone=f"{REGION}a", egress="10.9.4.0/26", nat="10.9.5.0/28", firewall="10.9.6.0/28"),
                EgressZone(zone=f"{REGION}b", egress="10.9.4.64/26", nat="10.9.5.16/28", firewall="10.9.6.16/28"),
            ],
            public_addresses=public.prefix_list_id,
            allowed_domains=["pypi.org", ".example.org"],
            logs=FirewallLogs(alerts=bench.log, flows=bench.log),
            protect=True,
        )
    )
    add(egress.firewall)
