// Keeps a page live: shows each change as it comes, and clears the page when the right to see it ends.
// The words of a state are the page's own; nothing from the stream is ever read as HTML.
const WORDS = {
  "needs help": "Needs help", "to do": "To do", taken: "Taken", "try again": "Try again", done: "Done", withheld: "Not shown to you",
};
const COLOURS = { "needs help": "red", "to do": "grey", taken: "blue", "try again": "orange", done: "green", withheld: "grey" };
const MANY = 5;

export function startLive(root) {
  const page = root.querySelector("[data-live]");
  if (page && "EventSource" in window) follow(page);
}

function follow(page) {
  const states = new Map(Object.entries(JSON.parse(page.dataset.states || "{}")));
  const stream = new EventSource(page.dataset.live);
  const say = sayer(page.querySelector("[data-live-said]"));

  stream.addEventListener("open", () => showState(page, "Live"));
  stream.addEventListener("change", (event) => {
    const change = JSON.parse(event.data);
    if (!change.check) return;
    count(page, states, change);
    show(page, change);
    say(change);
  });
  stream.addEventListener("purge", (event) => {
    stream.close();
    purge(page, JSON.parse(event.data));
  });
  stream.addEventListener("trouble", (event) => {
    stream.close();
    showState(page, `Not live: ${JSON.parse(event.data).message}`);
  });
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) {
      showState(page, "Reconnecting");
      return;
    }
    ask(page);
  });
  // A page brought back by the Back button may be older than its right to be seen.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  window.addEventListener("pagehide", () => stream.close());
}

// The stream was turned away for good: the page itself knows why.
async function ask(page) {
  try {
    const answer = await fetch(page.dataset.page, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      showState(page, "Not live: use Refresh");
      return;
    }
    const { error } = await answer.json();
    purge(page, error);
  } catch {
    showState(page, "Not live: no connection");
  }
}

function showState(page, words) {
  for (const place of page.querySelectorAll("[data-live-state]")) {
    place.textContent = words;
    place.hidden = false;
    place.className = words === "Live" ? "wk-live wk-live--on" : "wk-live";
  }
}

function count(page, states, change) {
  const before = states.get(change.check) || "to do";
  states.set(change.check, change.status);
  if (before === change.status) return;
  add(page, before, -1);
  add(page, change.status, 1);
}

function add(page, state, step) {
  const place = page.querySelector(`[data-count="${state}"]`);
  if (!place) return;
  const number = Number(place.textContent.replaceAll(",", "")) + step;
  place.textContent = Math.max(0, number).toLocaleString("en-GB");
}

function show(page, change) {
  const id = CSS.escape(change.check);
  const line = page.querySelector(`[data-line="${id}"]`);
  if (line) {
    line.dataset.state = change.status;
    const tag = line.querySelector("[data-status]");
    tag.textContent = WORDS[change.status] || change.status;
    tag.className = `govuk-tag govuk-tag--${COLOURS[change.status] || "grey"}`;
    line.querySelector("[data-outcome]").textContent = [change.outcome, change.organisation].filter(Boolean).join(" – ");
    line.classList.remove("wk-changed");
    void line.offsetWidth; // starts the highlight again
    line.classList.add("wk-changed");
  }
  const dot = page.querySelector(`[data-dot="${id}"]`);
  if (dot) dot.setAttribute("class", `wk-dot wk-dot--${change.status.replaceAll(" ", "-")}`);
}

// Many changes at once are told as a number: a screen reader must not read out a storm.
function sayer(place) {
  let waiting = [];
  let timer = null;
  const speak = () => {
    place.textContent =
      waiting.length > MANY ? `${waiting.length} checks have changed.` : waiting.map(sentence).join(" ");
    waiting = [];
    timer = null;
  };
  return (change) => {
    waiting.push(change);
    timer ??= setTimeout(speak, 600);
  };
}

function sentence(change) {
  const line = document.querySelector(`[data-line="${CSS.escape(change.check)}"]`);
  const name = line ? line.dataset.reference : "A check on another page";
  const outcome = change.outcome ? `, ${change.outcome.toLowerCase()}` : "";
  return `${name}: ${(WORDS[change.status] || change.status).toLowerCase()}${outcome}.`;
}

function purge(page, reason) {
  const notice = document.createElement("div");
  notice.className = "govuk-error-summary";
  notice.tabIndex = -1;
  const heading = document.createElement("h1");
  heading.className = "govuk-heading-l";
  heading.textContent = "You can no longer see this page";
  const message = document.createElement("p");
  message.className = "govuk-body-l";
  message.textContent = reason.message;
  const next = document.createElement("p");
  next.className = "govuk-body";
  next.textContent = reason.next;
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = "/";
  link.textContent = "Go to the incidents";
  notice.append(heading, message, next, link);
  page.replaceChildren(notice);
  document.title = "You can no longer see this page – Wardkeeper";
  notice.focus();
}
