"""Tools in the account: Bedrock writes and paints, Polly speaks."""
