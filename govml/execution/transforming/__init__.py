"""What a batch transform does between S3 and the model's server: split, filter, ask, join, assemble.

Sources: SageMaker API reference, `CreateTransformJob`, `TransformInput`, `TransformOutput`, `DataProcessing`; developer guide,
"Associate Prediction Results with Input Records" and "Use Your Own Inference Code with Batch Transform".
"""
