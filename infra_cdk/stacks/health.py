"""How one app is: a dashboard of its services, and questions to their logs. Deployed after them, and without the other apps."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_ssm as ssm

from infra_cdk.apps import QUEUES, AppSpec
from infra_cdk.constructs.answering_app import AnsweringApp
from infra_cdk.constructs.health_page import answers_of, load_of
from infra_cdk.constructs.questions import ask
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.product import Product
from infra_cdk.stacks.streamlit import Streamlit
from infra_cdk.stacks.workers import Workers


class Health(DeployedStack):
    """The workers' logs are asked as well, for a request goes through them. What is shown is read where it is kept with each
    deployment: a service or a target group whose name was imported could not be replaced."""

    def __init__(
        self,
        place: Place,
        spec: AppSpec,
        product: Product,
        pages: Streamlit | None,
        ingress: Ingress,
        platform: Platform,
        workers: Workers,
    ) -> None:
        super().__init__(place)
        for below in filter(None, (product, pages, workers)):
            self.add_dependency(below)
        self._cluster, self._balancer = platform.cluster.cluster_name, ingress.balancer.load_balancer_arn
        self._dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=f"kotonoha-{self.deployment.name}-{spec.slug}")
        services = {"api": product.api} | ({"pages": pages.pages} if pages else {})
        for part, app in services.items():
            self._show(f"{spec.slug} {part}", app)
        asked = [*services.values(), *(workers.apps[queue] for queue in QUEUES)]
        ask(self, f"kotonoha-{self.deployment.name}/{spec.slug}", [app.log_name for app in asked])

    def _show(self, title: str, app: AnsweringApp) -> None:
        arn = ssm.StringParameter.value_for_string_parameter(self, app.kept_target)
        target = elb.ApplicationTargetGroup.from_target_group_attributes(
            self, title, target_group_arn=arn, load_balancer_arns=self._balancer
        )
        self._dashboard.add_widgets(load_of(self, title, self._cluster, app), *answers_of(title, target))
