// The calls: rows as they come, filters, pause, and what the calls between two rows were.
import { load, register } from "./actions.js";
import { listen, subscribe } from "./page.js";

const KEPT = 400; // rows that stay in the page while new ones come
const base = document.body.dataset.base;
const rows = document.getElementById("calls");
const empty = document.getElementById("calls-empty");
const state = document.getElementById("calls-state");
const pause = document.getElementById("calls-pause");
const filter = document.querySelector("form.calls-filter");
let paused = false;
let missed = 0;

function told() {
  empty.hidden = rows.childElementCount > 0;
  state.textContent = paused
    ? `Paused; ${missed ? `${missed.toLocaleString("en")} new calls since` : "no new call yet"}.`
    : "";
}

/** Parse rows, which only a table may hold. */
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

subscribe("calls", (html) => {
  if (paused) setPaused(false); // a reset, or a connection that was lost: what is shown may be gone
  rows.replaceChildren(parsed(html));
  told();
});

subscribe("new-calls", (html) => {
  const fresh = parsed(html);
  if (paused) {
    const more = fresh.querySelector("tr.gap")?.dataset.count ?? 0;
    missed += fresh.querySelectorAll("tr[data-number]").length + Number(more);
  } else {
    rows.prepend(fresh);
    while (rows.childElementCount > KEPT) rows.lastElementChild.remove();
  }
  told();
});

subscribe("accounts", (names) => {
  const choice = filter.elements.account;
  const chosen = choice.value;
  const options = names.map((name) => new Option(name || "(no key)", name));
  if (chosen !== "*" && !names.includes(chosen)) options.push(new Option(chosen || "(no key)", chosen));
  choice.replaceChildren(choice.options[0], ...options);
  choice.value = chosen;
});

function setPaused(is) {
  paused = is;
  missed = 0;
  pause.setAttribute("aria-pressed", String(is));
  pause.textContent = is ? "Continue" : "Pause";
  told();
}

register("calls-pause", () => {
  const continues = paused;
  setPaused(!paused);
  if (continues) listen();
});

register("calls-between", async (button) => {
  const query = new URLSearchParams(location.search);
  query.set("after", button.dataset.after);
  query.set("before", button.dataset.before);
  const html = await load(`${base}/calls?${query}`);
  if (!paused) setPaused(true); // new calls would push them away
  const gap = button.closest("tr");
  const fresh = parsed(html);
  const first = fresh.querySelector("a[data-call]");
  gap.replaceWith(fresh);
  first?.focus();
});

/** Put the filter into the page's address, so that it can be kept and shared, and open the stream anew. */
function apply() {
  const query = new URLSearchParams();
  const { account, outcome, text } = filter.elements;
  if (account.value !== "*") query.set("account", account.value);
  if (outcome.value) query.set("outcome", outcome.value);
  if (text.value.trim()) query.set("text", text.value.trim());
  const search = query.size ? `?${query}` : "";
  if (search === location.search) return;
  history.replaceState(null, "", `${location.pathname}${search}${location.hash}`);
  setPaused(false);
  listen();
}

let typing;
register("calls-filter", apply);
filter.addEventListener("change", apply);
filter.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(apply, 250);
});

function readAddress() {
  const query = new URLSearchParams(location.search);
  const { account, outcome, text } = filter.elements;
  const named = query.get("account");
  if (named !== null && named !== "*") account.append(new Option(named || "(no key)", named, true, true));
  outcome.value = query.get("outcome") ?? "";
  if (outcome.selectedIndex < 0) outcome.value = "";
  text.value = query.get("text") ?? "";
}

readAddress();
told();
