"""One app's api: the same class four times, and nothing in it that knows which."""

from aws_cdk import aws_elasticloadbalancingv2 as elb

from infra_cdk.apps import API_HEALTH, API_PORT, AppSpec
from infra_cdk.constructs.answering_app import AnsweringApp
from infra_cdk.constructs.bedrock_grant import sign_links
from infra_cdk.constructs.environment import image_tag, secrets_of, settings_of
from infra_cdk.constructs.fargate_app import Task
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.proxy import Proxy
from infra_cdk.stacks.registry import Registry
from infra_cdk.stacks.sign_in import SignIn
from infra_cdk.stacks.stores import Stores

OPEN = ["/live", "/health/*", "/schema*", "/version"]
"""A browser's socket brings a ticket instead of a token; the rest is for everybody."""


class Product(DeployedStack):
    """Behind the balancer by its public name, with tokens checked, and by its internal name, for the other apps."""

    def __init__(
        self,
        place: Place,
        spec: AppSpec,
        network: Network,
        stores: Stores,
        proxy: Proxy,
        sign_in: SignIn,
        ingress: Ingress,
        registry: Registry,
        platform: Platform,
    ) -> None:
        super().__init__(place)
        self._spec, self._sign_in, self._ingress = spec, sign_in, ingress
        self.api = AnsweringApp(self, "Api", self._task(stores, proxy, registry, platform), network, platform)
        self.api.answer(self._route(), platform.topic)

    def _task(self, stores: Stores, proxy: Proxy, registry: Registry, platform: Platform) -> Task:
        deployment, spec = self.deployment, self._spec
        start = ["python", "-m", "api.main", "--host", "0.0.0.0", "--port", str(API_PORT), "--products", spec.product]  # noqa: S104  behind the balancer
        return Task(
            name=f"{deployment.name}-{spec.slug}-api",
            repository=registry.repositories["api"],
            tag=image_tag(self),
            command=start,
            environment=settings_of(deployment, stores, self._sign_in, platform, spec.label),
            secrets=secrets_of(stores, proxy),
            permissions=sign_links(stores.media.bucket_arn),
            port=API_PORT,
            health=API_HEALTH,
            on_demand=deployment.on_demand_base,
            collector=deployment.collector_image,
        )

    def _route(self) -> list[elb.ApplicationListenerRule]:
        spec, forward = self._spec, elb.ListenerAction.forward([self.api.target])
        host = self.deployment.host(spec.label)
        token = elb.ListenerAction.authenticate_jwt(
            issuer=self._sign_in.issuer, jwks_endpoint=self._sign_in.jwks_url, next=forward
        )
        preflight = elb.ListenerCondition.http_request_methods(["OPTIONS"])
        return [
            self._rule("Open", self._ingress.public, spec.rank, host, forward, paths(*OPEN)),
            self._rule("Preflight", self._ingress.public, spec.rank + 1, host, forward, paths("/api/*"), preflight),
            self._rule("Api", self._ingress.public, spec.rank + 2, host, token, paths("/api/*")),
            self._rule("Internal", self._ingress.internal, spec.rank, f"{spec.label}.{self.deployment.private_zone}", forward),
        ]

    def _rule(
        self,
        name: str,
        listener: elb.IApplicationListener,
        rank: int,
        host: str,
        action: elb.ListenerAction,
        *more: elb.ListenerCondition,
    ) -> elb.ApplicationListenerRule:
        conditions = [elb.ListenerCondition.host_headers([host]), *more]
        return elb.ApplicationListenerRule(
            self, f"{name}Rule", listener=listener, priority=rank, conditions=conditions, action=action
        )


def paths(*patterns: str) -> elb.ListenerCondition:
    return elb.ListenerCondition.path_patterns(list(patterns))
