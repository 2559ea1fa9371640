"""Examples of the rules on security groups, ways to the Internet, and public front doors."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import ACCOUNT, allow, policy, resource

_INSIDE = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16", "Description": "https"}
_GROUP = {
    "Group": resource(
        "AWS::EC2::SecurityGroup",
        {"GroupDescription": "jobs", "SecurityGroupIngress": [_INSIDE], "SecurityGroupEgress": [_INSIDE]},
    )
}
_IN, _OUT = "Group.Properties.SecurityGroupIngress", "Group.Properties.SecurityGroupEgress"
_BESIDE = {
    "In": resource("AWS::EC2::SecurityGroupIngress", {**_INSIDE, "GroupId": {"Ref": "Id"}}),
    "Out": resource("AWS::EC2::SecurityGroupEgress", {**_INSIDE, "GroupId": {"Ref": "Id"}}),
}
_ENTRY = {
    "Entry": resource(
        "AWS::EC2::NetworkAclEntry",
        {"CidrBlock": "10.0.0.0/16", "RuleAction": "allow", "Protocol": 6, "PortRange": {"From": 22, "To": 22}},
    )
}
_NAT = {"Nat": resource("AWS::EC2::NatGateway", {"ConnectivityType": "private", "SubnetId": {"Ref": "Id"}})}
_SUBNET = {"Subnet": resource("AWS::EC2::Subnet", {"CidrBlock": "10.0.0.0/24", "MapPublicIpOnLaunch": False})}
_ROUTE = {
    "Route": resource("AWS::EC2::Route", {"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": {"Ref": "Tgw"}})
}
_SHARE = {"Share": resource("AWS::RAM::ResourceShare", {"Name": "s", "AllowExternalPrincipals": False})}
_HELD = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
_ENDPOINT = {
    "Endpoint": resource(
        "AWS::EC2::VPCEndpoint",
        {
            "VpcEndpointType": "Interface",
            "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.kms"},
            "PolicyDocument": policy(allow(Principal="*", Action="*", Resource="*", Condition=_HELD)),
        },
    )
}
_STATEMENT = "Endpoint.Properties.PolicyDocument.Statement.0"
_BALANCER = {"Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Scheme": "internal"})}
_LISTENER = {
    "Listener": resource(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "Protocol": "HTTPS",
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "DefaultActions": [{"Type": "forward"}],
        },
    )
}
_API = {"Api": resource("AWS::ApiGateway::RestApi", {"EndpointConfiguration": {"Types": ["PRIVATE"]}})}
_METHOD = {"Method": resource("AWS::ApiGateway::Method", {"HttpMethod": "POST", "AuthorizationType": "AWS_IAM"})}
_ANYWHERE = "0.0.0.0/0"
_PUBLIC = [{"AssociatePublicIpAddress": True}]

EXAMPLES = {
    "GovML-OpenIngress": Example(
        passing=change(_GROUP, f"{_IN}.0.CidrIp", {"Fn::GetAtt": ["Vpc", "CidrBlock"]}),
        failing=[
            change(_GROUP, f"{_IN}.0.CidrIp", _ANYWHERE),
            change(_GROUP, _IN, {"IpProtocol": "-1", "CidrIp": _ANYWHERE}),
            change(_GROUP, f"{_IN}.0", {"IpProtocol": "tcp", "CidrIpv6": "::/0", "FromPort": 22, "ToPort": 22}),
            change(_GROUP, f"{_IN}.0.CidrIp", "0.0.0.0/1"),
            change(_GROUP, f"{_IN}.0.CidrIp", "8.8.8.0/24"),
            change(_GROUP, f"{_IN}.0.CidrIp", {"Fn::If": ["Open", _ANYWHERE, "10.0.0.0/16"]}),
            change(_BESIDE, "In.Properties.CidrIp", {"Fn::Join": ["/", [_ANYWHERE.removesuffix("/0"), "0"]]}),
        ],
    ),
    "GovML-OpenEgress": Example(
        passing={**_GROUP, **_BESIDE},
        failing=[
            change(_GROUP, f"{_OUT}.0.CidrIp", _ANYWHERE),
            change(_GROUP, _OUT, [{"IpProtocol": -1, "CidrIpv6": "::/0"}]),
            change(_BESIDE, "Out.Properties.CidrIp", _ANYWHERE),
            change({**_GROUP, "Other": dict(_GROUP["Group"])}, "Other.Properties", {"GroupDescription": "forgotten"}),
        ],
    ),
    "GovML-OpenNetworkAcl": Example(
        passing=_ENTRY,
        failing=[
            change(_ENTRY, "Entry.Properties.CidrBlock", _ANYWHERE),
            change(_ENTRY, "Entry.Properties", {"CidrBlock": _ANYWHERE, "RuleAction": "allow", "Protocol": -1}),
        ],
    ),
    "GovML-InternetGateway": Example(
        passing=_NAT,
        failing=[
            change(_NAT, "Nat.Properties.ConnectivityType", "public"),
            {"Gateway": resource("AWS::EC2::InternetGateway")},
            {"Address": resource("AWS::EC2::EIP", {"Domain": "vpc"})},
        ],
    ),
    "GovML-PublicSubnet": Example(
        passing=_SUBNET,
        failing=[
            change(_SUBNET, "Subnet.Properties.MapPublicIpOnLaunch", True),
            change(_SUBNET, "Subnet.Properties.MapPublicIpOnLaunch", "true"),
            {
                "S": resource(
                    "AWS::ECS::Service",
                    {"NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}}},
                )
            },
            {
                "L": resource(
                    "AWS::EC2::LaunchTemplate",
                    {"LaunchTemplateData": {"NetworkInterfaces": [{"AssociatePublicIpAddress": True}]}},
                )
            },
            {"L": resource("AWS::EC2::Instance", {"NetworkInterfaces": _PUBLIC})},
        ],
    ),
    "GovML-InternetRoute": Example(
        passing=_ROUTE,
        failing=[
            change(
                _ROUTE, "Route.Properties", {"DestinationCidrBlock": _ANYWHERE, "GatewayId": "igw-0123456789abcdef0"}
            ),
            change(_ROUTE, "Route.Properties", {"DestinationCidrBlock": _ANYWHERE, "NatGatewayId": {"Ref": "Nat"}}),
            {
                **change(
                    _ROUTE, "Route.Properties", {"DestinationIpv6CidrBlock": "::/0", "GatewayId": {"Ref": "Gateway"}}
                ),
                "Gateway": resource("AWS::EC2::InternetGateway"),
            },
        ],
    ),
    "GovML-NetworkPeering": Example(
        passing=_SHARE,
        failing=[
            change(_SHARE, "Share.Properties.AllowExternalPrincipals", REMOVED),
            change(_SHARE, "Share.Properties.AllowExternalPrincipals", True),
            {"Peering": resource("AWS::EC2::VPCPeeringConnection", {"PeerOwnerId": "999988887777"})},
            {"Service": resource("AWS::EC2::VPCEndpointService", {"AcceptanceRequired": False})},
            {"Permissions": resource("AWS::EC2::VPCEndpointServicePermissions", {"AllowedPrincipals": ["*"]})},
            {"Gateway": resource("AWS::EC2::TransitGateway", {"AutoAcceptSharedAttachments": "enable"})},
        ],
    ),
    "GovML-EndpointPolicy": Example(
        passing=_ENDPOINT,
        failing=[
            change(_ENDPOINT, "Endpoint.Properties.PolicyDocument", REMOVED),
            change(_ENDPOINT, f"{_STATEMENT}.Condition", REMOVED),
            change(_ENDPOINT, _STATEMENT, allow(Principal={"AWS": "*"}, Action="kms:*", Resource="*")),
            change(_ENDPOINT, f"{_STATEMENT}.Condition", {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}),
            change(_ENDPOINT, f"{_STATEMENT}.Condition", {"StringLike": {"aws:PrincipalAccount": "*"}}),
        ],
    ),
    "GovML-PubliclyAccessible": Example(
        passing={"Copy": resource("AWS::DMS::ReplicationInstance", {"PubliclyAccessible": False})},
        failing=[
            {"Copy": resource("AWS::DMS::ReplicationInstance", {"PubliclyAccessible": True})},
            {"Copy": resource("AWS::DMS::ReplicationInstance")},
            {"Database": resource("AWS::RDS::DBInstance", {"PubliclyAccessible": "true"})},
            {"Broker": resource("AWS::AmazonMQ::Broker", {"PubliclyAccessible": True})},
            {"Cluster": resource("AWS::EKS::Cluster", {"ResourcesVpcConfig": {"EndpointPublicAccess": True}})},
            {"Cluster": resource("AWS::EKS::Cluster", {"ResourcesVpcConfig": {}})},
            {"Images": resource("AWS::ECR::PublicRepository")},
            {"Site": resource("AWS::Amplify::App", {"Name": "site"})},
            {"Dashboards": resource("AWS::Grafana::Workspace", {"AccountAccessType": "CURRENT_ACCOUNT"})},
            {"Door": resource("AWS::S3::AccessPoint", {"Bucket": {"Ref": "Bucket"}})},
        ],
    ),
    "GovML-LoadBalancer": Example(
        passing=_BALANCER,
        failing=[
            change(_BALANCER, "Balancer.Properties.Scheme", "internet-facing"),
            change(_BALANCER, "Balancer.Properties.Scheme", REMOVED),
            {
                "Classic": resource(
                    "AWS::ElasticLoadBalancing::LoadBalancer",
                    {"Scheme": "internal", "Listeners": [{"Protocol": "HTTP"}]},
                )
            },
        ],
    ),
    "GovML-ListenerTls": Example(
        passing=_LISTENER,
        failing=[
            change(_LISTENER, "Listener.Properties.Protocol", "HTTP"),
            change(_LISTENER, "Listener.Properties.SslPolicy", REMOVED),
            change(_LISTENER, "Listener.Properties.SslPolicy", "ELBSecurityPolicy-2016-08"),
            change(_LISTENER, "Listener.Properties.SslPolicy", "ELBSecurityPolicy-TLS13-1-0-2021-06"),
            {"Name": resource("AWS::ApiGateway::DomainName", {"SecurityPolicy": "TLS_1_0"})},
            {"Files": resource("AWS::Transfer::Server", {"EndpointType": "PUBLIC"})},
            {"Files": resource("AWS::Transfer::Server", {"EndpointType": "VPC", "Protocols": ["FTP"]})},
        ],
    ),
    "GovML-ApiExposure": Example(
        passing={**_API, **_METHOD},
        failing=[
            change(_API, "Api.Properties.EndpointConfiguration", REMOVED),
            change(_API, "Api.Properties.EndpointConfiguration.Types", ["REGIONAL"]),
            change(_METHOD, "Method.Properties.AuthorizationType", "NONE"),
            change(_METHOD, "Method.Properties.AuthorizationType", REMOVED),
            {"Route": resource("AWS::ApiGatewayV2::Route", {"RouteKey": "GET /"})},
            {"Http": resource("AWS::ApiGatewayV2::Api", {"CorsConfiguration": {"AllowOrigins": ["*"]}})},
            {"Graph": resource("AWS::AppSync::GraphQLApi", {"AuthenticationType": "API_KEY", "Visibility": "PRIVATE"})},
        ],
    ),
    "GovML-OpenAddressList": Example(
        passing={"List": resource("AWS::EC2::PrefixList", {"Entries": [{"Cidr": "10.0.0.0/8"}]})},
        failing=[
            {"List": resource("AWS::EC2::PrefixList", {"Entries": [{"Cidr": _ANYWHERE}]})},
            {"List": resource("AWS::WAFv2::IPSet", {"Addresses": ["0.0.0.0/1", "128.0.0.0/1"]})},
        ],
    ),
}
