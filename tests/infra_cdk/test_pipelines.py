"""From a commit to what learners see."""

import json
import subprocess
from typing import Any

from infra_cdk.apps import APPS, RELEASED, SITES, STREAMLITS
from infra_cdk.config import PROD
from infra_cdk.stacks.pipelines import BACKEND
from tests.infra_cdk.assembly import Assembly, Resource, flat
from tests.infra_cdk.permissions import may
from tests.infra_cdk.requirement import requirement

OPENED = {"backend"} | {f"{app.slug}-{'site' if app in SITES else 'pages'}" for app in RELEASED}


def pipelines(assembly: Assembly) -> dict[str, Resource]:
    return {each["Name"].removeprefix("kotonoha-prod-"): each for each in assembly.all("AWS::CodePipeline::Pipeline")}


def stages(pipeline: Resource) -> dict[str, list[dict[str, Any]]]:
    return {stage["Name"]: stage["Actions"] for stage in pipeline["Stages"]}


def commands(assembly: Assembly, action: dict[str, Any]) -> str:
    project = assembly.follow("Pipelines", action["Configuration"]["ProjectName"])
    return flat(project["Source"]["BuildSpec"])


@requirement("S013", "S037", "S049", "S077", "S124", "S147", "A001", "A020", "A026", "A033", "A040", "A050", "A055", "A061")
def test_every_pipeline_begins_with_commits_to_its_folders(prod: Assembly) -> None:
    found = pipelines(prod)

    assert set(found) == {"backend", *(f"{app.slug}-site" for app in SITES), *(f"{app.slug}-pages" for app in STREAMLITS)}
    for pipeline in found.values():
        (source,) = stages(pipeline)["Source"]
        (trigger,) = pipeline["Triggers"]
        assert source["ActionTypeId"]["Provider"] == "CodeStarSourceConnection"
        assert source["Configuration"]["ConnectionArn"] == PROD.connection_arn
        assert source["Configuration"]["FullRepositoryId"] == PROD.repository
        assert pipeline["PipelineType"] == "V2"
        assert trigger["GitConfiguration"]["Push"][0]["Branches"]["Includes"] == [PROD.branch]
    assert filters(found["backend"]) == list(BACKEND)
    for app in APPS:
        own = filters(found[f"{app.slug}-{'site' if app in SITES else 'pages'}"])
        shared = "frontends/shared_react/**" if app in SITES else "frontends/shared_streamlit/**"
        assert {f"{app.folder}/**", shared} <= set(own)


def filters(pipeline: Resource) -> list[str]:
    (trigger,) = pipeline["Triggers"]
    (push,) = trigger["GitConfiguration"]["Push"]
    return list(push["FilePaths"]["Includes"])


@requirement("S001")
def test_no_two_apps_of_the_repository_share_a_folder_of_their_own(prod: Assembly) -> None:
    own = [
        path
        for pipeline in pipelines(prod).values()
        for path in filters(pipeline)
        if path.startswith("frontends/") and path.endswith("/**") and "/shared_" not in path
    ]

    assert sorted(own) == sorted(f"{app.folder}/**" for app in APPS)
    # More than eight would be refused.
    assert max(len(filters(pipeline)) for pipeline in pipelines(prod).values()) <= 8


def test_a_build_has_the_history_of_its_commit_and_may_fetch_it(prod: Assembly) -> None:
    """The tests ask git what is committed, which a zip of the files cannot say."""
    for pipeline in pipelines(prod).values():
        (source,) = stages(pipeline)["Source"]
        assert source["Configuration"]["OutputArtifactFormat"] == "CODEBUILD_CLONE_REF"
    projects = prod.all("AWS::CodeBuild::Project")
    for project in projects:
        role = prod.follow("Pipelines", project["ServiceRole"])
        for name in ("codestar-connections", "codeconnections"):
            assert may(prod, role, f"{name}:UseConnection", PROD.connection_arn), project.name
    assert len(projects) == 3 + 2 * len(STREAMLITS) + 2 * len(SITES)


def test_a_build_is_as_large_as_its_work_and_ends(prod: Assembly) -> None:
    for project in prod.all("AWS::CodeBuild::Project"):
        told, machine = flat(project["Source"]["BuildSpec"]), project["Environment"]
        images = "publish.sh" in told
        # Not every tool of the tests is made for ARM, and tasks are nothing else.
        assert machine["Type"] == ("ARM_CONTAINER" if images else "LINUX_CONTAINER")
        assert machine["PrivilegedMode"] is images
        assert machine["ComputeType"] == ("BUILD_GENERAL1_LARGE" if "make check test" in told else "BUILD_GENERAL1_SMALL")
        assert 10 <= project["TimeoutInMinutes"] <= 60
        assert json.loads(project["Source"]["BuildSpec"])["phases"]["install"]["runtime-versions"] == {
            "python": "3.13",
            "nodejs": "22",
        }


def test_a_new_pipeline_waits_after_its_source_until_it_is_opened(prod: Assembly) -> None:
    """Making a pipeline starts it, whatever CloudFormation is told."""
    template = prod.templates["Pipelines"]
    (condition,) = template["Conditions"].items()

    assert template["Parameters"]["Held"]["Default"] == "yes"
    assert condition == ("Holds", {"Fn::Equals": [{"Ref": "Held"}, "yes"]})
    for pipeline in (each for name, each in pipelines(prod).items() if name in OPENED):
        name, shut, opened = pipeline["DisableInboundStageTransitions"]["Fn::If"]
        assert name == "Holds"
        assert [each["StageName"] for each in shut] == [list(stages(pipeline))[1]]
        assert opened == {"Ref": "AWS::NoValue"}


def test_what_is_not_built_yet_is_neither_opened_nor_started(prod: Assembly) -> None:
    found = pipelines(prod)
    started = {action["Configuration"]["StackName"] for action in stages(found["backend"])["Apis"]}

    assert started == {f"Kotonoha-prod-App-{app.slug}" for app in RELEASED}
    assert found.keys() > OPENED
    for pipeline in (each for name, each in found.items() if name not in OPENED):
        # No parameter, or `Held=no` would open it.
        (shut,) = pipeline["DisableInboundStageTransitions"]
        assert shut["StageName"] == list(stages(pipeline))[1]


@requirement("S014-S015", "S050-S051", "A017", "A021-A022", "A034-A035")
def test_a_site_is_built_copied_and_then_forgotten_by_the_edge(prod: Assembly) -> None:
    for app in SITES:
        steps = stages(pipelines(prod)[f"{app.slug}-site"])
        copy, forget = sorted(steps["Deploy"], key=lambda action: action["RunOrder"])

        assert list(steps) == ["Source", "Build", "Deploy"]
        assert [action["ActionTypeId"]["Provider"] for action in steps["Build"]] == ["CodeBuild"]
        assert f"{app.folder}/dist" in commands(prod, steps["Build"][0])
        assert copy["ActionTypeId"]["Provider"] == "S3"
        assert copy["RunOrder"] < forget["RunOrder"]
        assert "create-invalidation" in commands(prod, forget)


def test_a_site_is_told_where_its_learners_sign_in(prod: Assembly) -> None:
    for app in SITES:
        (build,) = stages(pipelines(prod)[f"{app.slug}-site"])["Build"]
        project = prod.follow("Pipelines", build["Configuration"]["ProjectName"])
        told = {each["Name"]: each["Value"] for each in project["Environment"]["EnvironmentVariables"]}
        client = prod.follow("Pipelines", told["CLIENT_ID"])
        tell = project["Source"]["BuildSpec"]
        assert client["CallbackURLs"] == [f"https://{app.label}.app-dw.net/signed-in"]
        assert "cognito-idp.us-east-1.amazonaws.com/" in flat(told["ISSUER"])
        wrote = subprocess.run(
            [
                "sh",
                "-c",
                json.loads(tell)["phases"]["build"]["commands"][-1].replace(f"{app.folder}/dist/config.json", "/dev/stdout"),
            ],
            env={"ISSUER": "https://issuer", "CLIENT_ID": "client"},
            capture_output=True,
            check=True,
        )
        assert json.loads(wrote.stdout) == {"issuer": "https://issuer", "client_id": "client", "scope": "openid kotonoha/learner"}
        (forget,) = [action for action in stages(pipelines(prod)[f"{app.slug}-site"])["Deploy"] if action["Name"] == "Invalidate"]
        assert "/*" in commands(prod, forget)


def test_the_edge_may_be_told_to_forget_one_site_only(prod: Assembly) -> None:
    allowed = [
        statement
        for policy in prod.all("AWS::IAM::Policy", "Pipelines")
        for statement in policy["PolicyDocument"]["Statement"]
        if "cloudfront" in flat(statement["Action"])
    ]

    assert {statement["Action"] for statement in allowed} == {"cloudfront:CreateInvalidation"}
    assert len({flat(statement["Resource"]) for statement in allowed}) == len(SITES)
    assert not any('"*"' in flat(statement["Resource"]) for statement in allowed)


@requirement("S078", "S094-S095", "S125", "S148", "A016", "A018", "A027-A028", "A041-A042", "A051-A052", "A056-A057", "A062-A063")
def test_images_are_tested_built_on_arm_and_pushed_under_their_commit(prod: Assembly) -> None:
    images = {"backend": ("api", "worker"), **{f"{app.slug}-pages": ("streamlit",) for app in STREAMLITS}}

    for name, targets in images.items():
        steps = stages(pipelines(prod)[name])
        assert list(steps)[1:3] == ["Test", "Build"]
        assert "make check test" in commands(prod, steps["Test"][0])
        (build,) = steps["Build"]
        project = prod.follow("Pipelines", build["Configuration"]["ProjectName"])
        told = json.loads(project["Source"]["BuildSpec"])["phases"]["build"]["commands"]
        assert project["Environment"]["Type"] == "ARM_CONTAINER"
        assert "docker login" in told[0]
        assert told[1:] == [f'sh docker/publish.sh {target} "$REGISTRY/kotonoha-prod/{target}:$COMMIT"' for target in targets]
        # What the release is told, too.
        assert json.loads(build["Configuration"]["EnvironmentVariables"]) == [
            {"name": "COMMIT", "type": "PLAINTEXT", "value": "#{Source.CommitId}"}
        ]


@requirement("S079", "S096", "S126", "S149", "A019")
def test_a_release_migrates_then_changes_workers_then_apis_by_their_image_alone(prod: Assembly) -> None:
    backend = stages(pipelines(prod)["backend"])

    assert list(backend) == ["Source", "Test", "Build", "Migrate", "Proxy", "Workers", "Apis"]
    assert "core.db.migrate" in commands(prod, backend["Migrate"][0])
    deployed = [action for stage in ("Workers", "Apis") for action in backend[stage]]
    deployed += [action for app in STREAMLITS for action in stages(pipelines(prod)[f"{app.slug}-pages"])["Pages"]]
    for action in deployed:
        settings = action["Configuration"]
        assert settings["StackName"].removeprefix("Kotonoha-prod-") in prod.templates
        assert settings["TemplatePath"].endswith(f"{settings['StackName']}.template.json")
        assert settings["ParameterOverrides"] == '{"ImageTag":"#{Source.CommitId}"}'
    assert len(deployed) == 1 + len(RELEASED) + len(STREAMLITS)


def test_migrations_go_past_the_proxy_as_the_owner(prod: Assembly) -> None:
    (migrate,) = stages(pipelines(prod)["backend"])["Migrate"]
    project = prod.follow("Pipelines", migrate["Configuration"]["ProjectName"])

    told = {each["Name"]: each for each in project["Environment"]["EnvironmentVariables"]}
    assert told["OWNER_PASSWORD"]["Type"] == told["APP_PASSWORD"]["Type"] == "SECRETS_MANAGER"
    assert "ClusterEB" in flat(told["HOST"]["Value"])
    assert len(project["VpcConfig"]["Subnets"]) == 3
