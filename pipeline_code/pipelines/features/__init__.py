"""The pipeline that writes a use case's feature groups; `definition.json` is what gets deployed."""
