"""A Streamlit app at its public name: CloudFront before the balancer, so that one firewall stands before everything."""

from infra_cdk.apps import RELEASED, STREAMLIT_HEALTH, AppSpec
from infra_cdk.constructs.edge import distribute, publish, to_balancer, uncached
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.stores import Stores


class Public(DeployedStack):
    """Nothing is cached: a Streamlit page is a socket."""

    def __init__(self, place: Place, spec: AppSpec, ingress: Ingress, stores: Stores, platform: Platform) -> None:
        super().__init__(place)
        host = self.deployment.host(spec.label)
        self.distribution = distribute(self, host, ingress, stores, uncached(to_balancer(ingress)))
        publish(self, ingress, host, spec.label, self.distribution, STREAMLIT_HEALTH, platform.topic, rings=spec in RELEASED)
