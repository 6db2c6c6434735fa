"""Who made what was answered: Amazon's name is for what Amazon was asked for, and for nothing a stand-in made."""

from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def answered_by(maker: str, endpoint: str) -> str:
    """`endpoint` is where the client asks. On this machine is no Amazon: what it would cost there is told, and nobody pays it."""
    if urlsplit(endpoint).hostname not in LOOPBACK:
        return maker
    return f"a stand-in for {maker}, on this machine: Amazon was not called, and its prices are not paid"
