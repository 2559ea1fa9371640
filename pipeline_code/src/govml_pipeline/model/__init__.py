"""The model: training, and the artefact that carries it."""

import os

# Read by OpenMP when XGBoost is loaded, which this package's modules do: waiting threads sleep instead of spinning. On two
# busy cores spinning made a training of 30 s last 194 s; on idle ones the difference is within the noise.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
