"""Where images are kept: one repository a target of the Dockerfile, whose tags never move."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from infra_cdk.config import Deployment

IMAGES = ("api", "worker", "streamlit")


class Registry(Stack):
    """Deployed first: a task cannot start from an image that was never pushed."""

    def __init__(self, scope: Construct, name: str, deployment: Deployment, **options: object) -> None:
        super().__init__(scope, name, **options)
        self.repositories = {image: self._make(image, deployment) for image in IMAGES}

    def _make(self, image: str, deployment: Deployment) -> ecr.Repository:
        return ecr.Repository(
            self,
            image,
            repository_name=f"kotonoha-{deployment.name}/{image}",
            # A tag that moved would roll back to the same broken image.
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            image_scan_on_push=True,
            lifecycle_rules=[ecr.LifecycleRule(description="A month of rollbacks", max_image_count=60)],
            removal_policy=RemovalPolicy.RETAIN if deployment.keeps_everything else RemovalPolicy.DESTROY,
            empty_on_delete=False,
        )
