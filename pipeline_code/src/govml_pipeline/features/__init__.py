"""Building blocks of fitted transformations. Each keeps its state in plain tables that are saved as JSON or Parquet."""
