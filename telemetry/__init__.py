"""Traces, metrics and logs: the only room that imports opentelemetry."""
