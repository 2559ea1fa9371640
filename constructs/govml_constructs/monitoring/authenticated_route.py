"""`AuthenticatedRoute`: alarms go to a web address that wants a key in a header, such as a service desk's API."""

from __future__ import annotations

import json

from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.place import PlacedConstruct

_FIELDS = {
    "alarm": "$.detail.alarmName",
    "state": "$.detail.state.value",
    "reason": "$.detail.state.reason",
    "description": "$.detail.configuration.description",
    "account": "$.account",
    "region": "$.region",
    "time": "$.time",
}
_RETRIES, _SECONDS = 20, 3600


class AuthenticatedRoute(PlacedConstruct):
    """An EventBridge API destination that is told when an alarm begins and ends; what it does not take is kept.

    The key stands in a secret of the agency and in no template: CloudFormation hands it to EventBridge, which keeps it in a
    secret of its own (EventBridge user guide, "Connections for HTTP endpoint targets").

    Args:
        name: name of connection and destination.
        prefix: how the alarms' names begin.
        url: HTTPS address, which EventBridge reaches over the internet.
        header: name of the header.
        secret: name of the secret in Secrets Manager, a JSON object whose `value` is what the header holds.
        pages_only: only alarms whose description begins with `[page]`.
        dead_letters: queue for what the receiver did not take in an hour; its policy and key must let EventBridge send.
        rules: rules of the role.

    Controls: TLS only, the key in no template and no log, a role that may call this destination and nothing else.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        prefix: str,
        url: str,
        header: str,
        secret: str,
        pages_only: bool,
        dead_letters: sqs.IQueue,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        connection = events.CfnConnection(
            self,
            "Connection",
            name=name,
            description=f"The key in the header {header}",
            authorization_type="API_KEY",
            auth_parameters=events.CfnConnection.AuthParametersProperty(
                api_key_auth_parameters=events.CfnConnection.ApiKeyAuthParametersProperty(
                    api_key_name=header, api_key_value=f"{{{{resolve:secretsmanager:{secret}:SecretString:value}}}}"
                )
            ),
        )
        destination = events.CfnApiDestination(
            self,
            "Destination",
            name=name,
            description="Takes alarms",
            connection_arn=connection.attr_arn,
            http_method="POST",
            invocation_endpoint=url,
            invocation_rate_limit_per_second=10,
        )
        role = ServiceRole(
            self,
            "Role",
            service="events.amazonaws.com",
            description=f"Tells alarms to {name}",
            rules=rules,
            statements=[
                Statement(sid="Tell", actions=["events:InvokeApiDestination"], resources=[destination.attr_arn])
            ],
        )
        self._rule(prefix, destination.attr_arn, role.role_arn, dead_letters, pages_only=pages_only)

    def _rule(
        self, prefix: str, destination: str, role: str, dead_letters: sqs.IQueue, *, pages_only: bool
    ) -> events.CfnRule:
        cfn = events.CfnRule
        pages = {"configuration": {"description": [{"prefix": "[page]"}]}} if pages_only else {}
        return cfn(
            self,
            "Alarms",
            description="An alarm begins or ends",
            event_pattern={
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {"alarmName": [{"prefix": f"{prefix}-"}], "state": {"value": ["ALARM", "OK"]}, **pages},
            },
            state="ENABLED",
            targets=[
                cfn.TargetProperty(
                    id="Address",
                    arn=destination,
                    role_arn=role,
                    dead_letter_config=cfn.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
                    retry_policy=cfn.RetryPolicyProperty(
                        maximum_event_age_in_seconds=_SECONDS, maximum_retry_attempts=_RETRIES
                    ),
                    input_transformer=cfn.InputTransformerProperty(
                        input_paths_map=_FIELDS, input_template=json.dumps({each: f"<{each}>" for each in _FIELDS})
                    ),
                )
            ],
        )
