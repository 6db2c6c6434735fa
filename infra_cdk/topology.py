"""All stacks of one deployment, in the order they are deployed: read this first."""

from aws_cdk import App, Environment, Tags

from infra_cdk.apps import APPS, SITES, STREAMLITS
from infra_cdk.config import REGION, Deployment
from infra_cdk.stacks.health import Health
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.observability import Observability
from infra_cdk.stacks.pipelines import Pipelines
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.product import Product
from infra_cdk.stacks.public import Public
from infra_cdk.stacks.registry import Registry
from infra_cdk.stacks.sign_in import SignIn
from infra_cdk.stacks.site import Site
from infra_cdk.stacks.stores import Stores
from infra_cdk.stacks.streamlit import Streamlit
from infra_cdk.stacks.workers import Workers


class Topology:
    """Each line asks only for what stands above it, which is why no two stacks can need each other."""

    def __init__(self, app: App, deployment: Deployment) -> None:
        self._app, self._deployment = app, deployment
        self._options = {"env": Environment(account=deployment.account, region=REGION)}
        self.network = Network(app, self._name("Network"), deployment, **self._options)
        self.stores = Stores(app, self._name("Stores"), deployment, self.network, **self._options)
        self.sign_in = SignIn(app, self._name("SignIn"), deployment, **self._options)
        self.ingress = Ingress(app, self._name("Ingress"), deployment, self.network, self.stores, self.sign_in, **self._options)
        self.registry = Registry(app, self._name("Registry"), deployment, **self._options)
        self.platform = Platform(app, self._name("Platform"), deployment, self.network, **self._options)
        self._add_services()
        self._add_names()
        self._add_operations()
        # A proxy's target group says that it takes tags, and refuses them.
        for tag, value in (("project", "kotonoha"), ("deployment", deployment.name)):
            Tags.of(app).add(tag, value, exclude_resource_types=["AWS::RDS::DBProxyTargetGroup"])

    def _name(self, name: str) -> str:
        return f"Kotonoha-{self._deployment.name}-{name}"

    def _add_services(self) -> None:
        app, deployment, platform = self._app, self._deployment, self.platform
        self.workers = Workers(
            app,
            self._name("Workers"),
            deployment,
            self.network,
            self.stores,
            self.sign_in,
            self.registry,
            platform,
            **self._options,
        )
        self.products = {
            spec.slug: Product(
                app,
                self._name(f"App-{spec.slug}"),
                deployment,
                spec,
                self.network,
                self.stores,
                self.sign_in,
                self.ingress,
                self.registry,
                platform,
                **self._options,
            )
            for spec in APPS
        }
        self.pages = {
            spec.slug: Streamlit(
                app,
                self._name(f"Pages-{spec.slug}"),
                deployment,
                spec,
                self.network,
                self.ingress,
                self.registry,
                platform,
                **self._options,
            )
            for spec in STREAMLITS
        }

    def _add_names(self) -> None:
        around = (self.ingress, self.stores, self.platform)
        self.sites = {
            spec.slug: Site(self._app, self._name(f"Site-{spec.slug}"), self._deployment, spec, *around, **self._options)
            for spec in SITES
        }
        self.publics = {
            spec.slug: Public(self._app, self._name(f"Public-{spec.slug}"), self._deployment, spec, *around, **self._options)
            for spec in STREAMLITS
        }

    def _add_operations(self) -> None:
        self.pipelines = Pipelines(
            self._app,
            self._name("Pipelines"),
            self._deployment,
            self.network,
            self.stores,
            self.sign_in,
            self.registry,
            self.sites,
            **self._options,
        )
        self.health = {
            spec.slug: Health(
                self._app,
                self._name(f"Health-{spec.slug}"),
                self._deployment,
                spec,
                self.products[spec.slug],
                self.pages.get(spec.slug),
                self.workers,
                **self._options,
            )
            for spec in APPS
        }
        self.observability = Observability(
            self._app,
            self._name("Observability"),
            self._deployment,
            self.stores,
            self.ingress,
            self.platform,
            self.workers,
            **self._options,
        )
