"""Exactly the permissions a queue's work needs: one model, one voice, one folder."""

from aws_cdk import aws_iam as iam

from infra_cdk.config import REGION, Deployment

ARTIFACTS, QUARANTINE = "artifacts", "quarantine"


def text_grants(deployment: Deployment, guardrail_arn: str) -> list[iam.PolicyStatement]:
    """The profile, and its model in each region the profile may choose, though only through the profile. Such a call may be
    answered outside REGION: there is no on-demand model without a profile."""
    text = deployment.text_model
    profile = f"arn:aws:bedrock:{REGION}:{deployment.account}:inference-profile/{text.profile}"
    models = [f"arn:aws:bedrock:{region}::foundation-model/{text.model}" for region in text.regions]
    actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    return [
        iam.PolicyStatement(actions=actions, resources=[profile]),
        iam.PolicyStatement(
            actions=actions, resources=models, conditions={"StringEquals": {"bedrock:InferenceProfileArn": profile}}
        ),
        iam.PolicyStatement(actions=["bedrock:ApplyGuardrail"], resources=[guardrail_arn]),
    ]


def read_quarantine(bucket_arn: str) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"{bucket_arn}/{QUARANTINE}/*"]),
        _list_folder(bucket_arn, QUARANTINE),
    ]


def image_grants(deployment: Deployment) -> list[iam.PolicyStatement]:
    image = deployment.image_model
    model = f"arn:aws:bedrock:{image.region}::foundation-model/{image.model}"
    return [iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[model])]


def speech_grants() -> list[iam.PolicyStatement]:
    # Polly's only resources are lexicons, and we use none.
    return [iam.PolicyStatement(actions=["polly:SynthesizeSpeech"], resources=["*"])]


def keep_artifacts(bucket_arn: str, folder: str) -> list[iam.PolicyStatement]:
    """Write below one folder of what is made, and read there and where the version before wrote: two hexadecimal digits."""
    # Nothing was ever deployed that writes where the version before wrote, so no task of it can lose this right in a roll-out.
    own = f"{ARTIFACTS}/{folder}"
    return [
        iam.PolicyStatement(actions=["s3:PutObject"], resources=[f"{bucket_arn}/{own}/*"]),
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"{bucket_arn}/{own}/*", f"{bucket_arn}/{ARTIFACTS}/??/*"]),
        _list_folder(bucket_arn, own, f"{ARTIFACTS}/??"),
    ]


def clear_litter(bucket_arn: str) -> list[iam.PolicyStatement]:
    """One worker deletes for all what nobody shows any more. Versions outlive it: a mistake can be taken back."""
    folders = [f"{bucket_arn}/{folder}/*" for folder in (ARTIFACTS, QUARANTINE)]
    return [iam.PolicyStatement(actions=["s3:DeleteObject"], resources=folders)]


def sign_links(bucket_arn: str) -> list[iam.PolicyStatement]:
    """A link or a form can do what its signer may: read what was made, and hand in to quarantine."""
    return [
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"{bucket_arn}/{ARTIFACTS}/*"]),
        iam.PolicyStatement(actions=["s3:PutObject"], resources=[f"{bucket_arn}/{QUARANTINE}/*"]),
    ]


def _list_folder(bucket_arn: str, *folders: str) -> iam.PolicyStatement:
    """S3 answers "forbidden" where it means "absent" to whoever may not list: who reads a folder must tell the two apart."""
    within = {"StringLike": {"s3:prefix": [f"{folder}/*" for folder in folders]}}
    return iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket_arn], conditions=within)
