"""How a platform for browser tests differs from anybody's."""

TUNING = {
    # What is lost is found again before a test grows old.
    "KOTONOHA_LEASE_SECONDS": "3",
    "KOTONOHA_HEARTBEAT_SECONDS": "1",
    "KOTONOHA_BACKOFF_BASE_SECONDS": "0.1",
    "KOTONOHA_BACKOFF_CAP_SECONDS": "1",
}
