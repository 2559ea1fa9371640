"""The model: training, and the artefact that carries it."""
