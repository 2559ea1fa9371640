"""Run the nag packs over CloudFormation templates that no CDK app made.

    python -m govml_constructs.validation.nag_templates FOLDER

reads every `*.json` of the folder and writes `report/validation-report.json` into it. The paths in the report are
`<file's stem>/Template/<logical id>`. A process of its own, because the command line does not load the CDK.
"""

from __future__ import annotations

import sys
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import cloudformation_include

from govml_constructs.validation.nag_packs import register_packs


def main(folder: Path) -> None:
    """Include the templates in an app with both packs, and synthesise it for its report's sake.

    Args:
        folder: where the templates stand.
    """
    app = cdk.App(
        outdir=str(folder / "report"),
        analytics_reporting=False,
        context={"@aws-cdk/core:failSynthOnValidationErrors": False},
    )
    register_packs(app)
    for path in sorted(folder.glob("*.json")):
        stack = cdk.Stack(app, path.stem, synthesizer=cdk.BootstraplessSynthesizer())
        cloudformation_include.CfnInclude(stack, "Template", template_file=str(path))
    app.synth()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
