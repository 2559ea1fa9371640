# %% [markdown]
# # Late service requests
# The pipeline's own functions, step by step; see docs/notebook.md.

# %%
from __future__ import annotations

from dataclasses import replace

import polars as pl

from govml_pipeline import notebook as nb
from usecases.service_requests.features import Features

use_case = nb.load_use_case("service_requests")
rows = nb.sample_rows(use_case, rows=6000, seed=1)  # real data: nb.load_rows(use_case, Path("raw"))
print(rows.group_by("region").agg(pl.len(), (pl.col("late") == "YES").mean().alias("late")).sort("region"))

# %% [markdown]
# Split by time, and fit the transformation on the training months.

# %%
prepared = nb.prepare(use_case, rows)
print(len(prepared.transformation.names), "features:", ", ".join(prepared.transformation.names))

# %%
model = nb.train(use_case, prepared)
print(model.metadata["training"])

# %% [markdown]
# Another idea: what if labels were known at once, and outliers were cut harder? A class of the notebook takes the place
# of the use case's; if it wins, it moves to `features.py` as it is.


# %%
class Mine(Features):
    """Features under trial."""

    settings = replace(Features.settings, clip=(0.01, 0.99), label_delay=0)


mine = replace(use_case, transformation=Mine)
other = nb.train(mine, nb.prepare(mine, rows), parameters={"max_depth": 4})
for name, candidate in (("as it is", model), ("mine", other)):
    training = candidate.metadata["training"]
    print(f"{name}: {training['validation_metric']} {training['validation_score']:.4f} on the validation months")

# %% [markdown]
# Why is the request most likely to be late where it is?

# %%
predictions = model.predict(prepared.split.test)
row = int(predictions["probability:YES"].arg_max() or 0)
why = model.contributions(prepared.split.test[row])
if why is not None:
    strongest = sorted(zip(why.names, why.values[0], strict=True), key=lambda item: -abs(item[1]))
    print(predictions[row], *(f"{name}: {value:+.2f}" for name, value in strongest[:5]), sep="\n")

# %%
report, evaluated = nb.evaluate(model, prepared.split.test)
print({name: entry["value"] for name, entry in report["binary_classification_metrics"].items()})
