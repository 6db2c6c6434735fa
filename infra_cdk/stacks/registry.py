"""Where images are kept: one repository a target of the Dockerfile, whose tags never move."""

from aws_cdk import aws_ecr as ecr

from infra_cdk.stacks.deployed_stack import DeployedStack, Place

IMAGES = ("api", "worker", "streamlit")


class Registry(DeployedStack):
    """Deployed first: a task cannot start from an image that was never pushed."""

    holds = True

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.repositories = {image: self._make(image) for image in IMAGES}

    def _make(self, image: str) -> ecr.Repository:
        return ecr.Repository(
            self,
            image,
            repository_name=f"kotonoha-{self.deployment.name}/{image}",
            # A tag that moved would roll back to the same broken image.
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            image_scan_on_push=True,
            lifecycle_rules=[ecr.LifecycleRule(description="A month of rollbacks", max_image_count=60)],
            removal_policy=self.removal,
            empty_on_delete=False,
        )
