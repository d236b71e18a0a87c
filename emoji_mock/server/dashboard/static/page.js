// The page: it shows what the stream of events brings, and starts the modules of the regions.
import { Idiomorph } from "./idiomorph.js";

const base = document.body.dataset.base;
const connection = document.getElementById("connection");
const away = document.getElementById("store-problem");

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

function connected(text, live) {
  connection.textContent = text;
  connection.toggleAttribute("data-live", live);
}

/** Say why the store cannot be reached, or that it can be. What is shown stays. */
function reached(problem = "") {
  away.textContent = problem && `${problem}. The page shows nothing new until the store is back.`;
  connected(problem ? "no store; trying again" : "live", !problem);
}

const listeners = new Map();
let events;

/** Run `listener(data)` for each event of this name. */
export function subscribe(name, listener) {
  const parsed = (event) => listener(JSON.parse(event.data));
  listeners.set(name, parsed);
  events?.addEventListener(name, parsed);
}

/** Open the stream of events, or open it anew: it then sends everything that is shown, the calls by the page's query. */
export function listen() {
  events?.close();
  events = new EventSource(`${base}/events${location.search}`);
  events.addEventListener("open", () => reached());
  events.addEventListener("error", () => connected("connection lost; trying again", false));
  for (const [name, listener] of listeners) events.addEventListener(name, listener);
}

subscribe("store", reached);
for (const region of document.querySelectorAll("[data-region]")) subscribe(region.id, (html) => show(region.id, html));
document.addEventListener("DOMContentLoaded", listen); // when every module has subscribed
