"""The one pair of keys the fakes know, and the variables that lead clients of Amazon to them."""

ACCESS_KEY = "AKIAKOTONOHAFAKEONLY"
# Opens nothing but servers on loopback that were started with it.
SECRET_KEY = "kotonoha-fakes-know-this-and-amazon-does-not"  # noqa: S105
REGION = "us-east-1"


def variables(models_url: str) -> dict[str, str]:
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
    }
