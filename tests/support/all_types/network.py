"""The network, its endpoints and its flow log."""

from __future__ import annotations

from all_types.words import Resources, att, ref


def network() -> Resources:
    return {
        "Vpc": {
            "Type": "AWS::EC2::VPC",
            "Properties": {
                "CidrBlock": "10.30.0.0/20",
                "EnableDnsSupport": True,
                "EnableDnsHostnames": True,
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": ref("Vpc"),
                "CidrBlock": "10.30.0.0/24",
                "AvailabilityZone": "ap-southeast-1a",
                "MapPublicIpOnLaunch": False,
                "Tags": [{"Key": "Name", "Value": "isolated-a"}],
            },
        },
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": ref("Vpc")}},
        "Peering": {
            "Type": "AWS::EC2::Route",
            "Properties": {
                "RouteTableId": ref("Table"),
                "DestinationCidrBlock": "10.99.0.0/16",
                "TransitGatewayId": "tgw-0123456789abcdef0",
            },
        },
        "Association": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"RouteTableId": ref("Table"), "SubnetId": ref("Subnet")},
        },
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "interface endpoints",
                "VpcId": ref("Vpc"),
                "SecurityGroupEgress": [
                    {
                        "IpProtocol": "tcp",
                        "FromPort": 443,
                        "ToPort": 443,
                        "CidrIp": "10.30.0.0/20",
                        "Description": "TLS",
                    }
                ],
            },
        },
        "Ingress": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "Properties": {
                "GroupId": att("Group", "GroupId"),
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "SourceSecurityGroupId": att("Group", "GroupId"),
                "Description": "TLS from members",
            },
        },
        "Egress": {
            "Type": "AWS::EC2::SecurityGroupEgress",
            "Properties": {
                "GroupId": att("Group", "GroupId"),
                "IpProtocol": "tcp",
                "FromPort": 8443,
                "ToPort": 8443,
                "CidrIp": "10.30.1.0/24",
                "Description": "inner",
            },
        },
        "KmsEndpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcId": ref("Vpc"),
                "VpcEndpointType": "Interface",
                "ServiceName": "com.amazonaws.ap-southeast-1.kms",
                "PrivateDnsEnabled": True,
                "SubnetIds": [ref("Subnet")],
                "SecurityGroupIds": [att("Group", "GroupId")],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "kms:*",
                            "Resource": "*",
                            "Condition": {"StringEquals": {"aws:PrincipalAccount": ref("AWS::AccountId")}},
                        }
                    ],
                },
            },
        },
        "S3Endpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcId": ref("Vpc"),
                "VpcEndpointType": "Gateway",
                "ServiceName": "com.amazonaws.ap-southeast-1.s3",
                "RouteTableIds": [ref("Table")],
            },
        },
        "FlowLog": {
            "Type": "AWS::EC2::FlowLog",
            "Properties": {
                "ResourceId": ref("Vpc"),
                "ResourceType": "VPC",
                "TrafficType": "ALL",
                "LogDestinationType": "cloud-watch-logs",
                "LogGroupName": ref("Logs"),
                "DeliverLogsPermissionArn": att("Role", "Arn"),
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
    }
