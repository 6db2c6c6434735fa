"""PostgreSQL behind its proxy, files, Valkey: sizes, copies, encryption and how long things are kept."""

from infra_cdk.stacks.stores import APP_USER, OWNER
from tests.infra_cdk.assembly import Assembly, flat
from tests.infra_cdk.requirement import requirement


@requirement("S023-S024", "S059-S060", "S105-S106")
def test_aurora_is_postgresql_on_medium_instances(prod: Assembly) -> None:
    cluster = prod.one("AWS::RDS::DBCluster")

    assert cluster["Engine"] == "aurora-postgresql"
    assert int(cluster["EngineVersion"].split(".")[0]) == 18
    assert {instance["DBInstanceClass"] for instance in prod.all("AWS::RDS::DBInstance")} == {"db.t4g.medium"}
    assert not any(instance["PubliclyAccessible"] for instance in prod.all("AWS::RDS::DBInstance"))


@requirement("S025", "S061", "S107")
def test_production_has_a_second_instance_to_fail_over_to(prod: Assembly, dev: Assembly) -> None:
    tiers = [instance.properties.get("PromotionTier") for instance in prod.all("AWS::RDS::DBInstance")]

    assert tiers == [0, 0]
    assert {instance["AvailabilityZone"] for instance in prod.all("AWS::RDS::DBInstance")} == {"us-east-1a", "us-east-1b"}
    assert len(dev.all("AWS::RDS::DBInstance")) == 1
    assert len(prod.one("AWS::RDS::DBSubnetGroup")["SubnetIds"]) == 3


@requirement("S026-S028", "S062-S064", "S108-S110")
def test_the_database_can_go_back_seven_days_and_is_copied_daily(prod: Assembly) -> None:
    cluster, plan = prod.one("AWS::RDS::DBCluster"), prod.one("AWS::Backup::BackupPlan")
    (rule,) = plan["BackupPlan"]["BackupPlanRule"]
    selection = prod.one("AWS::Backup::BackupSelection")["BackupSelection"]

    assert cluster["BackupRetentionPeriod"] == 7
    assert rule["ScheduleExpression"] == "cron(0 18 * * ? *)"
    assert rule["Lifecycle"] == {"DeleteAfterDays": 7}
    assert cluster.name in flat(selection["Resources"])


@requirement("S030")
def test_the_volume_grows_by_itself_and_somebody_is_told(prod: Assembly) -> None:
    alarms = [alarm for alarm in prod.all("AWS::CloudWatch::Alarm") if alarm.properties.get("MetricName") == "VolumeBytesUsed"]

    assert sorted(alarm["Threshold"] / 1024**3 for alarm in alarms) == [80, 100]
    assert not {"AllocatedStorage", "MaxAllocatedStorage"} & prod.one("AWS::RDS::DBCluster").properties.keys()


@requirement("S029", "S065", "S111", "A006", "A010", "A030", "A032", "A047", "A049")
def test_apps_reach_the_database_through_the_proxy_as_a_user_who_owns_nothing(prod: Assembly) -> None:
    proxy, pooled = prod.one("AWS::RDS::DBProxy"), prod.one("AWS::RDS::DBProxyTargetGroup")
    password = prod.follow("Stores", proxy["Auth"][0]["SecretArn"])
    cluster = prod.one("AWS::RDS::DBCluster")
    (url,) = [secret for secret in prod.all("AWS::SecretsManager::Secret") if secret.name.startswith("DatabaseUrl")]

    assert proxy["RequireTLS"] is True
    assert pooled["ConnectionPoolConfigurationInfo"]["MaxConnectionsPercent"] == 90
    assert [prod.follow("Stores", one) for one in pooled["DBClusterIdentifiers"]] == [cluster]
    assert password
    assert APP_USER in flat(password["GenerateSecretString"])
    assert cluster["MasterUsername"] == OWNER != APP_USER
    assert cluster["ManageMasterUserPassword"] is True
    assert [proxy.name, "Endpoint"] == _asked_for(url["SecretString"])
    assert "sslmode=require" in flat(url["SecretString"])


def _asked_for(joined: dict[str, list[object]]) -> object:
    (attribute,) = [part["Fn::GetAtt"] for part in joined["Fn::Join"][1] if isinstance(part, dict) and "Fn::GetAtt" in part]  # type: ignore[attr-defined]
    return attribute


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
    # A folder of its own would leave others out.
    assert "Prefix" not in rules["old-versions"]
    assert rules["old-versions"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert rules["old-versions"]["ExpiredObjectDeleteMarker"] is True
    assert rules["quarantine"]["Prefix"] == "quarantine/"
    assert rules["quarantine"]["ExpirationInDays"] == 1
    assert media["VersioningConfiguration"] == {"Status": "Enabled"}
    assert len(told) == 3


@requirement("S117")
def test_everything_at_rest_is_encrypted(prod: Assembly) -> None:
    cache = prod.one("AWS::ElastiCache::ReplicationGroup")

    assert prod.one("AWS::RDS::DBCluster")["StorageEncrypted"] is True
    assert cache["AtRestEncryptionEnabled"] is True
    assert cache["TransitEncryptionEnabled"] is True
    assert all("BucketEncryption" in bucket.properties for bucket in prod.all("AWS::S3::Bucket"))
    assert prod.one("AWS::SNS::Topic")["KmsMasterKeyId"]
    parameters = prod.one("AWS::RDS::DBClusterParameterGroup")["Parameters"]
    assert parameters["rds.force_ssl"] == "1"


def test_a_task_that_freezes_in_a_transaction_holds_nobody_up(prod: Assembly) -> None:
    parameters = prod.one("AWS::RDS::DBClusterParameterGroup")["Parameters"]

    assert parameters["idle_in_transaction_session_timeout"] == "3000"


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


def test_what_learners_made_outlives_its_stack_in_production(prod: Assembly, dev: Assembly) -> None:
    keep = {"AWS::S3::Bucket": "Retain", "AWS::RDS::DBCluster": "Snapshot", "AWS::Cognito::UserPool": "Retain"}

    for kind, policy in keep.items():
        kept = [one for one in prod.all(kind) if one.stack in ("Stores", "SignIn")]
        assert kept
        assert all(one.body["DeletionPolicy"] == policy for one in kept)
        assert all(one.body["DeletionPolicy"] == "Delete" for one in dev.all(kind))
    assert prod.one("AWS::RDS::DBCluster")["DeletionProtection"] is True
