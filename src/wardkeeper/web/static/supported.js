// Says that scripts run, before the page is drawn, so that what needs none of them does not flicker.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
