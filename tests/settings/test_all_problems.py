"""One run shows every problem of a file, also those between fields, whatever else is wrong."""

from collections.abc import Callable

FILE = """\
agency: Agency
owner: team@agency.gov.sg
project_code: X
data_classification: restricted
maturity: stage2
region: eu-west-1
environments:
  dev: {account: "012345678901", cidr: 10.0.0.0/22}
  uat: {account: 12345, cidr: 10.0.4.0/22}
  prod: {account: "012345678901", cidr: 10.0.2.0/23, removal: destroy}
network:
  reserved_cidrs: [10.0.0.0/24]
features: {training_pipeline: false, ai_service: true}
agency: twice
"""


def test_every_problem_is_listed_in_the_order_of_the_lines(refusal: Callable[[str], str]) -> None:
    text = refusal(FILE)
    expected = [
        ":1: agency = Agency",
        ":1: cicd: cicd is on, but no repository is named",
        ":1: ai: ai_service is on",
        ":6: region = eu-west-1: eu-west-1 is not in allowed_regions",
        ":8: environments.dev.cidr = 10.0.0.0/22: 10.0.0.0/22 overlaps 10.0.0.0/24 of network.reserved_cidrs",
        ":9: environments.uat.account = 12345: must be text",
        ":10: environments.prod.cidr = 10.0.2.0/23: 10.0.2.0/23 overlaps 10.0.0.0/22 of dev",
        ":10: environments.prod.removal = destroy",
        ":13: features.pipeline_schedule: pipeline_schedule is on, but training_pipeline is off",
        ":14: agency: the key stands twice, first on line 1",
    ]
    assert f"has {len(expected)} problems:" in text
    for fragment in expected:
        assert fragment in text
    lines = [int(line.split(":")[1]) for line in text.splitlines() if line.startswith("  /")]
    assert lines == sorted(lines)


def test_a_wrong_key_silences_only_the_rules_that_read_it(
    refusal: Callable[[str], str], changed: Callable[..., str]
) -> None:
    text = refusal(changed(maturity="stage9", region="eu-west-1", cicd=None))
    assert "maturity = stage9" in text
    assert "eu-west-1 is not in allowed_regions" in text
    assert "cicd is on" not in text
