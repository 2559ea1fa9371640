"""The table of data classes: stricter classes are never handled more loosely."""

from itertools import pairwise
from typing import get_args

import pytest

from govml.settings.classification import HANDLING, DataClassification

ORDER = get_args(DataClassification)


def test_every_class_has_a_handling() -> None:
    assert tuple(HANDLING) == ORDER


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(ORDER)))
def test_a_higher_class_is_never_handled_more_loosely(lower: DataClassification, higher: DataClassification) -> None:
    loose, strict = HANDLING[lower], HANDLING[higher]
    assert strict.log_retention_days >= loose.log_retention_days >= 365
    assert strict.noncurrent_days >= loose.noncurrent_days
    assert strict.evidence_days >= loose.evidence_days >= 365
    assert (strict.evidence_lock == "COMPLIANCE") >= (loose.evidence_lock == "COMPLIANCE")
    assert strict.may_be_destroyed <= loose.may_be_destroyed
    assert strict.filtered_internet <= loose.filtered_internet


def test_confidential_data_is_never_destroyed_and_its_evidence_is_locked_for_all() -> None:
    handling = HANDLING["confidential"]
    assert not handling.may_be_destroyed
    assert not handling.filtered_internet
    assert handling.evidence_lock == "COMPLIANCE"
