"""The VPC, three public and three private subnets, what leads out of it, and who may speak to whom."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53

from infra_cdk.apps import API_PORT, STREAMLIT_PORT
from infra_cdk.config import ZONES
from infra_cdk.stacks.deployed_stack import DeployedStack, Place

PRIVATE = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)


class Network(DeployedStack):
    """Security groups with literal ports live here, so that no stack above needs a rule in one below it."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.vpc = self._make_vpc()
        self._log_flows()
        self.tasks = self._group("Tasks", "Tasks of every app and worker", outbound=True)
        self.link = self._group("Link", "The link of API Gateway to the balancer", outbound=True)
        self.builds = self._group("Builds", "The one-off task that migrates", outbound=True)
        self.balancer = self._group("Balancer", "The application load balancer", outbound=False)
        # The keys that tokens are signed with are Cognito's, which has no endpoint in the VPC.
        self.balancer.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "Cognito's keys, through NAT")
        self._allow()
        self._add_endpoints()
        self.private_zone = route53.PrivateHostedZone(self, "Internal", zone_name=self.deployment.private_zone, vpc=self.vpc)

    def _make_vpc(self) -> ec2.Vpc:
        return ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.20.0.0/16"),
            availability_zones=list(ZONES),
            nat_gateways=self.deployment.nat_gateways,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24, map_public_ip_on_launch=False
                ),
                ec2.SubnetConfiguration(name="private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=20),
            ],
        )

    def _log_flows(self) -> None:
        group = logs.LogGroup(self, "Flows", retention=logs.RetentionDays.ONE_WEEK, removal_policy=RemovalPolicy.DESTROY)
        self.vpc.add_flow_log(
            "Rejected",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group),
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )

    def _group(self, name: str, description: str, *, outbound: bool) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self, name, vpc=self.vpc, description=description, allow_all_outbound=outbound)

    def _allow(self) -> None:
        edge = ec2.Peer.prefix_list(self.deployment.cloudfront_prefix_list)
        self.balancer.add_ingress_rule(edge, ec2.Port.tcp(443), "CloudFront's own addresses")
        self.balancer.add_ingress_rule(self.link, ec2.Port.tcp(443), "API Gateway")
        self.balancer.add_ingress_rule(self.tasks, ec2.Port.tcp(80), "Apps that call each other by internal name")
        for port in (API_PORT, STREAMLIT_PORT):
            self.balancer.add_egress_rule(self.tasks, ec2.Port.tcp(port), "Targets")
            self.tasks.add_ingress_rule(self.balancer, ec2.Port.tcp(port), "The balancer alone")

    def _add_endpoints(self) -> None:
        self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        if not self.deployment.endpoints:
            return
        group = self._group("Endpoints", "Interface endpoints", outbound=False)
        group.add_ingress_rule(self.tasks, ec2.Port.tcp(443), "Tasks")
        # The names of what has an endpoint lead there for everybody in the VPC; without this a migration could not even log.
        group.add_ingress_rule(self.builds, ec2.Port.tcp(443), "Migrations")
        for service in self.deployment.endpoints:
            self.vpc.add_interface_endpoint(
                service.replace(".", "-"),
                service=ec2.InterfaceVpcEndpointAwsService(service),
                security_groups=[group],
                subnets=PRIVATE,
                open=False,
            )
