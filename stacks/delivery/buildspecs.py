"""What CodeBuild runs: the same make targets that a person runs."""

from __future__ import annotations


def verify_buildspec() -> dict[str, object]:
    """Return the specification of the Verify stage: install, test, synthesise, gate; the assembly is its output."""
    return {
        "version": 0.2,
        "phases": {
            "install": {
                "runtime-versions": {"python": "3.11", "nodejs": 22},
                "commands": [*_log_in("pip"), *_log_in("npm"), "make install"],
            },
            "build": {"commands": ["make lint types", "make test", 'make synth CONFIG="$GOVML_CONFIG"']},
        },
        "artifacts": {
            "files": ["cdk.out/**/*", "build/code/*.zip", "package.json", "package-lock.json", ".npmrc"],
            "enable-symlinks": "no",
        },
    }


def deploy_buildspec(environment_stacks: str) -> dict[str, object]:
    """Return the specification of the Deploy stage: publish and deploy the assembly that was gated, building nothing.

    Args:
        environment_stacks: the CDK selector of one environment's stacks, as in `sandbox-dev/*`.
    """
    deploy = (
        f"npx --no-install cdk deploy --app cdk.out '{environment_stacks}' --require-approval never "
        "--concurrency 4 --progress events"
    )
    return {
        "version": 0.2,
        "phases": {
            "install": {
                "runtime-versions": {"nodejs": 22},
                "commands": [*_log_in("npm"), "npm ci --ignore-scripts"],
            },
            "build": {"commands": [deploy]},
        },
    }


def _log_in(tool: str) -> list[str]:
    return [
        f'aws codeartifact login --tool {tool} --domain "$PACKAGE_DOMAIN" --repository "$PACKAGE_REPOSITORY" '
        '--region "$AWS_REGION"'
    ]
