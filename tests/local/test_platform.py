"""One command brings up everything, for real; the tests share a platform, and the last one stops and starts it."""

import json
import os
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local.pids import find_alive, is_done
from local.probes import answers_http
from tests.local.kotonoha import Kotonoha
from tests.until import until

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def kotonoha(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kotonoha]:
    # Below a folder that is closed to everybody else, as /root is: PostgreSQL must reach it all the same.
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    kotonoha = Kotonoha(closed / "a home")
    # One only, which a test stops for a while: with more, another would do its work.
    kotonoha.up("--workers", "1")
    yield kotonoha
    kotonoha.stop()


def test_one_line_tells_that_everything_is_ready(kotonoha: Kotonoha) -> None:
    line = kotonoha.lines[-1]

    assert line.keys() == {"ready", "api", "traces", "pid", "seconds"}
    assert (line["ready"], line["pid"]) == (True, kotonoha.pid)
    assert httpx.get(f"{line['api']}/health/ready", trust_env=False).status_code == 200
    assert httpx.get(line["traces"], trust_env=False).status_code == 200


def test_status_names_every_part_with_a_pid_that_lives(kotonoha: Kotonoha) -> None:
    parts = kotonoha.parts()

    assert list(parts) == ["postgres", "valkey", "traces", "identity", "api", "worker-1"]
    assert all(find_alive(part["pid"]) for part in parts.values())
    assert [name for name, part in parts.items() if part["port"] is None] == ["worker-1"]
    assert kotonoha.api.endswith(f":{parts['api']['port']}")


def test_status_reads_well_without_json(kotonoha: Kotonoha) -> None:
    written = kotonoha.run("status").stdout

    assert kotonoha.api in written
    assert "--providers local" in written
    assert "worker-1" in written


def test_tokens_open_the_api_for_learners_of_any_name(kotonoha: Kotonoha) -> None:
    with kotonoha.calling() as demo, kotonoha.calling("--user", "はな") as hana:
        answer = demo.post("/api/haiku", json={"topic": "autumn rain", "illustrate": False})
        assert answer.status_code == 202
        resource = answer.json()["resource"]

        assert demo.get(resource).status_code == 200
        assert hana.get(resource).status_code == 404


@pytest.mark.parametrize("name", ["valkey", "api", "worker-1", "postgres", "identity"])
async def test_what_is_killed_comes_back_where_it_was(kotonoha: Kotonoha, name: str) -> None:
    before = kotonoha.parts()[name]
    os.kill(before["pid"], signal.SIGKILL)

    async def is_back() -> bool:
        now = kotonoha.parts().get(name)
        return now is not None and now["pid"] != before["pid"] and now["port"] == before["port"]

    await until(is_back, within_seconds=30)

    asks = answers_http(kotonoha.parts()["api"]["port"], "/health/ready")

    async def is_well() -> bool:
        return await asks(0)

    await until(is_well, within_seconds=30)


def test_a_second_up_is_refused_and_the_first_lives_on(kotonoha: Kotonoha) -> None:
    second = kotonoha.run("up", "--json", "--port", "0")

    assert (second.returncode, second.stdout) == (1, "")
    assert kotonoha.run("up", "--port", "0").stdout == ""
    assert f"already runs in {kotonoha.home} at {kotonoha.api}" in second.stderr
    assert "api" in kotonoha.parts()


def test_a_haiku_is_made_and_kept(kotonoha: Kotonoha, tmp_path: Path) -> None:
    done = kotonoha.run("try", "haiku", "autumn rain", "--json", "--out", str(tmp_path))

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["request"]["status"] == "succeeded"
    assert [line["morae"] for line in told["haiku"]["lines"]] == [5, 7, 5]
    kept = {Path(file).name: Path(file).read_bytes() for file in told["files"]}
    assert kept.keys() == {"haiku.json", *(f"line-{number}.{ending}" for number in (1, 2, 3) for ending in ("png", "mp3"))}
    assert json.loads(kept["haiku.json"]) == told["haiku"]
    assert all(kept[f"line-{number}.png"].startswith(b"\x89PNG") for number in (1, 2, 3))


def test_the_poem_is_shown_before_any_picture(kotonoha: Kotonoha, tmp_path: Path) -> None:
    done = kotonoha.run("try", "haiku", "spring", "--out", str(tmp_path))

    assert done.returncode == 0, done.stderr
    page = json.loads((tmp_path / "haiku.json").read_text())
    shown = done.stdout
    assert all(line["japanese"] in shown and line["english"] in shown for line in page["lines"])
    assert shown.index(page["lines"][2]["japanese"]) < shown.index("picture 1")
    assert {f"{what} {number}" for what in ("picture", "voice") for number in (1, 2, 3)} <= {
        f"{words[1]} {words[2]}" for words in map(str.split, shown.splitlines()) if words[:1] == ["✓"]
    }


def test_what_is_no_topic_is_refused_in_the_apis_words(kotonoha: Kotonoha, tmp_path: Path) -> None:
    done = kotonoha.run("try", "haiku", "   ", "--out", str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.startswith("kotonoha: ")
    assert "Traceback" not in done.stderr


def test_who_wants_other_providers_than_those_that_run_is_refused_before_anybody_is_asked(
    kotonoha: Kotonoha, tmp_path: Path
) -> None:
    with kotonoha.calling() as demo:
        before = demo.get("/api/haiku").json()
        done = kotonoha.run("try", "haiku", "rain", "--providers", "fake-aws", "--out", str(tmp_path))
        after = demo.get("/api/haiku").json()

    assert (done.returncode, done.stdout) == (1, "")
    assert "are kept by the providers local; with fake-aws none of them could be opened. Leave --providers out" in done.stderr
    assert [haiku["id"] for haiku in after["items"]] == [haiku["id"] for haiku in before["items"]]


def test_ctrl_c_cancels_the_request(kotonoha: Kotonoha, tmp_path: Path) -> None:
    # Without a worker it cannot be over before it is canceled.
    os.kill(kotonoha.parts()["worker-1"]["pid"], signal.SIGSTOP)
    trying = kotonoha.start("try", "haiku", "a topic to leave", "--out", str(tmp_path))
    with kotonoha.calling() as demo:
        while (newest := demo.get("/api/haiku").json()["items"][0])["topic"] != "a topic to leave":
            pass
        trying.send_signal(signal.SIGINT)
        out, error = trying.communicate(timeout=30)
        request = demo.get(newest["request"]).json()
    os.kill(kotonoha.parts()["worker-1"]["pid"], signal.SIGCONT)

    listed = kotonoha.run("requests", "list", "--status", "canceled")
    retried = kotonoha.run("requests", "retry", request["id"])

    assert (trying.returncode, error) == (130, "")
    assert "Canceled." in out
    assert request["status"] == "canceled"
    assert "a topic to leave" in listed.stdout
    assert "what was canceled stays so.\n  Ask for it anew: kotonoha try haiku 'a topic to leave' --home" in retried.stdout


def test_requests_are_listed_shown_followed_retried_and_canceled(kotonoha: Kotonoha) -> None:
    user = ("--user", "reiko")
    with kotonoha.calling(*user) as reiko:
        asked = reiko.post("/api/haiku", json={"topic": "rain", "illustrate": False}).json()
    followed = kotonoha.run("requests", "follow", asked["id"], *user, "--json")
    listed = json.loads(kotonoha.run("requests", "list", *user, "--json", "--status", "succeeded").stdout)
    acted = [
        json.loads(kotonoha.run("requests", act, asked["id"], *user, "--json").stdout) for act in ("show", "retry", "cancel")
    ]
    shown = kotonoha.run("requests", "show", asked["id"], *user)
    others = kotonoha.run("requests", "show", asked["id"], "--user", "somebody else")
    with kotonoha.calling(*user) as reiko:
        reiko.delete(asked["resource"])
    after = kotonoha.run("requests", "list", *user)

    events = [json.loads(line) for line in followed.stdout.splitlines()]
    assert followed.returncode == 0, followed.stderr
    assert [event["seq"] for event in events if "seq" in event] == [1, 2, 3, 4]
    assert [item["id"] for item in listed["items"]] == [asked["id"]]
    assert {(request["id"], request["status"]) for request in acted} == {(asked["id"], "succeeded")}
    assert "haiku.compose" in shown.stdout
    assert "(deleted)" in after.stdout
    assert (others.returncode, others.stdout) == (1, "")
    assert others.stderr.startswith(
        "kotonoha: There is no such request. Those of somebody else are told by: kotonoha requests list "
    )
    assert others.stderr.endswith(" --user 'somebody else' --home " + shlex.quote(str(kotonoha.home)) + "\n")


def test_retry_and_cancel_of_what_is_over_say_that_there_was_nothing_to_do(kotonoha: Kotonoha) -> None:
    user = ("--user", "sora")
    with kotonoha.calling(*user) as sora:
        over, left = (sora.post("/api/haiku", json={"topic": "rain", "illustrate": False}).json()["id"] for _ in range(2))
    kotonoha.run("requests", "follow", over, *user)
    kotonoha.run("requests", "follow", left, *user)
    retried, canceled = (kotonoha.run("requests", act, over, *user) for act in ("retry", "cancel"))
    first = kotonoha.run("requests", "list", *user, "--limit", "1")
    more = first.stdout.rpartition("There are more: ")[2]
    rest = kotonoha.run(*shlex.split(more)[1:-2])

    assert "Nothing was tried again: none of its jobs has failed." in retried.stdout
    assert "Nothing was canceled: it was over already." in canceled.stdout
    assert left in first.stdout
    assert over in rest.stdout
    assert "There are more" not in rest.stdout


def test_the_doctor_finds_everybody_well(kotonoha: Kotonoha) -> None:
    done = kotonoha.run("doctor", "--json")

    findings = json.loads(done.stdout)
    assert [finding for finding in findings if not finding["ok"]] == []
    examined = {finding["name"] for finding in findings}
    assert {"postgres", "valkey", "traces", "identity", "api", "worker-1", "platform"} <= examined


def test_the_doctor_names_who_does_not_answer(kotonoha: Kotonoha) -> None:
    pid = kotonoha.parts()["identity"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    done = kotonoha.run("doctor")
    os.kill(pid, signal.SIGCONT)

    assert done.returncode == 1
    assert f"✗ identity    runs (pid {pid}) and does not answer" in done.stdout
    assert "identity.log" in done.stdout


def test_nothing_is_reset_under_what_runs(kotonoha: Kotonoha) -> None:
    done = kotonoha.run("reset", "--yes")

    assert done.returncode == 1
    assert "Stop it first" in done.stderr
    assert "api" in kotonoha.parts()


def test_stopping_leaves_nobody_and_starting_again_finds_everything(kotonoha: Kotonoha) -> None:
    with kotonoha.calling() as demo:
        before = demo.get("/api/haiku").json()["items"]
    lived = [alive for part in kotonoha.parts().values() if (alive := find_alive(part["pid"]))]
    down = kotonoha.run("down")

    assert (down.returncode, down.stdout) == (0, f"Stopped what ran in {kotonoha.home}.\n")
    assert kotonoha.wait() == (0, "")
    assert all(is_done(one.pid, one.started) for one in lived)
    assert kotonoha.run("status", "--json").stdout == "[]\n"
    kotonoha.up("--workers", "2")
    assert {"worker-1", "worker-2"} <= kotonoha.parts().keys()
    with kotonoha.calling() as demo:
        assert [haiku["id"] for haiku in demo.get("/api/haiku").json()["items"]] == [haiku["id"] for haiku in before]


def test_after_a_reset_everything_begins_afresh_and_tokens_still_open_it(kotonoha: Kotonoha) -> None:
    kotonoha.stop()
    done = kotonoha.run("reset", "--yes", "--json")
    kotonoha.up("--workers", "0")

    assert done.returncode == 0, done.stderr
    assert {"postgres", "media"} <= set(json.loads(done.stdout)["deleted"])
    with kotonoha.calling() as demo:
        assert demo.get("/api/haiku").json()["items"] == []
