"""A small OpenID provider on loopback, with the paths and token shapes of Amazon Cognito: anybody may be anybody here."""
