"""The web application: routes behind the door, inside the limits, inside the headers."""

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from wardkeeper.usecases.house import House
from wardkeeper.web.door import Door
from wardkeeper.web.forms import read_answers
from wardkeeper.web.limits import Arrivals, BodyLimit, SignInTries
from wardkeeper.web.live import Changes
from wardkeeper.web.pages import Pages
from wardkeeper.web.problems import FaultBarrier, add_error_handlers
from wardkeeper.web.routes import ROUTERS
from wardkeeper.web.security import SecurityHeaders
from wardkeeper.web.sending_runs import Runs


def create_app(house: House) -> FastAPI:
    """Build the application for one authority. There are no documentation pages to find it by."""
    app = FastAPI(
        title="Wardkeeper", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(read_answers)]
    )
    app.state.house = house
    app.state.pages = Pages(house)
    app.state.tries = SignInTries()
    app.state.receipts = Arrivals()
    app.state.changes = Changes(house.store.change_number)
    app.state.runs = Runs()
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(packages=[("wardkeeper.web", "static")]), name="static")
    add_error_handlers(app)
    # The last added is the outermost: headers on everything, then the barrier for faults, the size limit, the door.
    app.add_middleware(Door, house=house)
    app.add_middleware(BodyLimit)
    app.add_middleware(FaultBarrier)
    app.add_middleware(SecurityHeaders)
    return app
