"""Where a transformation runs: one code in narwhals' expressions, on a laptop or in a job, or distributed on Spark.

`embedded` is Polars, streaming, in this process; `spark` a Spark session. What both are asked for is in `base`.
"""
