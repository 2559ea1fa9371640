"""Stand-ins for the images that deployed pipelines name."""

from __future__ import annotations

import hashlib

from govml.local.images import manifest, named_images

DEFINITION = (
    '{"ImageUri": "111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/sandbox-dev-jobs:deps-1a2b", "other": "x:y"}'
)


def test_the_images_of_the_account_are_found_and_no_others() -> None:
    assert named_images(DEFINITION, "111122223333") == {("sandbox-dev-jobs", "deps-1a2b")}
    assert named_images(DEFINITION, "999999999999") == set()


def test_a_stand_in_has_the_same_digest_each_time_and_another_for_each_tag() -> None:
    digests = [hashlib.sha256(manifest("jobs", tag).encode()).hexdigest() for tag in ("a", "a", "b")]
    assert digests[0] == digests[1] != digests[2]
