"""Who gets in: nobody without signing in, no form without its token, no page that a browser may misuse."""

from datetime import timedelta

import pytest
from fastapi.routing import APIRoute

from wardkeeper.kernel.people import Actor
from wardkeeper.web.app import create_app
from wardkeeper.web.door import OPEN_PATHS, is_open
from wardkeeper.web.limits import MAX_BODY, MAX_FOR_LOGIN, SignInTries
from wardkeeper.web.problems import TooManyTries
from wardkeeper.web.security import CONTENT_SECURITY_POLICY
from web_house import INCIDENT, MORNING, PASSWORD, PLANNER, browser, csrf_of, make_house, post, sign_in

FILLED = {
    "incident": INCIDENT,
    "check": "chk-000000000001",
    "source": "adult-social-care",
    "delivery": "dlv-000000000001",
    "row": "1",
    "pair": "pair-000000000001",
    "label": "lab-000000000001",
    "alert": "alr-000000000001",
    "campaign": "cam-000000000001",
    "table": "outcomes",
}


def every_route():
    """Every address of the application with its methods, filled in with likely ids."""
    found = create_app(make_house()).routes
    included = [one.original_router for one in found if hasattr(one, "original_router")]
    assert [one.path for one in found if not hasattr(one, "original_router")] == ["/static"]
    routes = [route for router in included for route in router.routes]
    assert all(isinstance(route, APIRoute) for route in routes)
    assert len(routes) > 15
    return [(method, route.path.format(**FILLED)) for route in routes for method in sorted(route.methods)]


CLOSED = [(method, path) for method, path in every_route() if path not in OPEN_PATHS]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_every_address_asks_a_stranger_to_sign_in(stranger, method, path):
    answer = stranger.request(method, path, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not-signed-in"


@pytest.mark.parametrize(
    "path", ["/no-such-page", "/incidents/../sign-in/x", "/staticx/wardkeeper.css", "/docs", "/openapi.json"]
)
def test_an_address_nobody_named_is_closed_too(stranger, path):
    assert stranger.get(path).status_code == 303


def test_only_signing_in_health_our_own_assets_and_callbacks_with_a_token_are_open():
    assert {"/sign-in", "/healthz", "/notify/callback"} == OPEN_PATHS
    assert is_open("/static/wardkeeper.css")
    assert not is_open("/sign-in/")
    assert not is_open("/static")


@pytest.mark.parametrize("path", [path for method, path in CLOSED if method == "POST"])
@pytest.mark.parametrize("token", [None, "", "0" * 64])
def test_every_form_without_its_token_is_refused(planner, path, token):
    data = {} if token is None else {"csrf": token}
    answer = planner.post(path, data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert "not sent from a page" in answer.json()["error"]["message"]


def test_signing_in_needs_the_pages_own_token_too(stranger):
    data = {"csrf": "", "login": "asha", "password": PASSWORD}
    assert stranger.post("/sign-in", data=data).status_code == 403, "neither cookie nor token"
    stranger.get("/sign-in")
    assert stranger.post("/sign-in", data={**data, "csrf": "0" * 64}).status_code == 403, "another's token"


def test_a_form_sent_by_another_site_is_refused_even_with_its_token(planner):
    answer = post(planner, "/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_one_persons_token_does_not_serve_another(app, planner, crew):
    stolen = csrf_of(crew.get("/").text)
    assert planner.post("/sign-out", data={"csrf": stolen}).status_code == 403


def test_a_page_asked_for_leads_to_signing_in_and_back(stranger):
    answer = stranger.get(f"/incidents/{INCIDENT}")
    assert answer.headers["location"] == f"/sign-in?next=/incidents/{INCIDENT}"
    page = stranger.get(answer.headers["location"])
    data = {"csrf": csrf_of(page.text), "login": "asha", "password": PASSWORD, "next": f"/incidents/{INCIDENT}"}
    assert stranger.post("/sign-in", data=data).headers["location"] == f"/incidents/{INCIDENT}"


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:1", "", "/a\\b", "/a\nb"],
)
def test_signing_in_never_leads_to_another_site(stranger, address):
    page = stranger.get("/sign-in")
    data = {"csrf": csrf_of(page.text), "login": "asha", "password": PASSWORD, "next": address}
    assert stranger.post("/sign-in", data=data).headers["location"] == "/"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger):
    cookie = sign_in(stranger, PLANNER).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "secure" not in cookie.lower(), "over plain HTTP on this machine a secure cookie would never come back"


@pytest.mark.parametrize("base", ["https://127.0.0.1", "https://wardkeeper.example", "http://wardkeeper.example"])
def test_the_session_cookie_is_kept_to_https_everywhere_else(app, base):

    page = browser(app, base).get("/sign-in")
    assert "secure" in page.headers["set-cookie"].lower()


def test_signing_out_ends_the_session_on_the_server(planner):
    cookies = dict(planner.cookies)
    assert post(planner, "/sign-out").headers["location"] == "/sign-in"
    planner.cookies.update(cookies)
    assert planner.get("/").status_code == 303


def test_a_session_ends_by_itself(planner, house):
    assert planner.get("/").status_code == 200
    house.clock.move(timedelta(hours=12))
    assert planner.get("/").status_code == 303


@pytest.mark.parametrize(("login", "password"), [("asha", "wrong"), ("nobody", PASSWORD), ("asha'; --", PASSWORD)])
def test_a_wrong_login_and_a_wrong_password_look_alike(stranger, login, password):
    answer = sign_in(stranger, Actor(login, "", "", frozenset()), password)
    assert answer.status_code == 401
    assert "The login or the password is not right." in answer.text
    assert password not in answer.text


def test_an_empty_form_says_what_to_enter(stranger):
    answer = sign_in(stranger, Actor("", "", "", frozenset()), "")
    assert answer.status_code == 422
    assert "Enter your login." in answer.text
    assert "Enter your password." in answer.text


def test_guessing_is_slowed_by_login_and_clears_with_time(stranger, house):
    for _ in range(MAX_FOR_LOGIN):
        assert sign_in(stranger, PLANNER, "wrong").status_code == 401
    refused = sign_in(stranger, PLANNER)
    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.text
    house.clock.move(timedelta(minutes=15))
    assert sign_in(stranger, PLANNER).status_code == 303


class TestSignInTries:
    def test_one_address_cannot_try_many_logins(self):
        tries = SignInTries()
        for number in range(40):
            tries.add_failure(f"login{number}", "203.0.113.9", MORNING)
        with pytest.raises(TooManyTries, match="Too many sign-in attempts"):
            tries.check("another", "203.0.113.9", MORNING)
        tries.check("another", "203.0.113.10", MORNING)

    def test_signing_in_clears_the_login_but_not_the_address(self):
        tries = SignInTries()
        for _ in range(MAX_FOR_LOGIN):
            tries.add_failure("asha", "203.0.113.9", MORNING)
        tries.forget("asha")
        tries.check("asha", "203.0.113.9", MORNING)
        assert tries._recent("address 203.0.113.9", MORNING) == MAX_FOR_LOGIN

    def test_made_up_logins_cannot_fill_the_memory(self):
        tries = SignInTries()
        for number in range(11_000):
            tries.add_failure(f"login{number}", "203.0.113.9", MORNING)
        assert len(tries._failures) == 10_000


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz", "/no-such-page", "/static/wardkeeper.css"])
    def test_every_answer_carries_them(self, stranger, path):
        headers = stranger.get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"

    def test_nothing_inline_and_nobody_elses(self):
        assert "unsafe" not in CONTENT_SECURITY_POLICY
        assert "default-src 'none'" in CONTENT_SECURITY_POLICY
        assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
        assert "http" not in CONTENT_SECURITY_POLICY

    def test_pages_are_kept_nowhere_and_assets_are_checked_each_time(self, planner):
        assert planner.get("/").headers["cache-control"] == "no-store"
        assert planner.get("/static/wardkeeper.css").headers["cache-control"] == "no-cache"

    def test_https_stays_https(self, app):

        assert "strict-transport-security" in browser(app, "https://a.example").get("/healthz").headers
        assert "strict-transport-security" not in browser(app).get("/healthz").headers


class TestSize:
    def test_a_body_that_says_it_is_too_big_is_not_read(self, planner):
        answer = planner.post("/incidents/declare", content=b"x", headers={"Content-Length": str(MAX_BODY + 1)})
        assert answer.status_code == 422
        assert "larger than 5 MB" in answer.text

    def test_a_body_that_does_not_say_is_stopped_on_the_way(self, planner):
        chunks = (b"x" * 65536 for _ in range(MAX_BODY // 65536 + 2))
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = planner.post("/incidents/declare", content=chunks, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "bad-input"
