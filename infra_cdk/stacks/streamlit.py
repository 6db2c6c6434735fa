"""The pages of one Streamlit app: a service of its own, whose learners stay with the process that knows them."""

from aws_cdk import Duration
from aws_cdk import aws_elasticloadbalancingv2 as elb

from infra_cdk.apps import STREAMLIT_HEALTH, STREAMLIT_PORT, AppSpec
from infra_cdk.constructs.answering_app import AnsweringApp
from infra_cdk.constructs.environment import image_tag
from infra_cdk.constructs.fargate_app import Task
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.registry import Registry


class Streamlit(DeployedStack):
    """It asks the apis by their internal names and holds no permission at all."""

    def __init__(
        self, place: Place, spec: AppSpec, network: Network, ingress: Ingress, registry: Registry, platform: Platform
    ) -> None:
        super().__init__(place)
        self.pages = AnsweringApp(self, "Pages", self._task(spec, registry), network, platform, sticky=Duration.days(1))
        rule = elb.ApplicationListenerRule(
            self,
            "PagesRule",
            listener=ingress.public,
            priority=spec.rank + 10,
            conditions=[elb.ListenerCondition.host_headers([self.deployment.host(spec.label)])],
            action=elb.ListenerAction.forward([self.pages.target]),
        )
        self.pages.answer([rule], platform.topic)

    def _task(self, spec: AppSpec, registry: Registry) -> Task:
        return Task(
            name=f"{self.deployment.name}-{spec.slug}-pages",
            repository=registry.repositories["streamlit"],
            tag=image_tag(self),
            # Where it listens is said in its image.
            command=["streamlit", "run", f"{spec.folder}/app.py"],
            environment={"KOTONOHA_PUBLIC_URL": f"https://{self.deployment.host(spec.label)}"},
            secrets={},
            permissions=[],
            port=STREAMLIT_PORT,
            health=STREAMLIT_HEALTH,
            collector=self.deployment.collector_image,
        )
