"""What all stacks of a deployment have in common: its name before theirs, its account and region."""

from dataclasses import dataclass

from aws_cdk import App, Environment, RemovalPolicy, Stack

from infra_cdk.config import REGION, Deployment


@dataclass(frozen=True)
class Place:
    """Where a stack goes: into which app, as which part of which deployment."""

    app: App
    deployment: Deployment
    part: str


class DeployedStack(Stack):
    """`Kotonoha-<deployment>-<part>`. One that `holds` what cannot be made again is not deleted as a whole either, where
    everything is kept; a service that never started has to be, before the next try."""

    holds = False

    def __init__(self, place: Place) -> None:
        given = place.deployment
        super().__init__(
            place.app,
            f"Kotonoha-{given.name}-{place.part}",
            env=Environment(account=given.account, region=REGION),
            termination_protection=given.keeps_everything and self.holds,
        )
        self.deployment = given

    @property
    def removal(self) -> RemovalPolicy:
        """What becomes of what a stack holds, once the stack lets it go."""
        return RemovalPolicy.RETAIN if self.deployment.keeps_everything else RemovalPolicy.DESTROY
