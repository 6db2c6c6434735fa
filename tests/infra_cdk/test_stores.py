"""PostgreSQL behind its proxy, files, Valkey: sizes, copies, encryption and how long things are kept."""

import re

from core.db.let_app_in import USER
from infra_cdk.apps import APPS, QUEUES
from infra_cdk.stacks.stores import APP_USER, OWNER
from tests.infra_cdk.assembly import Assembly, Resource, flat, joined
from tests.infra_cdk.permissions import plain_name
from tests.infra_cdk.requirement import requirement
from tests.infra_cdk.test_pipelines import pipelines, stages


@requirement("S023-S024", "S059-S060", "S105-S106")
def test_aurora_is_postgresql_on_medium_instances(prod: Assembly) -> None:
    cluster = prod.one("AWS::RDS::DBCluster")

    assert (cluster["Engine"], cluster["EngineVersion"]) == ("aurora-postgresql", "18.4")
    assert cluster["DatabaseName"] == "kotonoha"
    for instance in prod.all("AWS::RDS::DBInstance"):
        assert prod.follow("Stores", instance["DBClusterIdentifier"]) == cluster
        assert (instance["Engine"], instance["DBInstanceClass"]) == ("aurora-postgresql", "db.t4g.medium")
        assert instance["PubliclyAccessible"] is False
        # Pinned: a minor version is ours to try first.
        assert instance["AutoMinorVersionUpgrade"] is False


@requirement("S025", "S061", "S107")
def test_production_has_a_second_instance_to_fail_over_to(prod: Assembly, dev: Assembly) -> None:
    """Multi-AZ, as Aurora has it: a reader of the same class in another zone, the first in line, and subnets in all three."""
    writer, reader = prod.all("AWS::RDS::DBInstance")
    subnets = [prod.follow("Stores", subnet) for subnet in prod.one("AWS::RDS::DBSubnetGroup")["SubnetIds"]]

    assert (writer["AvailabilityZone"], reader["AvailabilityZone"]) == ("us-east-1a", "us-east-1b")
    assert (writer["PromotionTier"], reader["PromotionTier"]) == (0, 0)
    assert sorted(subnet["AvailabilityZone"] for subnet in subnets) == ["us-east-1a", "us-east-1b", "us-east-1c"]
    assert prod.follow("Stores", prod.one("AWS::RDS::DBCluster")["DBSubnetGroupName"]) == prod.one("AWS::RDS::DBSubnetGroup")
    assert len(dev.all("AWS::RDS::DBInstance")) == 1


@requirement("S026-S028", "S062-S064", "S108-S110")
def test_the_database_can_go_back_seven_days_and_is_copied_daily(prod: Assembly) -> None:
    """Continuously, which is finer than every five minutes and is no setting; the daily copy is AWS Backup's, once Aurora's own
    is over."""
    cluster, plan = prod.one("AWS::RDS::DBCluster"), prod.one("AWS::Backup::BackupPlan")
    (rule,) = plan["BackupPlan"]["BackupPlanRule"]
    selected = prod.one("AWS::Backup::BackupSelection")
    copied = selected["BackupSelection"]

    assert (cluster["BackupRetentionPeriod"], cluster["PreferredBackupWindow"]) == (7, "17:00-18:00")
    assert rule["ScheduleExpression"] == "cron(0 18 * * ? *)"
    assert rule["Lifecycle"] == {"DeleteAfterDays": 7}
    assert prod.follow("Stores", rule["TargetBackupVault"]) == prod.one("AWS::Backup::BackupVault")
    assert prod.follow("Stores", selected["BackupPlanId"]) == plan
    assert [cluster.name in flat(each) for each in copied["Resources"]] == [True]
    assert prod.follow("Stores", copied["IamRoleArn"]).type == "AWS::IAM::Role"
    assert "EnableContinuousBackup" not in rule


@requirement("S030")
def test_the_volume_grows_by_itself_and_somebody_is_told(prod: Assembly) -> None:
    """Aurora has neither a least nor a most: the figures asked for are where somebody is told."""
    cluster = prod.one("AWS::RDS::DBCluster")
    alarms = [alarm for alarm in prod.all("AWS::CloudWatch::Alarm") if alarm.properties.get("MetricName") == "VolumeBytesUsed"]

    assert sorted(alarm["Threshold"] / 1024**3 for alarm in alarms) == [80, 100]
    for alarm in alarms:
        ((name, value),) = ((each["Name"], each["Value"]) for each in alarm["Dimensions"])
        assert (name, prod.follow(alarm.stack, value)) == ("DBClusterIdentifier", cluster)
        assert (alarm["ComparisonOperator"], alarm["Statistic"]) == ("GreaterThanThreshold", "Maximum")
    for one in (cluster, *prod.all("AWS::RDS::DBInstance")):
        assert not {"AllocatedStorage", "MaxAllocatedStorage"} & one.properties.keys()


@requirement("S029", "S065", "S111", "A006", "A010", "A030", "A032", "A047", "A049")
def test_apps_reach_the_database_through_the_proxy_as_a_user_who_owns_nothing(prod: Assembly) -> None:
    proxy, pooled = prod.one("AWS::RDS::DBProxy"), prod.one("AWS::RDS::DBProxyTargetGroup")
    password = prod.follow("Proxy", proxy["Auth"][0]["SecretArn"])
    cluster = prod.one("AWS::RDS::DBCluster")
    (url,) = [secret for secret in prod.all("AWS::SecretsManager::Secret") if secret.name.startswith("DatabaseUrl")]

    assert (proxy["EngineFamily"], proxy["RequireTLS"]) == ("POSTGRESQL", True)
    assert len(proxy["VpcSubnetIds"]) == 3
    assert pooled["ConnectionPoolConfigurationInfo"] == {"MaxConnectionsPercent": 90, "ConnectionBorrowTimeout": 10}
    assert prod.follow("Proxy", pooled["DBProxyName"]) == proxy
    assert [prod.follow("Proxy", one) for one in pooled["DBClusterIdentifiers"]] == [cluster]
    assert APP_USER in flat(password["GenerateSecretString"])
    assert cluster["MasterUsername"] == OWNER != APP_USER
    assert cluster["ManageMasterUserPassword"] is True
    # What the rule between them names as the cluster's port.
    assert cluster.properties.get("Port", 5432) == 5432
    assert {"Fn::GetAtt": [proxy.name, "Endpoint"]} in joined(url["SecretString"])
    assert "sslmode=require" in flat(url["SecretString"])
    told = [
        prod.follow(task.stack, secret["ValueFrom"])
        for task in prod.all("AWS::ECS::TaskDefinition")
        for container in task["ContainerDefinitions"]
        for secret in container.get("Secrets", [])
        if secret["Name"] == "KOTONOHA_DATABASE_URL"
    ]
    assert told == [url] * (len(APPS) + len(QUEUES))


def test_the_proxy_is_made_by_a_release_once_a_migration_has_made_the_user_it_comes_as(prod: Assembly) -> None:
    """CloudFormation waits until the target answers, and it answers nobody who is not there yet."""
    proxy, pooled = prod.one("AWS::RDS::DBProxy"), prod.one("AWS::RDS::DBProxyTargetGroup")
    backend = stages(pipelines(prod)["backend"])
    (made,) = backend["Proxy"]
    (migrate,) = backend["Migrate"]
    told = {
        each["Name"]: each["Value"]
        for each in prod.follow("Pipelines", migrate["Configuration"]["ProjectName"])["Environment"]["EnvironmentVariables"]
    }
    password, _ = joined(told["APP_PASSWORD"])

    assert list(backend).index("Migrate") < list(backend).index("Proxy") < list(backend).index("Workers")
    assert made["Configuration"]["StackName"] == f"Kotonoha-prod-{proxy.stack}"
    assert "ParameterOverrides" not in made["Configuration"]
    # The user is the one a migration makes, with the password the proxy comes with.
    assert APP_USER == USER
    assert prod.follow("Pipelines", password) == prod.follow("Proxy", proxy["Auth"][0]["SecretArn"])
    # Nobody who is deployed by hand before the first release needs it.
    assert {stack for stack in prod.templates if "Proxy" in prod.needs(stack)} == {
        "Workers",
        *(f"App-{app.slug}" for app in APPS),
    }
    # A target that no rule lets in would be waited for in vain.
    rules = {one.name for one in prod.resources("Proxy") if one.type.startswith("AWS::EC2::SecurityGroup")}
    assert set(pooled.body["DependsOn"]) >= rules


@requirement("S031-S033", "S066-S068", "A039")
def test_files_move_to_cheaper_storage_by_themselves(prod: Assembly) -> None:
    (media,) = [bucket for bucket in prod.all("AWS::S3::Bucket", "Stores") if bucket.name.startswith("Media")]
    rules = {rule["Id"]: rule for rule in media["LifecycleConfiguration"]["Rules"]}
    told = [
        task
        for task in prod.all("AWS::ECS::TaskDefinition", "Workers")
        if "KOTONOHA_MEDIA_BUCKET" in flat(task["ContainerDefinitions"])
    ]

    (move,) = rules["tiering"]["Transitions"]
    assert move == {"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 0}
    # Smaller ones stay where they are in any case, and would be charged for being watched.
    assert (rules["tiering"]["Prefix"], int(rules["tiering"]["ObjectSizeGreaterThan"])) == ("artifacts/", 128 * 1024)
    assert {rule["Status"] for rule in rules.values()} == {"Enabled"}
    # A folder of its own would leave others out.
    assert "Prefix" not in rules["old-versions"]
    assert rules["old-versions"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert rules["old-versions"]["ExpiredObjectDeleteMarker"] is True
    assert rules["quarantine"]["Prefix"] == "quarantine/"
    assert rules["quarantine"]["ExpirationInDays"] == 1
    assert media["VersioningConfiguration"] == {"Status": "Enabled"}
    assert len(told) == 3


@requirement("S117")
def test_everything_at_rest_is_encrypted(prod: Assembly, dev: Assembly) -> None:
    for deployment in (prod, dev):
        cache = deployment.one("AWS::ElastiCache::ReplicationGroup")

        assert deployment.one("AWS::RDS::DBCluster")["StorageEncrypted"] is True
        assert cache["AtRestEncryptionEnabled"] is True
        assert cache["TransitEncryptionEnabled"] is True
        for bucket in deployment.all("AWS::S3::Bucket"):
            (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
            assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in ("AES256", "aws:kms"), bucket.name
        assert deployment.follow("Platform", deployment.one("AWS::SNS::Topic")["KmsMasterKeyId"]) == deployment.one(
            "AWS::KMS::Key", "Platform"
        )
        assert deployment.one("AWS::RDS::DBClusterParameterGroup")["Parameters"]["rds.force_ssl"] == "1"


def test_a_task_that_freezes_in_a_transaction_holds_nobody_up(prod: Assembly) -> None:
    parameters = prod.one("AWS::RDS::DBClusterParameterGroup")["Parameters"]

    assert parameters["transaction_timeout"] == "3000"


def test_valkey_loses_no_bell(prod: Assembly, dev: Assembly) -> None:
    cache, kept = prod.one("AWS::ElastiCache::ReplicationGroup"), prod.one("AWS::ElastiCache::ParameterGroup")

    assert cache["Engine"] == "valkey"
    assert cache["NumCacheClusters"] == 2
    assert cache["MultiAZEnabled"] is True
    assert "NumNodeGroups" not in cache.properties
    assert kept["Properties"] == {"maxmemory-policy": "noeviction", "cluster-enabled": "no"}
    assert "resolve:secretsmanager" in flat(cache["AuthToken"])
    assert dev.one("AWS::ElastiCache::ReplicationGroup")["NumCacheClusters"] == 1


@requirement("A077")
def test_the_database_tells_its_log(prod: Assembly) -> None:
    cluster, log = prod.one("AWS::RDS::DBCluster"), prod.one("AWS::Logs::LogGroup", "Stores")

    assert cluster["EnableCloudwatchLogsExports"] == ["postgresql"]
    assert log["LogGroupName"] == f"/aws/rds/cluster/{cluster['DBClusterIdentifier']}/postgresql"


STATEFUL = {
    "AWS::RDS::DBCluster": "Snapshot",
    "AWS::S3::Bucket": "Retain",
    "AWS::SecretsManager::Secret": "Retain",
    "AWS::Backup::BackupVault": "Retain",
    "AWS::ElastiCache::ReplicationGroup": "Snapshot",
    "AWS::Cognito::UserPool": "Retain",
    "AWS::ECR::Repository": "Retain",
    "AWS::KMS::Key": "Retain",
}
"""What holds something that cannot be made again out of the repository, and what is left of it when its stack lets it go."""

BUILT_AGAIN = {"Pipelines/Artifacts", "Site-haiku/SiteFiles", "Site-lang-portal/SiteFiles", "Proxy/DatabaseUrl", "Ingress/Word1"}
"""Buckets of what a pipeline makes again from its commit, what is put together from another secret, and a word anybody
can think up again."""

STATELESS = {
    "AWS::RDS::DBInstance": "holds nothing: Aurora's data is the cluster's",
    "AWS::Logs::LogGroup": "is kept for a week in any case",
}


def stateful(deployment: Assembly) -> list[Resource]:
    found = [one for kind in STATEFUL for one in deployment.all(kind)]
    return [one for one in found if f"{one.stack}/{plain_name(one)}" not in BUILT_AGAIN]


def test_no_update_of_a_stack_deletes_what_cannot_be_made_again(prod: Assembly) -> None:
    """Neither when its resource leaves the template nor when a change replaces it."""
    found = stateful(prod)

    assert {one.type for one in found} == STATEFUL.keys()
    for one in found:
        left = STATEFUL[one.type]
        assert (one.body.get("DeletionPolicy"), one.body.get("UpdateReplacePolicy")) == (left, left), one.name


def test_what_is_asked_to_delete_it_refuses(prod: Assembly) -> None:
    balancer = prod.one("AWS::ElasticLoadBalancingV2::LoadBalancer")
    attributes = {each["Key"]: each["Value"] for each in balancer["LoadBalancerAttributes"]}

    assert prod.one("AWS::RDS::DBCluster")["DeletionProtection"] is True
    assert prod.one("AWS::Cognito::UserPool")["DeletionProtection"] == "ACTIVE"
    assert attributes["deletion_protection.enabled"] == "true"
    holding = {one.stack for one in stateful(prod)}
    assert {stack for stack in prod.templates if prod.told(stack).get("terminationProtection") is True} == holding


def test_every_kind_that_could_hold_something_was_thought_of(prod: Assembly) -> None:
    holding = (
        "::DB",
        "::S3::Bucket",
        "::Secret",
        "Vault",
        "ReplicationGroup",
        "UserPool",
        "::Repository",
        "::KMS::Key",
        "LogGroup",
    )
    # Of these, what only describes another.
    describing = r"Policy|Attachment|Group$|Proxy|UserPool(Client|Domain|ResourceServer)"
    kinds = {one.type for one in prod.resources() if any(word in one.type for word in holding)}
    kinds = {kind for kind in kinds if not re.search(describing, kind) or kind in (STATEFUL | STATELESS)}

    assert kinds == STATEFUL.keys() | STATELESS.keys()


def test_development_leaves_nothing_behind(dev: Assembly) -> None:
    assert {one.body["DeletionPolicy"] for one in stateful(dev)} == {"Delete"}
    assert dev.one("AWS::RDS::DBCluster").properties.get("DeletionProtection") is not True
