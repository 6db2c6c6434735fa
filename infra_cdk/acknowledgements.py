"""Findings of the AWS Solutions rules that we know of and leave, each with the reason an auditor would be told."""

ACKNOWLEDGED: tuple[tuple[str, str, str], ...] = (
    (
        "App-*",
        "AwsSolutions-ECS2",
        "Variables name buckets, models and addresses; passwords and URLs that hold one come from Secrets Manager.",
    ),
    ("Pages-*", "AwsSolutions-ECS2", "The one variable is the app's own public address."),
    ("Workers", "AwsSolutions-ECS2", "Variables name buckets, models and addresses; secrets come from Secrets Manager."),
    (
        "App-*",
        "AwsSolutions-IAM5[Resource::*]",
        "X-Ray's actions and ecr:GetAuthorizationToken know no resources; nothing else in these roles is open.",
    ),
    ("Pages-*", "AwsSolutions-IAM5[Resource::*]", "X-Ray's actions and ecr:GetAuthorizationToken know no resources."),
    (
        "Workers",
        "AwsSolutions-IAM5[Resource::*]",
        "X-Ray, ecr:GetAuthorizationToken and polly:SynthesizeSpeech without a lexicon know no resources.",
    ),
    (
        "App-*",
        "AwsSolutions-IAM5[Resource::Kotonoha-*",
        "Signs links below two folders of one bucket; names below them are hashes.",
    ),
    ("Workers", "AwsSolutions-IAM5[Resource::Kotonoha-*", "Writes below one folder of one bucket; names below it are hashes."),
    (
        "Workers",
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:*",
        "A task protects itself, and its name is not known before it runs: those of one cluster.",
    ),
    ("SignIn", "AwsSolutions-IAM5[Resource::*]", "Describing balancers and the health of targets knows no resources."),
    ("SignIn", "AwsSolutions-COG2", "Learners choose a second factor, as specified; operators are told to in the runbook."),
    (
        "SignIn",
        "AwsSolutions-COG8",
        "Threat protection needs the Plus plan, at several times the price a learner; sign-up is closed.",
    ),
    (
        "Ingress",
        "AwsSolutions-APIG2",
        "The api reads every body strictly and answers in problem documents; a second schema would drift.",
    ),
    (
        "Ingress",
        "AwsSolutions-SMG4",
        "Known to the edge and the firewall behind it: exchanged in three deployments, by the runbook.",
    ),
    ("Ingress", "AwsSolutions-APIG6", "Execution logs would hold headers and bodies, tokens among them; access logs are on."),
    ("Site-*", "AwsSolutions-CFR1", "Learners may be in any country."),
    ("Public-*", "AwsSolutions-CFR1", "Learners may be in any country."),
    ("Stores", "AwsSolutions-SMG4", "One is derived from the others; they are rotated by hand, as described in the runbook."),
    ("Proxy", "AwsSolutions-SMG4", "Derived from the password of the apps' user, and rotated with it as the runbook describes."),
    ("Stores", "AwsSolutions-RDS10", "Development alone may be deleted; production is protected, which a test of its own holds."),
    ("Stores", "AwsSolutions-AEC4", "Development alone has one node: what is lost with it are bells, which are rung again."),
    (
        "Stores",
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]",
        "AWS Backup's own policy, which follows what its service needs.",
    ),
    (
        "Ingress",
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        "API Gateway refuses a role for its logs that may do less.",
    ),
    ("Pipelines", "AwsSolutions-CB4", "Builds hold public code only, in a bucket that is encrypted by S3's keys."),
    ("Pipelines", "AwsSolutions-IAM5[Action::*", "Read and write of one bucket that holds builds, or reading one stack."),
    ("Pipelines", "AwsSolutions-IAM5[Resource::<Artifacts*", "Objects of the one bucket that holds builds."),
    (
        "Pipelines",
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:*",
        "One stack's, one project's or one log's own sub-resources.",
    ),
    ("Pipelines", "AwsSolutions-IAM5[Resource::Kotonoha-*", "All files of one site, which is what a deployment replaces."),
    (
        "Pipelines",
        "AwsSolutions-IAM5[Resource::*]",
        "ecr:GetAuthorizationToken, and describing network interfaces, know no resources.",
    ),
)
"""Stack without its deployment, rule, reason; a star at an end stands for whatever follows."""
