"""What a release makes of an endpoint, and what it refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest
from bench import BenchStack
from cfn_templates import Template
from endpoint_stage import ALARM, BOTH, CONFIG, DIGEST, ENDPOINT, MODEL, PLANS, POLICY, RELEASED, TARGET, one, referred

from govml_constructs.serving.handed_over_model import HandedOverModel


class TestReleases:
    @pytest.mark.parametrize("name", sorted(set(PLANS) - {"HandedOver"}))
    def test_without_a_release_nothing_is_served_and_nothing_rings(
        self, templates: Mapping[str, Template], name: str
    ) -> None:
        assert templates[name].made(MODEL, CONFIG, ENDPOINT, ALARM, TARGET, POLICY) == []

    @pytest.mark.parametrize("name", sorted(PLANS))
    def test_a_release_makes_exactly_one_endpoint_of_that_model(
        self, templates: Mapping[str, Template], name: str
    ) -> None:
        given = templates[name].given(**RELEASED)
        container = one(given, MODEL)["PrimaryContainer"]
        assert container["ModelDataUrl"] == RELEASED["LiveModelData"]
        assert container["Image"] == RELEASED["LiveImage"]
        assert container["Environment"] == {
            "GOVML_MODEL_VERSION": "3",
            "GOVML_MODEL_DIGEST": DIGEST,
            "GOVML_METRICS": "emf",
        }
        assert one(given, ENDPOINT)["EndpointName"] == f"bench-{name}"
        (variant,) = [each for each in one(given, CONFIG)["ProductionVariants"] if each]
        assert variant["VariantName"] == "live"

    @pytest.mark.parametrize("parameters", [{}, RELEASED, BOTH], ids=["nothing", "live", "both"])
    @pytest.mark.parametrize("name", sorted(PLANS))
    def test_nothing_refers_to_what_is_not_made(
        self, templates: Mapping[str, Template], name: str, parameters: dict[str, str]
    ) -> None:
        given = templates[name].given(**parameters)
        absent = {each.logical_id for each in given.all()} - {each.logical_id for each in given.made()}
        for resource in given.made():
            assert set(referred(resource.body.get("Properties", {}), given)) & absent == set(), resource.path

    def test_neither_models_nor_configurations_have_names_that_would_block_their_successors(
        self, templates: Mapping[str, Template]
    ) -> None:
        for name in PLANS:
            given = templates[name].given(**BOTH)
            assert not [each for each in given.made(MODEL) if "ModelName" in each.properties]
            assert "EndpointConfigName" not in one(given, CONFIG)

    @pytest.mark.parametrize(
        ("change", "sound"),
        [({}, True), ({"LiveVersion": ""}, False), ({"LiveImage": ""}, False), ({"LiveModelData": ""}, False)],
    )
    def test_a_model_is_released_whole_or_not_at_all(
        self, templates: Mapping[str, Template], change: dict[str, str], sound: bool
    ) -> None:
        given = templates["Plain"].given(**{**RELEASED, **change})
        assert given.holds(given.body["Rules"]["LiveIsWhole"]["Assertions"][0]["Assert"]) is sound

    def test_a_challenger_is_refused_where_none_is_planned(self, templates: Mapping[str, Template]) -> None:
        for parameters, sound in ((RELEASED, True), (BOTH, False), ({**RELEASED, "ChallengerWeight": "5"}, False)):
            given = templates["Plain"].given(**parameters)
            assert given.holds(given.body["Rules"]["NoChallenger"]["Assertions"][0]["Assert"]) is sound

    @pytest.mark.parametrize(
        ("parameter", "good", "bad"),
        [
            ("LiveModelData", "s3://artifacts/x/model.tar.gz", "https://example.org/model.tar.gz"),
            ("LiveModelDigest", DIGEST, DIGEST[:-1]),
            ("LiveImage", f"jobs@sha256:{DIGEST}", "jobs:latest"),
            ("LiveVersion", "12", "0"),
            ("ChallengerWeight", "100", "101"),
        ],
    )
    def test_a_parameter_takes_its_kind_and_nothing_else(
        self, templates: Mapping[str, Template], parameter: str, good: str, bad: str
    ) -> None:
        body = templates["Plain"].body["Parameters"][parameter]
        for value, sound in ((good, True), ("", True), (bad, False)):
            check = jsonschema.Draft202012Validator({"pattern": f"^(?:{body['AllowedPattern']})$"})
            assert check.is_valid(value) is sound, value

    def test_a_model_handed_over_by_hand_is_live_until_the_first_release(
        self, templates: Mapping[str, Template], archive: Path
    ) -> None:
        before, after = templates["HandedOver"], templates["HandedOver"].given(**RELEASED)
        handed = one(before, MODEL)["PrimaryContainer"]
        assert handed["Image"] == "jobs:1"
        assert handed["ModelDataUrl"].endswith(".tar.gz")
        assert handed["Environment"]["GOVML_MODEL_DIGEST"] == hashlib.sha256(archive.read_bytes()).hexdigest()
        assert one(after, MODEL)["PrimaryContainer"]["Image"] == RELEASED["LiveImage"]
        assert {each.logical_id for each in before.made()} == {each.logical_id for each in after.made()}

    def test_a_model_that_is_not_there_cannot_be_handed_over(self, scratch: BenchStack) -> None:
        with pytest.raises(FileNotFoundError, match="nowhere"):
            HandedOverModel(scratch, "HandedOver", location="/nowhere/model.tar.gz", image="jobs:1")

    def test_an_object_is_read_where_it_stands_and_nothing_beside_it(self, scratch: BenchStack) -> None:
        handed = HandedOverModel(scratch, "HandedOver", location="s3://theirs/a/model.tar.gz", image="jobs:1")
        (statement,) = handed.statements()
        assert statement.actions == ["s3:GetObject"]
        assert str(scratch.resolve(statement.resources[0])["Fn::Join"][1][-1]) == ":s3:::theirs/a/model.tar.gz"
