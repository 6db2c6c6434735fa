"""How one app is: a dashboard of its services, and questions to their logs. Deployed after them, and without the other apps."""

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra_cdk.apps import QUEUES, AppSpec
from infra_cdk.config import Deployment
from infra_cdk.constructs.health_page import answers_of, load_of
from infra_cdk.constructs.questions import ask
from infra_cdk.stacks.product import Product
from infra_cdk.stacks.streamlit import Streamlit
from infra_cdk.stacks.workers import Workers


class Health(Stack):
    """The workers' logs are asked as well, for a request goes through them."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        deployment: Deployment,
        spec: AppSpec,
        product: Product,
        pages: Streamlit | None,
        workers: Workers,
        **options: object,
    ) -> None:
        super().__init__(scope, name, **options)
        services = {f"{spec.slug} api": (product.api, product.target)}
        if pages:
            services[f"{spec.slug} pages"] = (pages.pages, pages.target)
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=f"kotonoha-{deployment.name}-{spec.slug}")
        for title, (app, target) in services.items():
            dashboard.add_widgets(load_of(title, app), *answers_of(title, target))
        groups = [app.log for app, _ in services.values()] + [workers.apps[queue].log for queue in QUEUES]
        ask(self, f"kotonoha-{deployment.name}/{spec.slug}", groups)
