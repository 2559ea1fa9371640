"""Two versions of a model with small reports, in the form in which the training pipeline writes them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from govml.release.bundle.version import Version

ARN = "arn:aws:sagemaker:ap-southeast-1:111122223333:model-package/agency-dev-hdb-resale"
REPORTS: dict[str, Any] = {
    "assessment": {
        "verdict": "accepted",
        "reason": "The model meets its one acceptance criterion: mape 4.1 (at most 6).",
        "criteria": [{"metric": "mape", "bound": "max", "limit": 6.0, "value": 4.1, "met": True}],
    },
    "metadata": {
        "model_version": "feedc0de00000002",
        "algorithm": "xgboost",
        "library": "xgboost 3.2.0",
        "contract": {"name": "hdb_resale", "version": 1},
        "code": {"archive": "abc.zip", "sha256": "c" * 64},
        "training": {
            "parameters": {"max_depth": 5, "eta": 0.1},
            "rounds": 72,
            "rows": {"train": 4107},
            "months": {"first": "2017-01", "last": "2024-08"},
        },
    },
    "evaluation": {
        "model_version": "feedc0de00000002",
        "window": {"first_month": "2024-09", "last_month": "2025-08"},
        "regression_metrics": {
            "mape": {"value": 4.1, "lower": 3.9, "upper": 4.3, "unit": "percent"},
            "r2": {"value": 0.96, "lower": 0.95, "upper": 0.97},
        },
        "champion": {
            "present": True,
            "compared": True,
            "model_version": "feedc0de00000001",
            "loss": "absolute percentage error",
            "rows": 560,
            "challenger": 4.1,
            "champion": 4.5,
            "improvement_percent": 8.9,
            "lower": 3.1,
            "upper": 14.2,
            "win_confidence": 0.99,
        },
    },
    "fairness": {
        "declared": True,
        "applies": "Errors are compared.",
        "groups": {
            "town": {
                "findings": [],
                "measures": {"mape_gap": 0.4, "mape_worst_ratio": 1.1},
                "values": {"BEDOK": {"n": 300, "mape": 4.0}, "YISHUN": {"n": 260, "mape": 4.4, "few": True}},
            }
        },
    },
    "explanation": {
        "method": "TreeSHAP",
        "features": [{"feature": "town", "share": 0.4, "meaning": "the town"}, {"feature": "storey", "share": 0.1}],
    },
    "robustness": {
        "error": "mape",
        "determinism": {"deterministic": True},
        "measures": {"deterministic": 1.0},
        "perturbations": {"noise": {"what": "noise of 1 %", "prediction_change": 0.2, "error_change": 0.01}},
    },
    "model_tests": {"failed": 0, "tests": [{"name": "larger_costs_more", "passed": True, "why": "It is so."}]},
    "operational": {"latency_p99_ms": 12.0, "model_size_mb": 1.4},
    "model_card": {"intended_uses": {"purpose_of_model": "Estimates."}, "model_overview": {"model_owner": "The team"}},
    "ai_verify": {
        "counts": {"answered": 1, "partly": 1, "unanswered": 0},
        "checks": [{"id": "2.1.1", "asks": "Why?", "status": "partly", "needs": "the owner's own weighing"}],
    },
    "validation": {
        "dataset": {
            "title": "Resale prices",
            "sha256": "d" * 64,
            "rows_read": 5000,
            "rows_accepted": 4990,
            "rows_quarantined": 10,
            "first_month": "2017-01",
            "last_month": "2025-08",
        },
        "warnings": [],
        "quarantine": {"by_reason": [{"column": "town", "reason": "unknown", "rows": 10}]},
        "columns": {"town": {"missing": 0, "distinct": 27, "minimum": "ANG MO KIO", "maximum": "YISHUN"}},
    },
}


def version(number: int = 2, reports: dict[str, Any] | None = None, **more: Any) -> Version:
    """Return a version; `reports` replaces the usual ones."""
    return Version(
        number=number,
        arn=f"{ARN}/{number}",
        status="PendingManualApproval",
        registered="2026-11-27T08:00:00+08:00",
        trained_by="arn:aws:sts::111122223333:assumed-role/agency-dev.data-scientist/tan",
        image="repository@sha256:" + "5" * 64,
        model_data="s3://artifacts/hdb-resale/runs/2/model.tar.gz",
        notes={"MlflowRunId": "2c9d"},
        reports=deepcopy(REPORTS) if reports is None else reports,
        **more,
    )


def champion() -> Version:
    """Return the model that is live: a little worse, with another depth, another code, and a column less."""
    reports = deepcopy(REPORTS)
    reports["metadata"] |= {"model_version": "feedc0de00000001", "code": {"archive": "b.zip", "sha256": "b" * 64}}
    reports["metadata"]["training"]["parameters"]["max_depth"] = 3
    reports["evaluation"]["regression_metrics"] = {
        "mape": {"value": 4.5, "lower": 4.35, "upper": 4.7},
        "r2": {"value": 0.97, "lower": 0.96, "upper": 0.98},
    }
    reports["explanation"]["features"] = [{"feature": "storey", "share": 0.5}]
    reports["validation"]["columns"] = {}
    return version(1, reports)
