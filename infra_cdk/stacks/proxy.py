"""What stands between the apps and the database: made by a release, once there is a user for it to come as."""

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secrets

from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.network import PRIVATE, Network
from infra_cdk.stacks.stores import APP_USER, DATABASE, ENGINE, Stores

POSTGRES = 5432


class Proxy(DeployedStack):
    """CloudFormation waits until its target answers, and it answers nobody before a migration has made the apps' user."""

    def __init__(self, place: Place, network: Network, stores: Stores) -> None:
        super().__init__(place)
        self._network, self._stores = network, stores
        proxy = self._make_proxy()
        password = stores.app_password.secret_value_from_json("password").unsafe_unwrap()
        self.database_url = self._keep_url(f"postgresql://{APP_USER}:{password}@{proxy.endpoint}:{POSTGRES}/{DATABASE}")

    def _make_proxy(self) -> rds.DatabaseProxy:
        group = ec2.SecurityGroup(self, "ProxyGroup", vpc=self._network.vpc, description="RDS Proxy", allow_all_outbound=False)
        group.add_ingress_rule(self._network.tasks, ec2.Port.tcp(POSTGRES), "Tasks")
        database = ec2.SecurityGroup.from_security_group_id(self, "DatabaseGroup", self._stores.database_group.security_group_id)
        proxy = rds.DatabaseProxy(
            self,
            "Proxy",
            proxy_target=rds.ProxyTarget.from_cluster(self._seen_from_here(database)),
            db_proxy_name=f"kotonoha-{self.deployment.name}",
            secrets=[self._stores.app_password],
            vpc=self._network.vpc,
            vpc_subnets=PRIVATE,
            security_groups=[group],
            require_tls=True,
            client_password_auth_type=rds.ClientPasswordAuthType.POSTGRES_SCRAM_SHA_256,
            max_connections_percent=90,
            borrow_timeout=Duration.seconds(10),
        )
        # Who waits for its target waits in vain before the rules between them are there.
        proxy.node.add_dependency(group, database)
        return proxy

    def _seen_from_here(self, group: ec2.ISecurityGroup) -> rds.IDatabaseCluster:
        """The cluster and its group by name: a rule written into their own stack would make it need this one."""
        return rds.DatabaseCluster.from_database_cluster_attributes(
            self,
            "Cluster",
            cluster_identifier=self._stores.cluster.cluster_identifier,
            engine=ENGINE,
            port=POSTGRES,
            security_groups=[group],
        )

    def _keep_url(self, url: str) -> secrets.Secret:
        """Put together from another secret, so it is made again rather than kept."""
        return secrets.Secret(self, "DatabaseUrl", secret_string_value=SecretValue.unsafe_plain_text(f"{url}?sslmode=require"))
