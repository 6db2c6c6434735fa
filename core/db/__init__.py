"""The only home of SQL: one typed function a query, taking a connection and plain values."""
