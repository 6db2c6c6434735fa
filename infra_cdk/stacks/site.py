"""One React app at its public name."""

from infra_cdk.apps import RELEASED, AppSpec
from infra_cdk.constructs.edge import publish
from infra_cdk.constructs.static_site import StaticSite
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.stores import Stores


class Site(DeployedStack):
    """Files and calls under one name, as the browser's rules like it best."""

    def __init__(self, place: Place, spec: AppSpec, ingress: Ingress, stores: Stores, platform: Platform) -> None:
        super().__init__(place)
        host = self.deployment.host(spec.label)
        site = StaticSite(self, "Site", self.deployment, host, ingress, stores, gateway=spec.front == "gateway")
        self.bucket, self.distribution = site.bucket, site.distribution
        publish(self, ingress, host, spec.label, self.distribution, "/health/ready", platform.topic, rings=spec in RELEASED)
