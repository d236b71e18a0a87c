// The page: it shows what the stream of events brings, and starts the modules of the regions.
import { Idiomorph } from "./idiomorph.js";
import { problem } from "./actions.js";

const KEPT = 400; // rows of calls in the page
const base = document.body.dataset.base;
const connection = document.getElementById("connection");

// A reader opens details, and an element with data-kept, such as a form, keeps what was typed.
const callbacks = {
  beforeNodeMorphed: (old) => !(old instanceof Element && old.hasAttribute("data-kept")),
  beforeAttributeUpdated: (name) => name !== "open",
};

/** Replace the content of a region; focus, open details and what is typed are kept. */
export function show(name, html) {
  const settings = { morphStyle: "innerHTML", ignoreActiveValue: true, callbacks };
  Idiomorph.morph(document.getElementById(name), html, settings);
}

/** Put rows of new calls before the others, and drop the oldest. */
function addCalls(html) {
  const rows = document.getElementById("calls");
  rows.insertAdjacentHTML("afterbegin", html);
  while (rows.childElementCount > KEPT) rows.lastElementChild.remove();
}

function connected(text, live) {
  connection.textContent = text;
  connection.toggleAttribute("data-live", live);
}

function listen() {
  const events = new EventSource(`${base}/events`);
  events.addEventListener("open", () => { connected("live", true); problem(""); });
  events.addEventListener("error", () => connected("connection lost; trying again", false));
  events.addEventListener("calls", (event) => addCalls(JSON.parse(event.data)));
  for (const region of document.querySelectorAll("[data-region]")) {
    events.addEventListener(region.id, (event) => show(region.id, JSON.parse(event.data)));
  }
}

listen();
