"""The keys the fakes know, the regions they stand in, and the variables that lead clients of Amazon to them."""

from typing import NamedTuple

ACCESS_KEY = "AKIAKOTONOHAFAKEONLY"
# Opens nothing but servers on loopback that were started with it.
SECRET_KEY = "kotonoha-fakes-know-this-and-amazon-does-not"  # noqa: S105
REGION, IMAGE_REGION = "us-east-1", "us-west-2"
"""Of everything, and of the model that paints."""
BUCKET = "kotonoha-media"


class Keys(NamedTuple):
    """`token` comes with those that were lent for some hours, as a task's role does, and with no others."""

    access: str
    secret: str
    token: str | None = None


LENT = Keys("ASIAKOTONOHAFAKEONLY", "what-a-role-of-the-fakes-signs-with", "a-session-of-the-fakes")
KNOWN = {keys.access: keys for keys in (Keys(ACCESS_KEY, SECRET_KEY), LENT)}

SETTINGS = {
    "providers": "aws",
    "aws_region": REGION,
    "media_bucket": BUCKET,
    "text_model": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "guardrail_id": "abcdef123456",
    "guardrail_version": "1",
    "image_model": "stability.sd3-5-large-v1:0",
    "image_region": IMAGE_REGION,
}
"""What a platform on the fakes is told; the fakes know every model and guardrail by any name Amazon could give it."""

QUOTAS = {"image_requests_per_minute": "300"}
"""More than a young account has: nobody pays here. Unless the user says otherwise."""


def variables(models_url: str, s3_url: str = "") -> dict[str, str]:
    """Those every SDK of Amazon reads: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html"""
    return {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        # Or a machine in the account would lend us its own keys.
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": models_url,
        "AWS_ENDPOINT_URL_POLLY": models_url,
        **({"AWS_ENDPOINT_URL_S3": s3_url} if s3_url else {}),
    }
