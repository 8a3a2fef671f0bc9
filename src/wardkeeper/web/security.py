"""Headers that tell a browser what a page may do: nothing that is not ours, and nothing kept.

Written as plain ASGI so that a live stream passes through unbuffered.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

STATIC_PREFIX = "/static/"
KEPT_NOWHERE = "no-store"
CHECKED_EACH_TIME = "no-cache"


class SecurityHeaders:
    """Adds the headers to every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message), path=scope["path"], secure=scope["scheme"] == "https")
            await send(message)

        await self.app(scope, receive, send_with_headers)


def add_headers(headers: MutableHeaders, *, path: str, secure: bool) -> None:
    """Set every header a page needs. Only our own assets may be kept by a browser, and are checked each time."""
    for name, value in HEADERS.items():
        headers[name] = value
    headers["Cache-Control"] = CHECKED_EACH_TIME if path.startswith(STATIC_PREFIX) else KEPT_NOWHERE
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
