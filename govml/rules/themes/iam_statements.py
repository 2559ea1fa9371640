"""Statements: what a policy allows, and the ways to more power that it leaves open."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.policies import IDENTITY_POLICY_TYPES, PolicyStatement, identity_policies, matches
from govml.rules.registry import rule
from govml.rules.template import Resource, Template

# Actions by which whoever holds them on any resource can take more permissions
# (Rhino Security Labs, "AWS IAM Privilege Escalation - Methods and Mitigation").
_ESCALATING = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "lambda:UpdateFunctionCode",
    "sagemaker:CreatePresignedDomainUrl",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "sts:AssumeRole",
)
# Reading and listing calls; a wildcard on resources is often the only way to write them.
_READING = ("describe", "list", "get", "batchget", "search", "lookup", "head", "view")
# Actions whose services take no resource, or whose condition keys hold them instead
# (service authorization reference, "Actions, resources, and condition keys").
_NO_RESOURCE = frozenset(
    {
        "cloudwatch:putmetricdata",
        "codeartifact:getauthorizationtoken",
        "ecr:getauthorizationtoken",
        "ecr-public:getauthorizationtoken",
        "sts:getservicebearertoken",
        "sts:getcalleridentity",
        "xray:puttelemetryrecords",
        "xray:puttracesegments",
        "logs:createlogdelivery",
        "logs:updatelogdelivery",
        "logs:deletelogdelivery",
        "logs:putresourcepolicy",
        "lakeformation:getdataaccess",
        "s3:createjob",
        "s3:listallmybuckets",
        "tag:getresources",
        "kms:createkey",
        "kms:generaterandom",
        "ec2:createnetworkinterface",
        "ec2:deletenetworkinterface",
        "ec2:createnetworkinterfacepermission",
        "ec2:assignprivateipaddresses",
        "ec2:unassignprivateipaddresses",
        "bedrock:putmodelinvocationloggingconfiguration",
        "bedrock:getmodelinvocationloggingconfiguration",
        "ssmmessages:createcontrolchannel",
        "ssmmessages:createdatachannel",
        "ssmmessages:opencontrolchannel",
        "ssmmessages:opendatachannel",
    }
)
# Reading calls that hand out content; they take a resource, so a wildcard is never needed.
_CONTENT = (
    "s3:GetObject",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "sagemaker-featurestore:GetRecord",
    "sagemaker:GetRecord",
    "kms:Decrypt",
    "codecommit:GetFile",
    "logs:GetLogEvents",
)
_CONDITIONAL = (
    "aws:ResourceTag",
    "aws:RequestTag",
    "aws:CalledVia",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "kms:ViaService",
    "kms:GrantIsForAWSResource",
    "cloudwatch:namespace",
    "iam:PassedToService",
    "iam:PermissionsBoundary",
    "ec2:Subnet",
    "ec2:Vpc",
)


def _policies(resource: Resource) -> Iterator[PolicyStatement]:
    for _, found in identity_policies(resource):
        yield from (each for each in found if each.allow)


@rule(
    "GovML-WildcardAction",
    *IDENTITY_POLICY_TYPES,
    title="A policy names the actions that it allows",
    rationale="`*` and `service:*` grow with every action that AWS adds, deletion and policy changes among them.",
    severity="high",
    controls=("AC-6", "AC-6(1)"),
    public_sector_controls=("AC-1",),
)
def wildcard_action(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find `*`, `service:*`, a wildcard that covers writing verbs, and NotAction."""
    for statement in _policies(resource):
        if statement.not_actions:
            yield f"statement {statement.sid} allows all but some actions (NotAction): name what is needed"
        for action in statement.actions:
            service, _colon, name = action.partition(":")
            if action == "*" or name in {"*", "**"} or "*" in service:
                yield f"statement {statement.sid} allows {action}: name the actions that are needed"
            elif name.startswith("*") or (name.endswith("*") and len(name) < 4):
                yield f"statement {statement.sid} allows {action}, which covers writing too: name the actions"


@rule(
    "GovML-WildcardResource",
    *IDENTITY_POLICY_TYPES,
    title="A policy names the resources on which it allows to change or read content",
    rationale="Rights on every resource of a kind reach the data of other use cases and teams.",
    severity="high",
    controls=("AC-6", "AC-3"),
    public_sector_controls=("AC-1",),
)
def wildcard_resource(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Allow `*` to reading calls and to those that take no resource; else a condition must hold it."""
    for statement in _policies(resource):
        if statement.not_resources:
            yield f"statement {statement.sid} allows on all but some resources (NotResource): name them"
        wide = [each for each in statement.resources if _whole(each)]
        if not wide or statement.held_by(*_CONDITIONAL) or _tagged(statement):
            continue
        guilty = [action for action in statement.actions if not _harmless(action)]
        if guilty:
            yield f"statement {statement.sid} allows {', '.join(guilty[:3])} on {wide[0]}: name the resources"


def _whole(arn: str) -> bool:
    """Return whether a resource is everything: `*`, or an ARN whose resource part is nothing but a wildcard."""
    if arn == "*":
        return True
    parts = split_arn(arn)
    return parts is not None and parts[5] in {"*", "*/*", "**"}


def _tagged(statement: PolicyStatement) -> bool:
    return any(key.split("/", 1)[0] in {"aws:resourcetag", "aws:requesttag"} for key in statement.conditions)


def _harmless(action: str) -> bool:
    name = action.partition(":")[2].lower()
    if any(matches(action, content) for content in _CONTENT):
        return False
    return action.lower() in _NO_RESOURCE or name.startswith(_READING)


@rule(
    "GovML-PassRole",
    *IDENTITY_POLICY_TYPES,
    title="Roles are passed by name and to a named service",
    rationale="Whoever may pass any role to a service acts with the strongest of them.",
    severity="high",
    controls=("AC-6", "AC-6(10)"),
    public_sector_controls=("AC-1",),
    source='IAM user guide, "Grant a user permissions to pass a role to an AWS service"',
)
def pass_role(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a resource that is not every role, and for iam:PassedToService."""
    for statement in _policies(resource):
        if not statement.allows("iam:PassRole"):
            continue
        for each in statement.resources:
            if _whole(each) or each.endswith((":role/*", ":role*")):
                yield f"statement {statement.sid} passes every role ({each}): name the role"
        if not statement.held_by("iam:PassedToService") or "*" in statement.conditions.get("iam:passedtoservice", ()):
            yield f"statement {statement.sid} passes a role to any service: add the condition iam:PassedToService"


@rule(
    "GovML-PrivilegeEscalation",
    *IDENTITY_POLICY_TYPES,
    title="No statement lets its holder take more permissions",
    rationale="Changing policies, keys or code of other identities on any resource is administration by another name.",
    severity="high",
    controls=("AC-6", "AC-6(10)", "AC-5"),
    public_sector_controls=("AC-1",),
    source='Rhino Security Labs, "AWS IAM Privilege Escalation - Methods and Mitigation"',
)
def privilege_escalation(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find an escalating action on resources that are not named, or on its own policy."""
    for statement in _policies(resource):
        wide = [each for each in statement.resources if _whole(each) or _every_identity(each)]
        if not (wide or statement.not_resources) or statement.held_by("iam:PermissionsBoundary"):
            continue
        found = [action for action in _ESCALATING if statement.allows(action)]
        if found and "*" not in statement.actions:
            yield f"statement {statement.sid} allows {', '.join(found[:3])} on {(wide or ['others'])[0]}: name the resource"


def _every_identity(arn: str) -> bool:
    return arn.endswith((":role/*", ":user/*", ":group/*", ":policy/*", ":function:*"))


@rule(
    "GovML-InlinePolicy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
    title="Permissions stand in customer-managed policies",
    rationale="An inline policy has no versions, is in no list of policies, and the landing zone flags it.",
    severity="medium",
    controls=("AC-6", "CM-3"),
    public_sector_controls=("AC-4",),
)
def inline_policy(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look for Policies and for the types that are inline by nature."""
    inline = (
        "Policies" if resource.type in {"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"} else "PolicyDocument"
    )
    if resource.get(inline):
        yield "has an inline policy: make it an AWS::IAM::ManagedPolicy and attach that"


@rule(
    "GovML-IamUser",
    "AWS::IAM::User",
    "AWS::IAM::AccessKey",
    title="No user and no long-lived access key",
    rationale="Long-lived keys leak and outlive their owner; people come by single sign-on, machines by roles.",
    severity="high",
    controls=("IA-2", "IA-5", "AC-2"),
    public_sector_controls=("AC-12", "AC-13"),
)
def iam_user(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A user or key in a template is one too many."""
    what = "a user" if resource.type == "AWS::IAM::User" else "an access key"
    yield f"makes {what}: use a role, with single sign-on for people and OIDC for pipelines"


@rule(
    "GovML-LongSession",
    "AWS::IAM::Role",
    title="A session of a role ends within 12 hours",
    rationale="CloudFormation takes any number that IAM does; longer than a working day is never needed.",
    severity="low",
    controls=("AC-12",),
)
def long_session(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """IAM's own maximum is 12 hours; the template may ask for more by mistake."""
    seconds = resource.get("MaxSessionDuration")
    if isinstance(seconds, int) and seconds > 43_200:
        yield f"its sessions last {seconds} seconds: 43200 is the most"
