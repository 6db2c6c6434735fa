"""Who learners are: a user pool with its own sign-in pages, a client for each app, and roles for those who hold a token."""

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam

from infra_cdk.apps import APPS, AppSpec
from infra_cdk.constructs.sign_in_look import look
from infra_cdk.stacks.deployed_stack import DeployedStack, Place

OPERATORS = "operators"
RESOURCE, SCOPE = "kotonoha", "learner"
IDENTITY = "cognito-identity.amazonaws.com"


class SignIn(DeployedStack):
    """Access tokens carry the scope every route asks for; operators carry their group."""

    holds = True

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.pool = self._make_pool()
        asked = cognito.ResourceServerScope(scope_name=SCOPE, scope_description="Use the apps")
        server = self.pool.add_resource_server("Scopes", identifier=RESOURCE, scopes=[asked])
        self._scope = cognito.OAuthScope.resource_server(server, asked)
        self.domain = self.pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self.deployment.login_prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        self.clients = {app.slug: self._add_client(app) for app in APPS}
        self.issuer = f"https://cognito-idp.{self.region}.amazonaws.com/{self.pool.user_pool_id}"
        self.jwks_url = f"{self.issuer}/.well-known/jwks.json"
        self.client_ids = ",".join(client.user_pool_client_id for client in self.clients.values())
        self._map_roles()

    def _make_pool(self) -> cognito.UserPool:
        return cognito.UserPool(
            self,
            "Pool",
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            self_sign_up_enabled=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            custom_attributes={
                "level": cognito.StringAttribute(min_len=2, max_len=2, mutable=True),
                "timezone": cognito.StringAttribute(min_len=1, max_len=64, mutable=True),
            },
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                password_history_size=5,
                temp_password_validity=Duration.days(3),
            ),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            deletion_protection=self.deployment.keeps_everything,
            removal_policy=self.removal,
        )

    def _add_client(self, app: AppSpec) -> cognito.UserPoolClient:
        home = f"https://{self.deployment.host(app.label)}"
        client = self.pool.add_client(
            app.slug,
            # Streamlit keeps a secret on its server; a page in a browser has none to keep.
            generate_secret=app.page == "streamlit",
            auth_flows=cognito.AuthFlow(user_srp=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, self._scope],
                callback_urls=[f"{home}/signed-in" if app.page == "react" else f"{home}/oauth2callback"],
                logout_urls=[f"{home}/signed-out" if app.page == "react" else f"{home}/"],
            ),
            access_token_validity=Duration.minutes(30),
            id_token_validity=Duration.minutes(30),
            refresh_token_validity=Duration.days(7),
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
        )
        cognito.CfnManagedLoginBranding(
            self,
            f"{app.slug}-pages",
            user_pool_id=self.pool.user_pool_id,
            client_id=client.user_pool_client_id,
            settings=look(),
        )
        return client

    def _map_roles(self) -> None:
        issuer = f"cognito-idp.{self.region}.amazonaws.com/{self.pool.user_pool_id}"
        identities = self._make_identities(issuer)
        learner, operator = self._roles(identities.ref)
        cognito.CfnUserPoolGroup(
            self,
            "Operators",
            user_pool_id=self.pool.user_pool_id,
            group_name=OPERATORS,
            role_arn=operator.role_arn,
            precedence=1,
        )
        mappings = {
            slug: {
                "type": "Token",
                "ambiguousRoleResolution": "AuthenticatedRole",
                "identityProvider": f"{issuer}:{client.user_pool_client_id}",
            }
            for slug, client in self.clients.items()
        }
        cognito.CfnIdentityPoolRoleAttachment(
            self,
            "Roles",
            identity_pool_id=identities.ref,
            roles={"authenticated": learner.role_arn},
            role_mappings=_mapped(mappings),
        )

    def _make_identities(self, issuer: str) -> cognito.CfnIdentityPool:
        return cognito.CfnIdentityPool(
            self,
            "Identities",
            allow_unauthenticated_identities=False,
            cognito_identity_providers=[
                cognito.CfnIdentityPool.CognitoIdentityProviderProperty(
                    client_id=client.user_pool_client_id, provider_name=issuer, server_side_token_check=True
                )
                for client in self.clients.values()
            ],
        )

    def _roles(self, identities: str) -> tuple[iam.Role, iam.Role]:
        # Files are opened by links, which the api signs after it has looked whose they are. Keys say nothing of an owner: no
        # folder could be a learner's own.
        learner = self._role("Learner", identities, "May do nothing in the account: the api does it for them")
        operator = self._role("Operator", identities, "Sees how the platform is, and changes nothing")
        operator.add_to_policy(
            _allow(
                ["cloudwatch:GetDashboard"],
                [
                    f"arn:aws:cloudwatch::{self.deployment.account}:dashboard/kotonoha-{self.deployment.name}{of_app}"
                    for of_app in ("", *(f"-{app.slug}" for app in APPS))
                ],
            )
        )
        # Neither action can be limited to one balancer.
        operator.add_to_policy(
            _allow(["elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetHealth"], ["*"])
        )
        return learner, operator

    def _role(self, name: str, identities: str, description: str) -> iam.Role:
        holder = iam.FederatedPrincipal(
            IDENTITY,
            {
                "StringEquals": {f"{IDENTITY}:aud": identities},
                "ForAnyValue:StringLike": {f"{IDENTITY}:amr": "authenticated"},
            },
            "sts:AssumeRoleWithWebIdentity",
        )
        return iam.Role(self, name, assumed_by=holder, description=description)


def _allow(actions: list[str], resources: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=actions, resources=resources)


def _mapped(mappings: dict[str, dict[str, str]]) -> dict[str, object]:
    return {
        slug: cognito.CfnIdentityPoolRoleAttachment.RoleMappingProperty(
            type=row["type"],
            ambiguous_role_resolution=row["ambiguousRoleResolution"],
            identity_provider=row["identityProvider"],
        )
        for slug, row in mappings.items()
    }
