// Starts the design system's own behaviour, the map's buttons where a page has a map, and keys for answers.
import { initAll } from "/static/vendor/govuk-frontend/govuk-frontend-6.3.0.min.js";
import { startMaps } from "/static/map.js";
import { startLive } from "/static/live.js";
import { startAnswers } from "/static/answers.js";

initAll();
startMaps(document);
startLive(document);
startAnswers(document);
