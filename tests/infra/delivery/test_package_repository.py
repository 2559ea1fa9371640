"""`PackageRepository`: encrypted, and fed from the public indexes through one upstream each."""

from __future__ import annotations

from collections.abc import Mapping

from bench import Stand


def test_the_domain_is_encrypted_with_the_given_key(bench: Mapping[str, Stand]) -> None:
    domain = bench["Packages"].one("AWS::CodeArtifact::Domain").properties
    assert domain["EncryptionKey"] == bench["DataKey"].one("AWS::KMS::Key").arn


def test_builds_see_one_repository_behind_which_the_public_indexes_stand(bench: Mapping[str, Stand]) -> None:
    repositories = {
        each.properties["RepositoryName"]: each.properties
        for each in bench["Packages"].all("AWS::CodeArtifact::Repository")
    }
    front = repositories["bench-packages"]
    assert "ExternalConnections" not in front
    behind = {name: each["ExternalConnections"] for name, each in repositories.items() if "ExternalConnections" in each}
    assert behind == {"bench-packages-pypi": ["public:pypi"], "bench-packages-npmjs": ["public:npmjs"]}
    assert len(front["Upstreams"]) == 2
