"""Pages and forms, one module a noun. Every route is closed to people who are not signed in unless `door` opens it."""

from wardkeeper.web.routes import (
    activity,
    alerts,
    callbacks,
    campaign_effects,
    campaigns,
    checks,
    closing,
    coincidences,
    incidents,
    joining,
    messages,
    missing,
    outbreaks,
    people,
    rows,
    rules,
    sending,
    sign_in,
    sources,
)

ROUTERS = tuple(
    module.router
    for module in (
        sign_in,
        incidents,
        checks,
        closing,
        sources,
        rows,
        rules,
        missing,
        joining,
        people,
        outbreaks,
        alerts,
        coincidences,
        messages,
        campaigns,
        sending,
        campaign_effects,
        callbacks,
        activity,
    )
)
"""Every router of the application."""
