"""All stacks of one deployment, in the order they are deployed: read this first."""

from collections.abc import Callable
from typing import TypeVar

from aws_cdk import App, Tags

from infra_cdk.apps import APPS, SITES, STREAMLITS
from infra_cdk.config import Deployment
from infra_cdk.stacks.deployed_stack import Place
from infra_cdk.stacks.health import Health
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.observability import Observability
from infra_cdk.stacks.pipelines import Pipelines
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.product import Product
from infra_cdk.stacks.proxy import Proxy
from infra_cdk.stacks.public import Public
from infra_cdk.stacks.registry import Registry
from infra_cdk.stacks.sign_in import SignIn
from infra_cdk.stacks.site import Site
from infra_cdk.stacks.stores import Stores
from infra_cdk.stacks.streamlit import Streamlit
from infra_cdk.stacks.workers import Workers

T = TypeVar("T")


class Topology:
    """Each line asks only for what stands above it, which is why no two stacks can need each other."""

    def __init__(self, app: App, deployment: Deployment) -> None:
        self._app, self._deployment = app, deployment
        self.network = self._add(Network, "Network")
        self.stores = self._add(Stores, "Stores", self.network)
        self.proxy = self._add(Proxy, "Proxy", self.network, self.stores)
        self.sign_in = self._add(SignIn, "SignIn")
        self.ingress = self._add(Ingress, "Ingress", self.network, self.stores, self.sign_in)
        self.registry = self._add(Registry, "Registry")
        self.platform = self._add(Platform, "Platform", self.network)
        self._add_services()
        self._add_names()
        self._add_operations()
        # A proxy's target group says that it takes tags, and refuses them.
        for tag, value in (("project", "kotonoha"), ("deployment", deployment.name)):
            Tags.of(app).add(tag, value, exclude_resource_types=["AWS::RDS::DBProxyTargetGroup"])

    def _add(self, kind: Callable[..., T], part: str, *below: object) -> T:
        """A stack, and the stacks below it that it asks for."""
        return kind(Place(self._app, self._deployment, part), *below)

    def _add_services(self) -> None:
        network, ingress, registry, platform = self.network, self.ingress, self.registry, self.platform
        keeping = (self.stores, self.proxy, self.sign_in)
        self.workers = self._add(Workers, "Workers", network, *keeping, registry, platform)
        self.products = {
            spec.slug: self._add(Product, f"App-{spec.slug}", spec, network, *keeping, ingress, registry, platform)
            for spec in APPS
        }
        self.pages = {
            spec.slug: self._add(Streamlit, f"Pages-{spec.slug}", spec, network, ingress, registry, platform)
            for spec in STREAMLITS
        }

    def _add_names(self) -> None:
        around = (self.ingress, self.stores, self.platform)
        self.sites = {spec.slug: self._add(Site, f"Site-{spec.slug}", spec, *around) for spec in SITES}
        self.publics = {spec.slug: self._add(Public, f"Public-{spec.slug}", spec, *around) for spec in STREAMLITS}

    def _add_operations(self) -> None:
        released = (self.network, self.stores, self.sign_in, self.registry, self.sites)
        self.pipelines = self._add(Pipelines, "Pipelines", *released)
        around = (self.ingress, self.platform, self.workers)
        self.health = {
            spec.slug: self._add(
                Health, f"Health-{spec.slug}", spec, self.products[spec.slug], self.pages.get(spec.slug), *around
            )
            for spec in APPS
        }
        self.observability = self._add(Observability, "Observability", self.stores, self.ingress, self.platform, self.workers)
