"""Nobody gave us keys to sign requests to Amazon with, and nobody will before a person does."""

from botocore.exceptions import NoAuthTokenError, NoCredentialsError, PartialCredentialsError, SSOError, TokenRetrievalError

KEYLESS = (NoCredentialsError, PartialCredentialsError, NoAuthTokenError, TokenRetrievalError, SSOError)
