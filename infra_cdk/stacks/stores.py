"""What must not be lost: PostgreSQL, files, and Valkey, which only rings bells."""

from collections.abc import Iterator

from aws_cdk import Duration, RemovalPolicy, SecretValue
from aws_cdk import aws_backup as backup
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_events as events
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secrets

from infra_cdk.apps import APPS
from infra_cdk.config import ZONES
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.network import PRIVATE, Network

DATABASE = "kotonoha"
APP_USER = "kotonoha_app"
OWNER = "kotonoha_owner"
# The version the tests run on; SQL may be no newer.
ENGINE = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_18_4)
PARAMETERS = {
    "rds.force_ssl": "1",
    "log_min_duration_statement": "-1",
    "log_statement": "none",
    # In milliseconds. What a frozen task had locked it would hold for a day, as the limit for idle transactions says, and for
    # ever when it froze between a Parse and its Bind, which counts as busy.
    "transaction_timeout": "3000",
}
TIERED_FROM_BYTES = 128 * 1024
"""Intelligent-Tiering leaves smaller files where they are and charges for watching them."""


class Stores(DeployedStack):
    """Groups of database and cache live here: their rules carry the ports of what they guard. The apps' user has a password
    before it exists: the first migration makes it with this one."""

    holds = True

    def __init__(self, place: Place, network: Network) -> None:
        super().__init__(place)
        self._network = network
        self._copied = RemovalPolicy.SNAPSHOT if self.deployment.keeps_everything else RemovalPolicy.DESTROY
        self.logs = self._make_logs_bucket()
        self.media = self._make_media_bucket()
        self.cluster = self._make_cluster()
        self.database_group.add_ingress_rule(network.builds, ec2.Port.tcp(5432), "Migrations go past the proxy")
        self.app_password = self._password("AppPassword", f'{{"username":"{APP_USER}"}}')
        self._back_up()
        self.cache, token = self._make_cache()
        self.redis_url = self._keep_url(f"rediss://:{token}@{self.cache.attr_primary_end_point_address}:6379/0")

    def _bucket(self, name: str, **options: object) -> s3.Bucket:
        return s3.Bucket(
            self,
            name,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            removal_policy=self.removal,
            **options,
        )

    def _make_logs_bucket(self) -> s3.Bucket:
        return self._bucket(
            "Logs",
            # CloudFront writes its logs as another account would.
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
            lifecycle_rules=[s3.LifecycleRule(id="logs-leave", expiration=Duration.days(30))],
        )

    def _make_media_bucket(self) -> s3.Bucket:
        day = Duration.days(1)
        tiering = s3.Transition(storage_class=s3.StorageClass.INTELLIGENT_TIERING, transition_after=Duration.days(0))
        return self._bucket(
            "Media",
            versioned=True,
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="media/",
            cors=[
                s3.CorsRule(
                    allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.POST],
                    allowed_origins=[f"https://{self.deployment.host(app.label)}" for app in APPS],
                )
            ],
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="tiering", transitions=[tiering], object_size_greater_than=TIERED_FROM_BYTES, prefix="artifacts/"
                ),
                # A mistake can be taken back for a day. What a learner deleted must not lie here for longer, and a day is the
                # least there is: workers may hide a file, and nobody may destroy one.
                s3.LifecycleRule(
                    id="old-versions",
                    noncurrent_version_expiration=day,
                    expired_object_delete_marker=True,
                    abort_incomplete_multipart_upload_after=day,
                ),
                s3.LifecycleRule(id="quarantine", prefix="quarantine/", expiration=day),
            ],
        )

    def _make_cluster(self) -> rds.DatabaseCluster:
        self.database_group = self._group("Database", "Aurora")
        writer, *readers = self._instances()
        name = f"kotonoha-{self.deployment.name}"
        told = self._make_log(name)
        cluster = rds.DatabaseCluster(
            self,
            "Cluster",
            cluster_identifier=name,
            engine=ENGINE,
            writer=writer,
            readers=readers,
            credentials=rds.Credentials.from_username(OWNER),
            manage_master_user_password=True,
            default_database_name=DATABASE,
            vpc=self._network.vpc,
            vpc_subnets=PRIVATE,
            security_groups=[self.database_group],
            storage_encrypted=True,
            iam_authentication=True,
            parameters=PARAMETERS,
            backup=rds.BackupProps(retention=Duration.days(7), preferred_window="17:00-18:00"),
            cloudwatch_logs_exports=["postgresql"],
            deletion_protection=self.deployment.keeps_everything,
            removal_policy=self._copied,
        )
        cluster.node.add_dependency(told)
        return cluster

    def _instances(self) -> Iterator[rds.IClusterInstance]:
        """The first writes. Their zones are said, or Aurora may put both into one; their version is ENGINE's, which AWS may not
        move to another one by itself."""
        size = ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM)
        each = {"instance_type": size, "publicly_accessible": False, "auto_minor_version_upgrade": False}
        yield rds.ClusterInstance.provisioned("Writer", availability_zone=ZONES[0], **each)
        for number in range(1, self.deployment.database_instances):
            yield rds.ClusterInstance.provisioned(f"Reader{number}", promotion_tier=0, availability_zone=ZONES[number], **each)

    def _make_log(self, cluster: str) -> logs.LogGroup:
        """Made by us, or RDS makes one that keeps everything for ever."""
        return logs.LogGroup(
            self,
            "DatabaseLog",
            log_group_name=f"/aws/rds/cluster/{cluster}/postgresql",
            retention=logs.RetentionDays.ONE_WEEK,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _group(self, name: str, description: str) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self, f"{name}Group", vpc=self._network.vpc, description=description, allow_all_outbound=False)

    def _password(self, name: str, template: str) -> secrets.Secret:
        generated = secrets.SecretStringGenerator(
            secret_string_template=template, generate_string_key="password", exclude_punctuation=True, password_length=40
        )
        return secrets.Secret(self, name, generate_secret_string=generated, removal_policy=self.removal)

    def _keep_url(self, url: str) -> secrets.Secret:
        """The whole URL is one secret, for that is what a process reads; the password in it is resolved while deploying."""
        return secrets.Secret(
            self, "RedisUrl", secret_string_value=SecretValue.unsafe_plain_text(url), removal_policy=self.removal
        )

    def _back_up(self) -> None:
        plan = backup.BackupPlan(self, "Backups", backup_vault=backup.BackupVault(self, "Vault", removal_policy=self.removal))
        plan.add_rule(
            backup.BackupPlanRule(
                rule_name="daily",
                schedule_expression=events.Schedule.cron(hour="18", minute="0"),
                delete_after=Duration.days(7),
            )
        )
        plan.add_selection("Database", resources=[backup.BackupResource.from_rds_database_cluster(self.cluster)])

    def _make_cache(self) -> tuple[elasticache.CfnReplicationGroup, str]:
        many = self.deployment.cache_nodes > 1
        token = self._password("CacheToken", '{"username":"default"}').secret_value_from_json("password").unsafe_unwrap()
        group = self._group("Cache", "Valkey")
        group.add_ingress_rule(self._network.tasks, ec2.Port.tcp(6379), "Tasks")
        cache = elasticache.CfnReplicationGroup(
            self,
            "Cache",
            replication_group_description="Bells, events in flight and limits",
            engine="valkey",
            engine_version="8.0",
            cache_node_type="cache.t4g.micro",
            num_cache_clusters=self.deployment.cache_nodes,
            automatic_failover_enabled=many,
            multi_az_enabled=many,
            cache_subnet_group_name=self._cache_subnets().ref,
            cache_parameter_group_name=self._cache_parameters().ref,
            security_group_ids=[group.security_group_id],
            at_rest_encryption_enabled=True,
            transit_encryption_enabled=True,
            auth_token=token,
            snapshot_retention_limit=1,
            port=6379,
        )
        cache.apply_removal_policy(self._copied)
        return cache, token

    def _cache_subnets(self) -> elasticache.CfnSubnetGroup:
        return elasticache.CfnSubnetGroup(
            self,
            "CacheSubnets",
            description="Private subnets",
            subnet_ids=[subnet.subnet_id for subnet in self._network.vpc.private_subnets],
        )

    def _cache_parameters(self) -> elasticache.CfnParameterGroup:
        """The queues have expiry times: any other policy would throw them away first."""
        return elasticache.CfnParameterGroup(
            self,
            "CacheParameters",
            cache_parameter_group_family="valkey8",
            description="Nothing is evicted",
            properties={"maxmemory-policy": "noeviction", "cluster-enabled": "no"},
        )
