"""The ways in: one internal balancer, API Gateway for the portal, firewalls and the certificate for every public name."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_secretsmanager as secrets

from infra_cdk.apps import APPS
from infra_cdk.constructs.web_acl import WebAcl, limit_one_address, only_from_the_edge
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.network import PRIVATE, Network
from infra_cdk.stacks.sign_in import RESOURCE, SCOPE, SignIn
from infra_cdk.stacks.stores import Stores


class Ingress(DeployedStack):
    """Nothing here has an address on the internet but API Gateway and, in the stacks above, CloudFront."""

    def __init__(self, place: Place, network: Network, stores: Stores, sign_in: SignIn) -> None:
        super().__init__(place)
        self._network, self._sign_in = network, sign_in
        self.zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=self.deployment.zone_id, zone_name=self.deployment.zone_name
        )
        self.certificate = acm.Certificate(
            self,
            "Certificate",
            domain_name=f"*.{self.deployment.zone_name}",
            validation=acm.CertificateValidation.from_dns(self.zone),
        )
        self.balancer = self._make_balancer(stores)
        self.public, self.internal = self._listen()
        self.edge = WebAcl(self, "Edge", "CLOUDFRONT", limit_one_address())
        self.regional = WebAcl(self, "Regional", "REGIONAL", only_from_the_edge(self._words(), self.deployment.private_zone))
        self.regional.protect("Balancer", self.balancer.load_balancer_arn)
        self._name_inside()
        self.api = self._make_gateway()
        self.regional.protect("Gateway", self.api.deployment_stage.stage_arn)

    def _make_balancer(self, stores: Stores) -> elb.ApplicationLoadBalancer:
        balancer = elb.ApplicationLoadBalancer(
            self,
            "Balancer",
            vpc=self._network.vpc,
            vpc_subnets=PRIVATE,
            internet_facing=False,
            security_group=self._network.balancer,
            # Sockets and streams say something every 15 s; the default of 60 s would do, if nobody ever stuttered.
            idle_timeout=Duration.seconds(120),
            drop_invalid_header_fields=True,
            deletion_protection=self.deployment.keeps_everything,
        )
        balancer.log_access_logs(stores.logs, "balancer")
        return balancer

    def _words(self) -> list[str]:
        """CloudFormation puts in what each secret holds; whoever may read the firewall or a distribution may read it too."""
        generated = secrets.SecretStringGenerator(exclude_punctuation=True, password_length=40)
        made = [
            secrets.Secret(self, f"Word{number}", secret_name=self.deployment.edge_word(number), generate_secret_string=generated)
            for number in self.deployment.edge_words
        ]
        return [each.secret_value.unsafe_unwrap() for each in made]

    def _listen(self) -> tuple[elb.ApplicationListener, elb.ApplicationListener]:
        nowhere = elb.ListenerAction.fixed_response(404, content_type="text/plain", message_body="Nothing lives here.")
        public = self.balancer.add_listener(
            "Public",
            port=443,
            protocol=elb.ApplicationProtocol.HTTPS,
            certificates=[self.certificate],
            ssl_policy=elb.SslPolicy.RECOMMENDED_TLS,
            default_action=nowhere,
            open=False,
        )
        internal = self.balancer.add_listener(
            "Internal", port=80, protocol=elb.ApplicationProtocol.HTTP, default_action=nowhere, open=False
        )
        return public, internal

    def _name_inside(self) -> None:
        for app in APPS:
            record = route53.ARecord(
                self,
                f"{app.slug}-internal",
                zone=self._network.private_zone,
                record_name=app.label,
                target=route53.RecordTarget.from_alias(targets.LoadBalancerTarget(self.balancer)),
            )
            record.node.default_child.add_property_override("AliasTarget.EvaluateTargetHealth", True)

    def _make_gateway(self) -> apigateway.RestApi:
        access = logs.LogGroup(self, "GatewayAccess", retention=logs.RetentionDays.ONE_WEEK, removal_policy=RemovalPolicy.DESTROY)
        api = apigateway.RestApi(
            self,
            "PortalApi",
            rest_api_name=f"kotonoha-{self.deployment.name}-portal",
            description="/api of the Lang Portal",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            # One for the account and region, by which API Gateway may write any log at all. It outlives the stack, for another
            # deployment of the account writes by it as well.
            cloud_watch_role=True,
            deploy_options=apigateway.StageOptions(
                # CloudFront keeps the path it was asked for, and the first part of it is the stage.
                stage_name="api",
                access_log_destination=apigateway.LogGroupLogDestination(access),
                access_log_format=apigateway.AccessLogFormat.json_with_standard_fields(
                    caller=False,
                    http_method=True,
                    ip=False,
                    protocol=True,
                    request_time=True,
                    resource_path=True,
                    response_length=True,
                    status=True,
                    user=False,
                ),
                metrics_enabled=True,
                tracing_enabled=True,
                throttling_rate_limit=200,
                throttling_burst_limit=400,
            ),
        )
        self._link(api)
        return api

    def _link(self, api: apigateway.RestApi) -> None:
        link = apigatewayv2.CfnVpcLink(
            self,
            "Link",
            name=f"kotonoha-{self.deployment.name}",
            subnet_ids=[subnet.subnet_id for subnet in self._network.vpc.private_subnets],
            security_group_ids=[self._network.link.security_group_id],
        )
        authorizer = apigateway.CognitoUserPoolsAuthorizer(self, "Authorizer", cognito_user_pools=[self._sign_in.pool])
        method = api.root.add_resource("{proxy+}").add_method(
            "ANY",
            apigateway.Integration(
                type=apigateway.IntegrationType.HTTP_PROXY,
                integration_http_method="ANY",
                uri=f"https://{self.deployment.host('lang-portal')}/api/{{proxy}}",
                options=apigateway.IntegrationOptions(
                    request_parameters={"integration.request.path.proxy": "method.request.path.proxy"}
                ),
            ),
            authorizer=authorizer,
            authorization_type=apigateway.AuthorizationType.COGNITO,
            authorization_scopes=[f"{RESOURCE}/{SCOPE}"],
            request_parameters={"method.request.path.proxy": True},
        )
        # A link to a balancer for applications is newer than the construct.
        target = {"ConnectionId": link.ref, "IntegrationTarget": self.balancer.load_balancer_arn}
        lead_through(api, method, {"ConnectionType": "VPC_LINK", **target})


def lead_through(api: apigateway.RestApi, method: apigateway.Method, way: dict[str, str]) -> None:
    """Override parts of a method's integration. What is deployed is a copy, made anew only when its name changes, and of
    overrides the name knows by itself nothing."""
    for name, value in way.items():
        method.node.default_child.add_property_override(f"Integration.{name}", value)
    api.latest_deployment.add_to_logical_id(way)
