"""MiniStack on loopback, and what has to be left out of a template before it takes it."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import WaiterError

from tests.infra_cdk.assembly import Assembly

PROGRAM = Path(sys.prefix) / "emulated" / "bin" / "ministack"
REFUSED = frozenset((Path(__file__).parent / "refused.txt").read_text().split())
UNKNOWN = ("CidrBlock", "MasterUserSecret.SecretArn")
"""Attributes of types it does know."""
FIRST = "abcdef0"
"""The commit every image is deployed from."""


class Emulator:
    """Clients of it, and a way to deploy."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def client(self, name: str) -> Any:
        keys = {"aws_access_key_id": "111122223333", "aws_secret_access_key": "unused"}
        return boto3.client(name, endpoint_url=self.url, region_name="us-east-1", **keys)

    def ask(self, call: str, told: dict[str, str]) -> Any:
        """As it answers, read by no client; whose account is asked is what the key says."""
        signed = "AWS4-HMAC-SHA256 Credential=111122223333/20261127/us-east-1/wafv2/aws4_request, SignedHeaders=host, Signature=0"
        headers = {"X-Amz-Target": call, "Content-Type": "application/x-amz-json-1.1", "Authorization": signed}
        request = urllib.request.Request(self.url, json.dumps(told).encode(), headers)  # noqa: S310  loopback
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  loopback
            return json.loads(answer.read())

    def deploy(self, name: str, template: dict[str, Any]) -> str:
        """The stack's status, and why."""
        tag = {"ImageTag": FIRST} if "ImageTag" in template["Parameters"] else {}
        self.client("cloudformation").create_stack(**self._asked(name, template, tag))
        return self._wait("stack_create_complete", name)

    def update(self, name: str, template: dict[str, Any] | None = None, **parameters: str) -> str:
        """As `deploy`; without a template it stays what it was, and so does every parameter that is not named."""
        cloud = self.client("cloudformation")
        (stack,) = cloud.describe_stacks(StackName=name)["Stacks"]
        # The emulator tells what a parameter of SSM was resolved to, where AWS tells its name: those stay as the template
        # has them.
        looked_up = {key for key, each in (template or {}).get("Parameters", {}).items() if each["Type"].startswith("AWS::SSM::")}
        known = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
        kept = {key: value for key, value in known.items() if key not in looked_up}
        cloud.update_stack(**self._asked(name, template, kept | parameters))
        return self._wait("stack_update_complete", name)

    def _asked(self, name: str, template: dict[str, Any] | None, parameters: dict[str, str]) -> dict[str, Any]:
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        asked = {"StackName": name, "Parameters": given, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
        if template is None:
            return asked | {"UsePreviousTemplate": True}
        self.client("s3").put_object(Bucket="templates", Key=name, Body=json.dumps(template))
        return asked | {"TemplateURL": f"{self.url}/templates/{name}"}

    def _wait(self, until: str, name: str) -> str:
        cloud = self.client("cloudformation")
        with suppress(WaiterError):
            cloud.get_waiter(until).wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        (stack,) = cloud.describe_stacks(StackName=name)["Stacks"]
        return f"{stack['StackStatus']} {stack.get('StackStatusReason', '')}".strip()


@contextmanager
def emulating(log: Path) -> Iterator[Emulator]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port)}
    with log.open("w") as told, subprocess.Popen([PROGRAM], env=environment, stdout=told, stderr=told) as server:
        try:
            listening(port, server)
            emulator = Emulator(port)
            emulator.client("s3").create_bucket(Bucket="templates")
            yield emulator
        finally:
            server.terminate()


def listening(port: int, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        with socket.socket() as asked:
            asked.settimeout(0.2)
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("the emulator left at once")


def in_order(assembly: Assembly) -> list[str]:
    needs, order = {stack: assembly.needs(stack) for stack in assembly.templates}, list[str]()
    while len(order) < len(needs):
        order += [stack for stack in needs if stack not in order and needs[stack] <= set(order)]
    return order


def taken(template: dict[str, Any]) -> dict[str, Any]:
    """What it takes of a template; whatever referred to the rest is told a word instead."""
    resources = template["Resources"]
    gone = {name for name, body in resources.items() if _is_refused(body)}
    kept = {name: _without(body, gone) for name, body in resources.items() if name not in gone}
    parameters = {name: body for name, body in template.get("Parameters", {}).items() if name != "BootstrapVersion"}
    return {"Resources": kept, "Parameters": parameters, "Outputs": _without(template.get("Outputs", {}), gone)}


def _is_refused(body: dict[str, Any]) -> bool:
    properties = body.get("Properties", {})
    return (
        body["Type"] in REFUSED
        # It knows no math, and no zone that it did not make.
        or (body["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in properties)
        or (body["Type"] == "AWS::Route53::RecordSet" and isinstance(properties["HostedZoneId"], str))
    )


def _without(value: Any, gone: set[str]) -> Any:
    if isinstance(value, list):
        return [_without(each, gone) for each in value if not (isinstance(each, str) and each in gone)]
    if not isinstance(value, dict):
        return value
    name, attribute = value.get("Fn::GetAtt") or [value.get("Ref"), ""]
    if name in gone or attribute in UNKNOWN:
        return "left-out"
    return {key: _without(each, gone) for key, each in value.items() if not (key == "DependsOn" and each in list(gone))}
