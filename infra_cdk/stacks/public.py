"""A Streamlit app at its public name: CloudFront before the balancer, so that one firewall stands before everything."""

from aws_cdk import Stack
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from infra_cdk.apps import STREAMLIT_HEALTH, AppSpec
from infra_cdk.config import Deployment
from infra_cdk.constructs.edge import publish, to_balancer, uncached
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.stores import Stores


class Public(Stack):
    """Nothing is cached: a Streamlit page is a socket."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        deployment: Deployment,
        spec: AppSpec,
        ingress: Ingress,
        stores: Stores,
        platform: Platform,
        **options: object,
    ) -> None:
        super().__init__(scope, name, **options)
        host = deployment.host(spec.label)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            domain_names=[host],
            certificate=ingress.certificate,
            web_acl_id=ingress.edge.arn,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_200,
            log_bucket=stores.logs,
            log_file_prefix=f"{host}/edge/",
            default_behavior=uncached(to_balancer(ingress)),
        )
        publish(self, ingress, host, spec.label, self.distribution, STREAMLIT_HEALTH, platform.topic)
