"""The pipeline in which the drift engine looks at a served model."""
