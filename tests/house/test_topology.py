"""Names the topology uses, against the code they name."""

import ast
import re
from typing import Any

import pytest
from msgspec.structs import fields

from api.access import OPERATORS, SCOPE
from api.app import PRODUCTS
from core.contracts.job import QUEUES
from core.settings import NEEDED, PREFIX, Settings
from infra_cdk import apps
from infra_cdk.config import DEPLOYMENTS, Deployment, Fleet
from infra_cdk.constructs import environment
from telemetry.metrics import METRICS, QUEUE
from tests.house.tree import ROOT, committed

TOPOLOGY = "\n".join(path.read_text() for path in sorted((ROOT / "infra_cdk").rglob("*.py")))
SET = set(re.findall(r'"KOTONOHA_([A-Z_]+)"', (ROOT / "infra_cdk/constructs/environment.py").read_text()))

NEEDS = {
    "apply_guardrail": "bedrock:ApplyGuardrail",
    "converse": "bedrock:InvokeModel",
    "converse_stream": "bedrock:InvokeModelWithResponseStream",
    "delete_object": "s3:DeleteObject",
    "generate_presigned_post": "s3:PutObject",
    "generate_presigned_url": "s3:GetObject",
    "get_object": "s3:GetObject",
    "head_object": "s3:GetObject",
    "invoke_model": "bedrock:InvokeModel",
    "list_objects_v2": "s3:ListBucket",
    "put_object": "s3:PutObject",
    "synthesize_speech": "polly:SynthesizeSpeech",
}
"""The permission behind each call of ours."""


def test_every_variable_of_a_task_is_a_setting_and_none_that_is_needed_is_forgotten() -> None:
    known: dict[str, Any] = {field.name.upper(): field for field in fields(Settings)}
    needed = {name for name, field in known.items() if field.required} | {name.upper() for name in NEEDED["aws"]}

    assert known.keys() >= SET
    assert needed <= SET


@pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=DEPLOYMENTS.keys())
def test_every_learner_has_a_budget_that_pays_for_several_calls(deployment: Deployment) -> None:
    assumed = {field.name: field.default for field in fields(Settings)}["assumed_call_microusd"]

    assert "BUDGET_MICROUSD_PER_DAY" in SET
    assert deployment.learner_budget_microusd > 10 * assumed


def test_queues_products_groups_and_scopes_are_those_of_the_code() -> None:
    assert apps.QUEUES == QUEUES
    assert set(PRODUCTS) <= {app.product for app in apps.APPS}
    assert f'OPERATORS = "{OPERATORS}"' in TOPOLOGY
    assert 'RESOURCE, SCOPE = "{}", "{}"'.format(*SCOPE.split("/")) in TOPOLOGY


def test_pages_come_back_from_signing_in_and_out_to_where_the_pool_lets_them() -> None:
    session = (ROOT / "frontends/shared_react/src/session.ts").read_text()
    paths = dict(re.findall(r"(redirect_uri|post_logout_redirect_uri): `\$\{origin\}(/[a-z-]+)`", session))
    pool = (ROOT / "infra_cdk/stacks/sign_in.py").read_text()

    assert paths.keys() == {"redirect_uri", "post_logout_redirect_uri"}
    assert f'callback_urls=[f"{{home}}{paths["redirect_uri"]}" if app.page == "react"' in pool
    assert f'logout_urls=[f"{{home}}{paths["post_logout_redirect_uri"]}" if app.page == "react"' in pool


def test_a_release_starts_what_the_api_mounts_and_has_a_page() -> None:
    built = [app for app in apps.APPS if app.product in PRODUCTS and committed(f"{app.folder}/*")]

    assert built
    assert list(apps.RELEASED) == built


def test_the_runbook_names_what_cannot_be_deployed_yet() -> None:
    """An app that is released leaves its list."""
    book = (ROOT / "infra_cdk/RUNBOOK.md").read_text()
    absent = [
        *(f"{kind}-{app.slug}" for kind in ("App", "Health") for app in apps.APPS if app not in apps.RELEASED),
        *(f"{kind}-{app.slug}" for app in apps.STREAMLITS if app not in apps.RELEASED for kind in ("Pages", "Public")),
    ]

    assert re.findall(r"^- `(\S+)` waits", book, re.MULTILINE) == absent


def test_every_metric_that_is_asked_for_is_told() -> None:
    named = set(re.findall(r'"(kotonoha\.[a-z_.]+)"', TOPOLOGY))

    assert named
    assert named <= {metric.name for metric in METRICS}
    assert apps.QUEUE_DIMENSION == QUEUE


def test_paths_that_are_asked_how_they_are_exist() -> None:
    health = (ROOT / "api/routes/health.py").read_text()

    assert f'"{apps.API_HEALTH}"' in health
    assert apps.API_HEALTH == "/health/live"


def test_a_worker_is_felt_where_its_image_says_that_it_beats() -> None:
    image = (ROOT / "docker/Dockerfile").read_text()
    pulse = (ROOT / "workers/pulse.py").read_text()

    assert f"ENV {PREFIX}PULSE_FILE=/tmp/pulse" in image
    assert f'"{PREFIX}PULSE_FILE"' in pulse
    assert "pulse_file" in {field.name for field in fields(Settings)}
    assert '"python", "-m", "workers.pulse"' in image
    assert '"python", "-m", "workers.pulse"' in TOPOLOGY


def test_a_worker_has_handed_everything_back_before_it_is_killed() -> None:
    settings = {field.name: field.default for field in fields(Settings)}

    assert settings["drain_seconds"] + settings["hand_back_seconds"] < environment.DRAIN_SECONDS
    assert environment.DRAIN_SECONDS + environment.HAND_BACK_SECONDS < 120
    # Where the publisher would have as many as target tracking asks for.
    assert Fleet(1, 1).slots == settings["slots_per_queue"]
    assert Fleet(1, 1).backlog == Fleet(1, 1).slots * 0.8


def test_tasks_are_allowed_the_calls_our_code_makes_and_no_others() -> None:
    grants = re.findall(r"actions ?= ?\[(.*)\]", (ROOT / "infra_cdk/constructs/bedrock_grant.py").read_text())
    granted = {action for each in grants for action in re.findall(r"\w+:\w+", each)}

    assert calls_of_clients() == NEEDS.keys()
    assert granted == set(NEEDS.values())


def calls_of_clients() -> set[str]:
    return {
        node.func.attr
        for path in committed("core/storage/s3.py", "workers/providers/aws/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "self._client"
    }
