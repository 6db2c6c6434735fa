"""A learner leaves while a haiku of theirs is being made: workers go on as if nothing had been."""

from local.tokens import learner_id
from tests.journeys.platform import Platform
from tests.journeys.steps import ask, finish, follow
from tests.until import until

WISH = "a wish that nobody shall find"


async def every_row(platform: Platform) -> str:
    tables = await platform.fetch("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('street', 'haiku')")
    rows = [await platform.fetch(f'SELECT t::text FROM "{table[0]}"."{table[1]}" t') for table in tables]  # noqa: S608  names from the catalogue
    return "\n".join(row[0] for table in rows for row in table)


async def test_whoever_leaves_in_the_middle_leaves_no_row(anywhere: Platform) -> None:
    async with await anywhere.learner("leaver") as leaver, await anywhere.learner("stayer") as stayer:
        request = await ask(leaver, WISH)
        async for event in follow(leaver, request):
            if event["type"] == "job.succeeded":
                break
        before = await every_row(anywhere)
        erased = await leaver.delete("/api/me")
        story = await finish(stayer, await ask(stayer, "what stays"))

        async def nobody_works() -> bool:
            return await anywhere.fetch("SELECT FROM street.jobs WHERE status = 'running'") == []

        await until(nobody_works, within_seconds=30)
        after = await every_row(anywhere)

    assert erased.status_code == 204
    assert WISH in before
    assert story[-1]["type"] == "request.succeeded"
    assert learner_id("leaver") not in after
    assert WISH not in after
