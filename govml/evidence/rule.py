"""A rule as the evidence sees it, whoever wrote the rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from govml.evidence.resource import Assembly, Resource

ANY_TYPE = "*"
ANY_CLASS = ""


@dataclass(frozen=True)
class EvidenceRule:
    """One rule.

    Args:
        id: as a report writes it, without a detail in brackets.
        source: the plugin that the rule belongs to, as CDK's report names it.
        title: what it is about, one line.
        severity: of its findings.
        controls: NIST 800-53 R5 controls, such as `AC-6` or `SC-28(1)`.
        public_sector: controls of the public-sector catalogue, such as `DP-2`.
        types: resource type -> class that the construct must be of for the rule to see it; `ANY_CLASS` when the rule
            reads templates. `ANY_TYPE` stands for every type.
        conditional: it passes over some resources of these types, by their properties.
        idle: why it has nothing to look at, when it has not.
    """

    id: str
    source: str
    title: str
    severity: str
    controls: tuple[str, ...]
    public_sector: tuple[str, ...]
    types: Mapping[str, str]
    conditional: bool = False
    idle: str = "nothing of the types that it looks at"

    def looks_at(self, resource: Resource) -> bool:
        """Return whether resources of this one's type are its subject."""
        return resource.type in self.types or ANY_TYPE in self.types

    def can_see(self, resource: Resource) -> bool:
        """Return whether it could judge this resource, of a type that it looks at.

        cdk-nag asks for the class of a construct: a bucket made with the general `CfnResource` is no bucket to it, and
        it says nothing, whatever is wrong.
        """
        wanted = self.types.get(resource.type, ANY_CLASS)
        return wanted == ANY_CLASS or (bool(resource.path) and resource.cdk_class == wanted)


@dataclass(frozen=True)
class Told:
    """A finding that a source tells itself, rather than through CDK's report.

    Args:
        rule: id of the rule.
        template: the template, relative to the assembly.
        logical_id: the resource in it.
        message: what is wrong.
        acknowledged_at: construct path of the acknowledgement that covers it, or empty.
        text: of that acknowledgement.
    """

    rule: str
    template: str
    logical_id: str
    message: str
    acknowledged_at: str = ""
    text: str = ""


class RuleSource(Protocol):
    """Where rules come from: a pack of cdk-nag, or our own rules."""

    @property
    def name(self) -> str:
        """The plugin's name in CDK's report."""
        ...

    def rules(self, assembly: Assembly, /) -> tuple[EvidenceRule, ...]:
        """Return every rule that it has."""
        ...

    def proven(self, assembly: Assembly, /) -> bool:
        """Return whether it is certain that the rules ran over this assembly, to their end."""
        ...

    def findings(self, assembly: Assembly, /) -> Iterable[Told]:
        """Return what the source finds by itself, apart from CDK's report."""
        ...
