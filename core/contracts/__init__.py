"""Frozen data only: every message that crosses a process, a table or the wire."""
