"""Who learners are: the pool, its clients, and roles for those who hold a token."""

import re

from infra_cdk.apps import APPS
from infra_cdk.constructs.sign_in_look import COLOURS
from tests.house.tree import ROOT
from tests.infra_cdk.assembly import Assembly, flat
from tests.infra_cdk.requirement import requirement

CLIENT = "AWS::Cognito::UserPoolClient"


@requirement("S150-S152")
def test_learners_sign_in_by_email_and_are_told_apart_by_level_and_time_zone(prod: Assembly) -> None:
    pool = prod.one("AWS::Cognito::UserPool")

    assert pool["UsernameAttributes"] == ["email"]
    assert pool["AutoVerifiedAttributes"] == ["email"]
    assert {
        each["Name"]: (each["AttributeDataType"], each["Mutable"], each["StringAttributeConstraints"]) for each in pool["Schema"]
    } == {
        "level": ("String", True, {"MinLength": "2", "MaxLength": "2"}),
        "timezone": ("String", True, {"MinLength": "1", "MaxLength": "64"}),
    }
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "verified_email", "Priority": 1}]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


@requirement("S153", "S165")
def test_tokens_are_short_and_can_be_taken_back(prod: Assembly) -> None:
    for client in prod.all(CLIENT):
        assert (client["AccessTokenValidity"], client["TokenValidityUnits"]["AccessToken"]) == (30, "minutes")
        assert (client["IdTokenValidity"], client["TokenValidityUnits"]["IdToken"]) == (30, "minutes")
        assert (client["RefreshTokenValidity"], client["TokenValidityUnits"]["RefreshToken"]) == (7 * 24 * 60, "minutes")
        assert client["EnableTokenRevocation"] is True
        assert client["PreventUserExistenceErrors"] == "ENABLED"


@requirement("S155-S156", "A069-A070")
def test_each_app_has_a_client_that_takes_codes_alone(prod: Assembly) -> None:
    clients = prod.all(CLIENT)

    assert len(clients) == len(APPS)
    for client in clients:
        assert client["AllowedOAuthFlowsUserPoolClient"] is True
        assert client["AllowedOAuthFlows"] == ["code"]
        assert prod.follow("SignIn", client["UserPoolId"]) == prod.one("AWS::Cognito::UserPool")
        assert "ALLOW_USER_PASSWORD_AUTH" not in client["ExplicitAuthFlows"]
        assert '"/learner"' in flat(client["AllowedOAuthScopes"])
        assert all(url.startswith("https://") for url in client["CallbackURLs"])
    assert {url.split("/")[2] for client in clients for url in client["CallbackURLs"]} == {
        f"{app.label}.app-dw.net" for app in APPS
    }


@requirement("A011", "A068")
def test_the_pages_to_sign_in_on_belong_to_the_pool(prod: Assembly) -> None:
    pool, domain = prod.one("AWS::Cognito::UserPool"), prod.one("AWS::Cognito::UserPoolDomain")
    branded = prod.all("AWS::Cognito::ManagedLoginBranding")

    assert domain["ManagedLoginVersion"] == 2
    assert domain["Domain"] == "kotonoha-prod-111122223333"
    assert prod.follow("SignIn", domain["UserPoolId"]) == pool
    assert {prod.follow("SignIn", each["ClientId"]).name for each in branded} == {one.name for one in prod.all(CLIENT)}
    assert all(prod.follow("SignIn", each["UserPoolId"]) == pool for each in branded)


@requirement("S157")
def test_the_pages_to_sign_in_on_have_the_colours_of_the_apps(prod: Assembly) -> None:
    """One look for all apps, by day and by night."""
    css = (ROOT / "frontends/shared_react/src/styles/colours.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)", css)
    looks = [each["Settings"] for each in prod.all("AWS::Cognito::ManagedLoginBranding")]
    page = looks[0]["components"]

    assert looks == [looks[0]] * len(APPS)
    assert {name: (light, dark) for name, light, dark in pairs}.items() >= COLOURS.items()
    for mode, light_or_dark in (("lightMode", 0), ("darkMode", 1)):
        coloured = {name: f"{pair[light_or_dark]}ff" for name, pair in COLOURS.items()}
        assert page["pageBackground"][mode] == {"color": coloured["paper"]}
        assert page["form"][mode] == {"backgroundColor": coloured["sheet"], "borderColor": coloured["line"]}
        button = {"backgroundColor": coloured["blue"], "textColor": coloured["on-blue"]}
        assert page["primaryButton"][mode] == {"defaults": button, "hover": button, "active": button}
        assert page["pageText"][mode]["bodyColor"] == coloured["ink"]
    # Amazon's own values and ours exclude each other.
    assert not any(each.properties.get("UseCognitoProvidedValues") for each in prod.all("AWS::Cognito::ManagedLoginBranding"))


@requirement("S159-S160", "A072")
def test_a_token_maps_to_a_role_and_nobody_without_one_gets_any(prod: Assembly) -> None:
    identities, roles = prod.one("AWS::Cognito::IdentityPool"), prod.one("AWS::Cognito::IdentityPoolRoleAttachment")
    group = prod.one("AWS::Cognito::UserPoolGroup")

    assert identities["AllowUnauthenticatedIdentities"] is False
    assert set(roles["Roles"]) == {"authenticated"}
    assert {each["Type"] for each in roles["RoleMappings"].values()} == {"Token"}
    clients = [prod.follow("SignIn", each["ClientId"]).name for each in identities["CognitoIdentityProviders"]]
    assert sorted(clients) == sorted(client.name for client in prod.all(CLIENT))
    assert all(each["ServerSideTokenCheck"] for each in identities["CognitoIdentityProviders"])
    assert len(roles["RoleMappings"]) == len(APPS)
    assert {each["AmbiguousRoleResolution"] for each in roles["RoleMappings"].values()} == {"AuthenticatedRole"}
    assert prod.follow("SignIn", roles["Roles"]["authenticated"]).name.startswith("Learner")
    assert prod.follow("SignIn", group["RoleArn"]).name.startswith("Operator")


@requirement("S163-S164")
def test_a_second_factor_is_there_and_passwords_are_long(prod: Assembly) -> None:
    pool = prod.one("AWS::Cognito::UserPool")
    policy = pool["Policies"]["PasswordPolicy"]

    assert pool["MfaConfiguration"] == "OPTIONAL"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert policy["MinimumLength"] == 12
    assert all(policy[each] for each in ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols"))
    assert (policy["PasswordHistorySize"], policy["TemporaryPasswordValidityDays"]) == (5, 3)
