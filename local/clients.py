"""The two programs that may ask for tokens, and where a sign-in may lead: loopback only."""

from urllib.parse import urlsplit

WEB = "kotonoha-web"
CLI = "kotonoha-cli"
CLIENT_IDS = (WEB, CLI)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(url: str) -> bool:
    """A plain http(s) URL of this machine: no user name that would disguise the host, no fragment (RFC 6749, 3.1.2)."""
    try:
        parts = urlsplit(url)
        named = parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK and parts.port != 0
    except ValueError:
        return False
    return named and "@" not in parts.netloc and not parts.fragment and "\\" not in url
