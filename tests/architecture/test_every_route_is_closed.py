"""G2, default deny, at the web's door: every route there is, asked without a session and without a form's token."""

import re

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from wardkeeper.web.app import create_app
from wardkeeper.web.door import OPEN_PATHS
from wardkeeper.web.routes import ROUTERS
from web_browser import Browser
from web_house import BASE, CREW, PLANNER, make_house, sign_in

APP = create_app(make_house())
ROUTES = [route for router in ROUTERS for route in router.routes]


def routes(method):
    """Every path for a method, its parameters filled with something that could exist."""
    found = [route.path for route in ROUTES if method in route.methods]
    return sorted(re.sub(r"\{\w+\}", "inc-000000000001", path) for path in found)


def open_browser():
    return Browser(APP, base_url=BASE, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def stranger():
    return open_browser()


@pytest.fixture(scope="module", params=[PLANNER, CREW], ids=["planner", "crew"])
def signed_in(request):
    """Signed in once: too many sign-ins from one address are refused."""
    browser = open_browser()
    assert sign_in(browser, request.param).status_code == 303
    return browser


def test_there_is_nothing_but_routes_and_one_folder_of_static_files():
    assert {type(route) for route in ROUTES} == {APIRoute}
    mounts = [route for route in APP.routes if isinstance(route, Mount)]
    assert [route.path for route in mounts] == ["/static"]
    assert len(APP.routes) == len(mounts) + len(ROUTERS)
    assert len(routes("GET")) >= 10
    assert len(routes("POST")) >= 8


@pytest.mark.parametrize("path", [path for path in routes("GET") if path not in OPEN_PATHS])
def test_g2_without_a_session_no_page_opens(stranger, path):
    answer = stranger.get(path)
    assert answer.status_code in {303, 401}
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", [path for path in routes("POST") if path not in OPEN_PATHS])
def test_g2_without_a_session_no_form_is_taken(stranger, path):
    assert stranger.post(path, data={"csrf": "0" * 64}).status_code in {303, 401, 403}


@pytest.mark.parametrize("path", routes("POST"))
@pytest.mark.parametrize("token", [None, "", "0" * 64], ids=["no token", "empty", "made up"])
def test_without_the_forms_token_no_form_is_taken(signed_in, path, token):
    answer = signed_in.post(path, data={} if token is None else {"csrf": token})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/admin", "/.env", "/static/../app.py"])
def test_what_is_not_there_is_not_told_from_what_is_closed(stranger, path):
    assert stranger.get(path).status_code in {303, 401, 404}


def test_only_the_sign_in_the_health_check_and_callbacks_with_a_token_are_open():
    assert {"/sign-in", "/healthz", "/notify/callback"} == OPEN_PATHS


def test_no_route_reads_by_post_or_changes_by_get():
    methods = {frozenset(route.methods) for route in ROUTES}
    assert methods == {frozenset({"GET"}), frozenset({"POST"})}
