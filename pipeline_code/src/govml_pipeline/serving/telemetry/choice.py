"""Which observers there are, by environment variables: none but the log unless they are asked for.

OTEL_EXPORTER_OTLP_ENDPOINT    metrics and traces by OTLP over HTTP; the other variables of OpenTelemetry hold too
GOVML_METRICS=emf              metrics as lines of the log, in CloudWatch's embedded metric format
GOVML_METRICS=otlp             metrics as lines of the log, in OTLP's JSON form; emf,otlp: both
GOVML_TRACES=otlp              traces as lines of the log: of failures all, of other requests GOVML_TRACE_PERCENT (5)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.observation import Observer
from govml_pipeline.serving.telemetry.log import log


@contextmanager
def observers_from(environment: Mapping[str, str], model: Model) -> Iterator[list[Observer]]:
    """Yield the observers; what they still hold is sent on leaving.

    Args:
        environment: environment variables.
        model: the model that is served.

    Raises:
        UserError: a variable has a value that is none of those it may have, or a library is missing.
    """
    chosen: list[Observer] = [log]
    metrics, traces = _set(environment, "GOVML_METRICS", "emf", "otlp"), _set(environment, "GOVML_TRACES", "otlp")
    with ExitStack() as stack:
        if "emf" in metrics:
            from govml_pipeline.serving.telemetry.emf import EmbeddedMetrics

            chosen.append(stack.enter_context(EmbeddedMetrics(model.use_case.name)))
        if "otlp" in metrics | traces:
            from govml_pipeline.serving.telemetry.otlp import OpenTelemetry

            written = OpenTelemetry.to_log(model, metrics="otlp" in metrics, traces="otlp" in traces)
            chosen.append(stack.enter_context(written))
        asked = any(environment.get(name) for name in environment if name.startswith("OTEL_EXPORTER_OTLP_"))
        if asked and environment.get("OTEL_SDK_DISABLED", "").lower() != "true":
            try:
                from govml_pipeline.serving.telemetry.otlp import OpenTelemetry

                told = OpenTelemetry.by_environment(model)
            except ModuleNotFoundError as error:
                raise UserError(
                    f"OTEL_EXPORTER_OTLP_ENDPOINT is set, but there is no {error.name}",
                    hint="install the lock requirements/run.txt, or leave the variable out",
                ) from error
            chosen.append(stack.enter_context(told))
        yield chosen


def _set(environment: Mapping[str, str], name: str, *allowed: str) -> set[str]:
    text = environment.get(name, "")
    found = {part.strip() for part in text.split(",") if part.strip()}
    if not found <= set(allowed):
        raise UserError(f"{name}: {text!r}", hint=f"set it to {' or '.join(allowed)}, or leave it out")
    return found
