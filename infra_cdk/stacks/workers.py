"""One worker service for each queue, each with the permissions of its one resource."""

from aws_cdk import aws_iam as iam

from infra_cdk.apps import QUEUES
from infra_cdk.config import Deployment
from infra_cdk.constructs.bedrock_grant import (
    clear_litter,
    image_grants,
    keep_artifacts,
    read_quarantine,
    speech_grants,
    text_grants,
)
from infra_cdk.constructs.environment import image_tag, secrets_of, settings_of
from infra_cdk.constructs.fargate_app import FargateApp, Task
from infra_cdk.constructs.spot_worker import SpotWorker
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.proxy import Proxy
from infra_cdk.stacks.registry import Registry
from infra_cdk.stacks.sign_in import SignIn
from infra_cdk.stacks.stores import Stores


class Workers(DeployedStack):
    """Deployed before the apis: a worker must know a kind before anybody may ask for it."""

    def __init__(
        self,
        place: Place,
        network: Network,
        stores: Stores,
        proxy: Proxy,
        sign_in: SignIn,
        registry: Registry,
        platform: Platform,
    ) -> None:
        super().__init__(place)
        tag = image_tag(self)
        settings = settings_of(self.deployment, stores, sign_in, platform, "lang-portal")
        self.apps: dict[str, FargateApp] = {}
        for queue in QUEUES:
            task = Task(
                name=f"{self.deployment.name}-worker-{queue}",
                repository=registry.repositories["worker"],
                tag=tag,
                command=["python", "-m", "workers.main", "--queues", queue],
                environment=settings,
                secrets=secrets_of(stores, proxy),
                permissions=_grants(queue, self.deployment, platform, stores.media.bucket_arn),
                collector=self.deployment.collector_image,
            )
            self.apps[queue] = SpotWorker(self, queue, task, self.deployment.fleet, network, platform).app


def _grants(queue: str, deployment: Deployment, platform: Platform, bucket_arn: str) -> list[iam.PolicyStatement]:
    guardrail = platform.guardrail.attr_guardrail_arn
    return {
        # What is written is a row, not a file.
        "text": text_grants(deployment, guardrail),
        "image": [
            *image_grants(deployment),
            *keep_artifacts(bucket_arn, "image"),
            *read_quarantine(bucket_arn),
            *clear_litter(bucket_arn),
        ],
        "speech": [*speech_grants(), *keep_artifacts(bucket_arn, "audio")],
    }[queue]
