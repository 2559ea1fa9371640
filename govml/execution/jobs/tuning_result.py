"""What a tuning job leaves: the service's description of it, and every trial for the run's record."""

from __future__ import annotations

from govml.execution.jobs.job import Job, StepResult
from govml.execution.jobs.trials import Objective, Trial


def tuning_result(job: Job, ended: list[Trial], done: list[Trial], objective: Objective) -> StepResult:
    """Return the result of a tuning job; its properties are those of DescribeHyperParameterTuningJob.

    Args:
        job: the tuning job.
        ended: the trials that have a score, best first.
        done: all trials, in the order of the draws.
        objective: what was measured.
    """
    failed = len(done) - len(ended)
    summaries = [
        {
            "TrainingJobName": trial.name,
            "TrainingJobArn": f"{job.arn('training-job').rpartition('/')[0]}/{trial.name}",
            "TrainingJobStatus": "Completed",
            "TunedHyperParameters": trial.drawn,
            "FinalHyperParameterTuningJobObjectiveMetric": {
                "MetricName": objective.metric,
                "Type": "Minimize" if objective.minimise else "Maximize",
                "Value": trial.score,
            },
            "ObjectiveStatus": "Succeeded",
        }
        for trial in ended
    ]
    return StepResult(
        properties={
            **job.arguments,
            "HyperParameterTuningJobName": job.name,
            "HyperParameterTuningJobArn": job.arn("hyper-parameter-tuning-job"),
            "HyperParameterTuningJobStatus": "Completed",
            "BestTrainingJob": summaries[0],
            "TrainingJobSummaries": summaries,
            "TrainingJobStatusCounters": {"Completed": len(ended), "NonRetryableError": failed, "Stopped": 0},
            "ObjectiveStatusCounters": {"Succeeded": len(ended), "Failed": failed, "Pending": 0},
        },
        artifacts=(str(ended[0].model),),
        job_name=job.name,
        trials=tuple(
            {
                "name": trial.name,
                "parameters": trial.drawn,
                "score": trial.score,
                "seconds": round(trial.seconds, 3),
                "reason": trial.reason,
            }
            for trial in done
        ),
        isolation=job.host.isolation.description
        if job.arguments["TrainingJobDefinition"].get("EnableNetworkIsolation")
        else "",
    )
