"""A public name: its distribution, its records and the check that calls it from outside."""

from collections.abc import Mapping

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra_cdk.config import Deployment
from infra_cdk.constructs.alarms import watch_from_outside
from infra_cdk.constructs.web_acl import EDGE_HEADER
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.stores import Stores

ALL = cloudfront.AllowedMethods.ALLOW_ALL
HTTPS = cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS


def to_balancer(ingress: Ingress) -> origins.VpcOrigin:
    """The balancer has no address on the internet: whoever comes, comes through the firewall at the edge."""
    return origins.VpcOrigin.with_application_load_balancer(
        ingress.balancer,
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        https_port=443,
        read_timeout=Duration.seconds(60),
        keepalive_timeout=Duration.seconds(60),
        custom_headers=word_of(ingress.deployment),
    )


def word_of(deployment: Deployment) -> dict[str, str]:
    """What CloudFront says to whom it calls. By the secret's name: what is imported could not be exchanged for another."""
    word = SecretValue.secrets_manager(deployment.edge_word(deployment.edge_words[-1]))
    return {EDGE_HEADER: word.unsafe_unwrap()}


def uncached(origin: cloudfront.IOrigin, policy: cloudfront.IOriginRequestPolicy | None = None) -> cloudfront.BehaviorOptions:
    """Everything the browser said reaches the app, the host included, and nothing is kept."""
    return cloudfront.BehaviorOptions(
        origin=origin,
        allowed_methods=ALL,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=policy or cloudfront.OriginRequestPolicy.ALL_VIEWER,
        viewer_protocol_policy=HTTPS,
        compress=False,
    )


def distribute(
    scope: Construct,
    host: str,
    ingress: Ingress,
    stores: Stores,
    default: cloudfront.BehaviorOptions,
    others: Mapping[str, cloudfront.BehaviorOptions] | None = None,
    **options: object,
) -> cloudfront.Distribution:
    """One public name behind the firewall, with TLS of today, and a log of who asked."""
    return cloudfront.Distribution(
        scope,
        "Distribution",
        domain_names=[host],
        certificate=ingress.certificate,
        web_acl_id=ingress.edge.arn,
        minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        price_class=cloudfront.PriceClass.PRICE_CLASS_200,
        log_bucket=stores.logs,
        log_file_prefix=f"{host}/edge/",
        default_behavior=default,
        additional_behaviors=others,
        **options,
    )


def publish(
    scope: Construct,
    ingress: Ingress,
    host: str,
    label: str,
    distribution: cloudfront.Distribution,
    path: str,
    topic: sns.ITopic,
    *,
    rings: bool,
) -> None:
    """`rings` is whether somebody is told when nobody answers there: not of an app that is not built yet."""
    alias = route53.RecordTarget.from_alias(targets.CloudFrontTarget(distribution))
    route53.ARecord(scope, "A", zone=ingress.zone, record_name=label, target=alias)
    route53.AaaaRecord(scope, "Aaaa", zone=ingress.zone, record_name=label, target=alias)
    check = route53.CfnHealthCheck(
        scope,
        "Health",
        health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
            type="HTTPS", fully_qualified_domain_name=host, resource_path=path, port=443, request_interval=30, failure_threshold=3
        ),
    )
    watch_from_outside(scope, host, check, distribution, topic, rings=rings)
