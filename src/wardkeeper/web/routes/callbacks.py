"""Callbacks of GOV.UK Notify: what became of a message. They come with a token instead of a session and a form's token."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from wardkeeper.kernel.errors import Refused, WardkeeperError
from wardkeeper.messages.receipts import read_receipt
from wardkeeper.usecases import follow_campaign
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Report
from wardkeeper.web.problems import status_of

router = APIRouter()

BEARER = "Bearer "


@router.post("/notify/callback")
async def receive_receipt(request: Request) -> Response:
    """Take a delivery receipt from GOV.UK Notify, which proves itself by its token."""
    try:
        await run_in_threadpool(_check, request)
        # The body is read only once the token is known to be right.
        await run_in_threadpool(_hear, request.app.state.house, await request.body())
    except WardkeeperError as error:
        return JSONResponse(error.to_dict(), status_of(error))
    return Response(status_code=204)


def _check(request: Request) -> None:
    """Raise Refused unless the token is right, TooManyTries when there were too many wrong ones, or too many requests."""
    state = request.app.state
    house: House = state.house
    now = house.clock.now()
    header = request.headers.get("authorization", "")
    if header.startswith(BEARER) and house.is_callback_token(header.removeprefix(BEARER)):
        state.receipts.check(now)
        return
    caller = f"callback {request.client.host if request.client else ''}"
    state.tries.check(caller, caller, now)
    state.tries.add_failure(caller, caller, now)
    raise Refused("This is not a callback that was asked for.", "Set the same token here and in GOV.UK Notify.")


def _hear(house: House, content: bytes) -> None:
    receipt = read_receipt(content)
    follow_campaign.hear(house, Report(receipt.reference, receipt.id, receipt.status))
