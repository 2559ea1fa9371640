"""Local executor: runs a SageMaker pipeline definition on this machine, against the local account.

The definition is the one that is deployed (`sagemaker:DescribePipeline`); a container step is a subprocess in a
directory laid out as SageMaker lays out `/opt/ml`; objects, keys and model packages are those of the local account.
"""
