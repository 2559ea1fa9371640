"""Who uses an environment's keys: its own roles by their names' pattern, its deployment, its people by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govml.identity.people import People
from govml.identity.promotion import contracts_from, promoter_arn, promotes, side_of
from govml.settings import Names, Settings
from govml.settings.imported import KeyDomain
from govml_constructs.encryption.key_policy import KeyStatement, KeyUsers
from govml_constructs.release.promotion_contract import promoter_key_statement


@dataclass(frozen=True)
class Where:
    """Partition, region and account as a policy names them: the values themselves, or a template's pseudo parameters."""

    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, settings: Settings, environment_name: str) -> Where:
        """Return the values that the agency file holds.

        Raises:
            UserError: the file has no such environment.
        """
        return cls("aws", settings.region, settings.environment(environment_name).account)

    def role(self, name: str) -> str:
        """Return the ARN of a role by its name, with its path."""
        return f"arn:{self.partition}:iam::{self.account}:role/{name.removeprefix('/')}"


def key_users(settings: Settings, environment_name: str, domain: KeyDomain, people: People, where: Where) -> KeyUsers:
    """Return who may use and administer the key of a domain.

    CloudFormation starts the name of every role that a stack makes with the stack's name, which starts with
    `<agency>-<environment>`: so the environment's roles are known by pattern before they exist.

    Args:
        settings: the agency file.
        environment_name: `dev`, `uat` or `prod`.
        domain: `data`, `ml` or `logs`.
        people: the roles for people.
        where: where the key is.

    Raises:
        UserError: the file has no such environment.
    """
    environment, iam = settings.environment(environment_name), settings.iam
    own = where.role(f"{iam.role_path}{Names(settings.agency, environment_name).prefix}-*")
    execution = where.role(f"cdk-*-cfn-exec-role-{where.account}-{where.region}")
    return KeyUsers(
        partition=where.partition,
        region=where.region,
        account=where.account,
        role_patterns=[own, *(where.role(name) for name in _imported_service_roles(environment.imported.roles))],
        deployer_patterns=[execution, *(where.role(name) for name in iam.deployment_roles)],
        administrators=[where.role(name) for name in iam.key_administrators],
        readers=people.key_readers(domain),
        writers=people.key_writers(domain),
        account_through=_account_through(settings, domain),
        services=_services(settings, domain, where),
        partners=[] if domain == "data" else _partners(settings, environment_name),
    )


def _partners(settings: Settings, environment_name: str) -> list[KeyStatement]:
    """Return who decrypts released models (`ml`) and the evidence of their release (`logs`) to promote them.

    The environment's own promoter writes there, too.
    """
    contracts = contracts_from(settings, environment_name)
    own = []
    if promotes(settings, environment_name):
        own = [promoter_key_statement(side_of(settings, environment_name), promoter_arn(settings, environment_name))]
    return [*own, *(statement for contract in contracts for statement in contract.key_statements())]


def _services(settings: Settings, domain: KeyDomain, where: Where) -> tuple[str, ...]:
    """Return the service principals that use a domain's key for themselves; S3 Vectors builds its indexes so."""
    if domain == "logs":
        # what a receiver of alerts does not take goes to the encrypted queue of dead letters
        unheard = ("sns.amazonaws.com",) if settings.observability.alert_routes else ()
        return (f"logs.{where.region}.amazonaws.com", *alert_publishers(settings), *unheard)
    indexes = settings.switches.vector_store and settings.data.vector_store.kind == "s3vectors"
    return ("indexing.s3vectors.amazonaws.com",) if domain == "data" and indexes else ()


def alert_publishers(settings: Settings) -> tuple[str, ...]:
    """Return the service principals that publish to the alert topic, which the key of the logs domain encrypts."""
    budget = settings.budget
    spending = (
        *(["budgets.amazonaws.com"] if budget.monthly_usd or budget.environments or budget.use_cases else []),
        *(["costalerts.amazonaws.com"] if budget.anomalies else []),
    )
    rules = ("aps.amazonaws.com",) if settings.switches.managed_prometheus else ()
    return ("cloudwatch.amazonaws.com", "events.amazonaws.com", *rules, *spending)


def _account_through(settings: Settings, domain: KeyDomain) -> list[str]:
    """Return the services through which IAM alone decides who of the account uses a domain's key.

    Applications hold roles of their own, which call the guardrail through Bedrock, and put feedback into S3; operators
    read dead letters with theirs. Without roles for people, those who bring and read data hold roles that only the
    account's IAM knows.
    """
    told = any(settings.use_cases[case].monitoring.feedback for case in settings.watched)
    ml = [*(["bedrock"] if settings.switches.ai_service else []), *(["s3"] if told else [])]
    through = {"data": [], "ml": ml, "logs": ["sqs"]}[domain]
    return through if settings.switches.personas or "s3" in through else ["s3", *through]


def people_of(settings: Settings, environment_name: str) -> People:
    """Return the roles for people by the ARNs that they will have: their names are fixed.

    Raises:
        UserError: the file has no such environment.
    """
    environment = settings.environment(environment_name)
    if not settings.switches.personas:
        return People()
    where, path = Where.of(settings, environment_name), settings.iam.role_path
    names = Names(settings.agency, environment_name)
    return People(
        {
            name: environment.imported.roles.get(place, where.role(path + names.persona_role(name)))
            for name, place in PERSONA_PLACES.items()
        }
    )


def made_persona_roles(settings: Settings, environment_name: str, personas: Sequence[str]) -> list[str]:
    """Return the names, with no path, of those roles for people that the stacks make; an imported one is not changed.

    Raises:
        UserError: the file has no such environment.
    """
    imported, names = settings.environment(environment_name).imported.roles, Names(settings.agency, environment_name)
    if not settings.switches.personas:
        return []
    return [names.persona_role(name) for name in personas if PERSONA_PLACES[name] not in imported]


PERSONA_PLACES: Mapping[str, str] = {
    "data_scientist": "Access/Personas/DataScientist",
    "ml_engineer": "Access/Personas/MlEngineer",
    "data_engineer": "Access/Personas/DataEngineer",
    "approver": "Access/Personas/Approver",
    "auditor": "Access/Personas/Auditor",
}
"""Role for people -> its place, by which an existing role is imported."""


def _imported_service_roles(roles: Mapping[str, str]) -> list[str]:
    """Return the names, with their paths, of the imported roles that are not for people."""
    theirs = {arn for place, arn in roles.items() if place not in PERSONA_PLACES.values()}
    return sorted(arn.split(":role/", 1)[1] for arn in theirs)
