"""A learner and all they ever made, erased."""

from litestar import delete
from litestar.types import ControllerRouterHandler

from api.provide import Given, Learner
from api.submit import Desk
from core.contracts.ids import UserId
from core.db.admission import wait_to_ask
from core.db.erased_spend import erase_spend
from core.db.forget import delete_requests_of, delete_rest_of, give_up_files, list_inputs
from core.db.stop import stop_requests_of
from core.storage import artifact_of, possible_keys


@delete(
    "/api/me",
    operation_id="eraseMe",
    summary="Erase me: everything I asked for, and everything that was made of it",
    description="What is under way ends without a trace. Interrupted, it can be sent again; sent again, it changes nothing. "
    "Files are deleted within minutes; where they are kept in versions, the last of them is destroyed within two days, and "
    "copies of the database that are kept against accidents are a week old at most. "
    "What was spent today is counted until midnight (UTC) under a name that only the database can compute, and only on that day. "
    "The account with the identity provider is not ours and stays.",
    tags=["me"],
)
async def erase(learner: Given[Learner], desk: Given[Desk]) -> None:
    owner = learner.user_id
    await _stop_everything(desk, owner)
    await _give_up_files(desk, owner)
    while await _delete_some(desk, owner):
        continue
    async with desk.transaction(owner) as db:
        await wait_to_ask(db, owner)
        await delete_rest_of(db, owner)
        await erase_spend(db, owner)


async def _stop_everything(desk: Desk, owner: UserId) -> None:
    while True:
        async with desk.transaction(owner) as db:
            # What is being asked for or retried right now is seen after it.
            await wait_to_ask(db, owner)
            events = await stop_requests_of(db, owner)
        if not events:
            return
        await desk.tell(events)


async def _give_up_files(desk: Desk, owner: UserId) -> None:
    """Before the rows that tell of them go."""
    async with desk.transaction(owner) as db:
        inputs = await list_inputs(db, owner)
        perhaps = [key for input_hash in inputs for key in possible_keys(owner, artifact_of(owner, input_hash))]
        await give_up_files(db, owner, perhaps)


async def _delete_some(desk: Desk, owner: UserId) -> int:
    async with desk.transaction(owner) as db:
        return await delete_requests_of(db, owner)


me_routes: list[ControllerRouterHandler] = [erase]
