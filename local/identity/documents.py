"""What the provider says about itself (OpenID Connect Discovery 1.0, section 3)."""

from msgspec import Struct

from local.tokens import SCOPES


class Discovery(Struct, frozen=True):
    """Clients read where to go and what is possible from here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str
    jwks_uri: str
    response_types_supported: tuple[str, ...] = ("code",)
    response_modes_supported: tuple[str, ...] = ("query",)
    grant_types_supported: tuple[str, ...] = ("authorization_code", "refresh_token")
    subject_types_supported: tuple[str, ...] = ("public",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("none",)
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    scopes_supported: tuple[str, ...] = SCOPES


def discover(issuer: str) -> Discovery:
    return Discovery(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/oauth2/authorize",
        token_endpoint=f"{issuer}/oauth2/token",
        end_session_endpoint=f"{issuer}/logout",
        jwks_uri=f"{issuer}/.well-known/jwks.json",
    )
