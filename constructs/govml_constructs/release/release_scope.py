"""`ReleaseScope`: what a release reaches, by name. Free of `aws_cdk`, so that tests can ask questions of the statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from govml_constructs.place import Place


@dataclass(frozen=True)
class ReleasedUseCase:
    """One use case that is released.

    Args:
        group: name of its model package group.
        stack: name of its serving stack.
        consumers: names of the roles that sign off, without their paths.
    """

    group: str
    stack: str
    consumers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReleaseScope:
    """What the release function reaches.

    Args:
        place: where the environment is.
        prefix: what every name of the environment starts with, as in `sandbox-dev`.
        use_cases: use case as AWS takes it -> its names.
        artifacts_arn: ARN of the bucket of model archives.
        evidence_arn: ARN of the bucket of evidence.
        model_keys: ARNs of the keys of the model archives.
        repository_arn: ARN of the repository of images.
    """

    place: Place
    prefix: str
    use_cases: Mapping[str, ReleasedUseCase]
    artifacts_arn: str
    evidence_arn: str
    model_keys: tuple[str, ...]
    repository_arn: str

    def group_arn(self, slug: str) -> str:
        """ARN of a use case's model package group."""
        return self.place.arn("sagemaker", f"model-package-group/{self.use_cases[slug].group}")

    def packages_prefix(self, slug: str) -> str:
        """What the ARN of every version of a use case starts with."""
        return self.place.arn("sagemaker", f"model-package/{self.use_cases[slug].group}/")

    def stack_prefix(self, slug: str) -> str:
        """What the ARN of a use case's serving stack starts with; CloudFormation adds an id."""
        return self.place.arn("cloudformation", f"stack/{self.use_cases[slug].stack}/")
