"""What every process is told, as the variables it reads; the tests hold them against the settings."""

from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_ecs as ecs

from infra_cdk.apps import APPS
from infra_cdk.config import REGION, Deployment
from infra_cdk.constructs.answering_app import MOST
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.proxy import Proxy
from infra_cdk.stacks.sign_in import SignIn
from infra_cdk.stacks.stores import Stores

DRAIN_SECONDS = 90
HAND_BACK_SECONDS = 10
"""Of the 120 a Spot interruption leaves; the rest is for the last spans."""


def settings_of(deployment: Deployment, stores: Stores, sign_in: SignIn, platform: Platform, label: str) -> dict[str, str]:
    return {
        "KOTONOHA_PROVIDERS": "aws",
        "KOTONOHA_PUBLIC_URL": f"https://{deployment.host(label)}",
        "KOTONOHA_ALLOWED_ORIGINS": ",".join(f"https://{deployment.host(app.label)}" for app in APPS),
        "KOTONOHA_ISSUER": sign_in.issuer,
        "KOTONOHA_JWKS_URL": sign_in.jwks_url,
        "KOTONOHA_CLIENT_IDS": sign_in.client_ids,
        "KOTONOHA_AWS_REGION": REGION,
        "KOTONOHA_MEDIA_BUCKET": stores.media.bucket_name,
        "KOTONOHA_TEXT_MODEL": deployment.text_model.profile,
        "KOTONOHA_GUARDRAIL_ID": platform.guardrail.attr_guardrail_id,
        # Read anew by each release.
        "KOTONOHA_GUARDRAIL_VERSION": f"{{{{resolve:ssm:{platform.guardrail_parameter}}}}}",
        "KOTONOHA_IMAGE_MODEL": deployment.image_model.model,
        "KOTONOHA_IMAGE_REGION": deployment.image_model.region,
        "KOTONOHA_DRAIN_SECONDS": str(DRAIN_SECONDS),
        "KOTONOHA_HAND_BACK_SECONDS": str(HAND_BACK_SECONDS),
        "KOTONOHA_GRACE_SECONDS": str(DRAIN_SECONDS),
        "KOTONOHA_API_PROCESSES": str(MOST),
        "KOTONOHA_BUDGET_MICROUSD_PER_DAY": str(deployment.learner_budget_microusd),
        "KOTONOHA_SLOTS_PER_QUEUE": str(deployment.fleet.slots),
        "KOTONOHA_LEAST_WORKERS": str(deployment.fleet.least),
        "KOTONOHA_MOST_WORKERS": str(deployment.fleet.most),
    }


def secrets_of(stores: Stores, proxy: Proxy) -> dict[str, ecs.Secret]:
    return {
        "KOTONOHA_DATABASE_URL": ecs.Secret.from_secrets_manager(proxy.database_url),
        "KOTONOHA_REDIS_URL": ecs.Secret.from_secrets_manager(stores.redis_url),
    }


def image_tag(stack: Stack) -> str:
    """The commit the image was built from: never a tag that could mean another image tomorrow."""
    parameter = CfnParameter(
        stack,
        "ImageTag",
        type="String",
        description="Commit the image was built from",
        allowed_pattern="[0-9a-f]{7,40}",
        constraint_description="a commit, in hexadecimal",
    )
    return parameter.value_as_string
