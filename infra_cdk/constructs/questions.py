"""Questions to the logs, written down before somebody has to think of them at night."""

from collections.abc import Sequence

from aws_cdk import aws_logs as logs
from constructs import Construct

QUESTIONS = {
    "errors": "filter level in ['error', 'critical'] | stats count(*) as times, latest(trace_id) by event, exception",
    "parts-away": "filter event = 'part away' | stats count(*) as times by detail, cause, bin(5m) | sort times desc",
    "slowest-jobs": "filter event = 'job ended' | sort seconds desc | display kind, status, attempt, seconds, job_id | limit 50",
    "lost-jobs": "filter event in ['job lost', 'swept'] | stats count(*) as lost, sum(rescued) by kind, bin(5m)",
    "one-trace": "filter trace_id = 'put the id here' | sort at asc | display at, process, level, event, job_id",
    "lost-telemetry": "filter event = 'telemetry lost' | stats sum(traces), sum(metrics) by process, bin(5m)",
}
"""By name. Every event and field in them is one that the code logs; a house test holds them against it."""


def ask(scope: Construct, folder: str, names: Sequence[str]) -> None:
    """Saved in CloudWatch below `folder`, over the logs of these names."""
    for name, question in QUESTIONS.items():
        logs.CfnQueryDefinition(
            scope,
            name,
            name=f"{folder}/{name}",
            query_string=f"fields @timestamp, event, trace_id | {question}",
            log_group_names=list(names),
        )
