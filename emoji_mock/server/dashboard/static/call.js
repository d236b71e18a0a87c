// One call, in a dialog: opened by any link to it, and by the page's address.
import { load, problem, register, send } from "./actions.js";

const base = document.body.dataset.base;
const dialog = document.getElementById("call");
const content = document.getElementById("call-content");

function putAddress(hash) {
  history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
}

/** Show a call. Throw an Error if the journal does not hold it. */
async function open(number) {
  content.innerHTML = await load(`${base}/calls/${encodeURIComponent(number)}`);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  document.getElementById("call-title").focus();
  putAddress(`#call-${number}`);
}

dialog.addEventListener("close", () => {
  content.replaceChildren();
  putAddress("");
});
dialog.addEventListener("click", ({ target }) => { if (target === dialog) dialog.close(); });

register("call-close", () => dialog.close());

register("call-copy", async (button) => {
  const command = document.getElementById("call-curl");
  if (navigator.clipboard) { // only pages of this machine, or over TLS, have it
    await navigator.clipboard.writeText(command.textContent);
    button.textContent = "Copied";
  } else {
    getSelection().selectAllChildren(command);
    button.textContent = "Selected: press Ctrl+C";
  }
});

register("call-rule", async (form) => {
  const { answer, namespace, times } = form.elements;
  const rule = JSON.parse(answer.value);
  for (const { dataset, value } of form.querySelectorAll("[data-criterion]:checked")) rule[dataset.criterion] = value;
  if (times.value) rule.times = times.valueAsNumber;
  const path = namespace?.checked ? `/_mock/rules?${new URLSearchParams({ namespace: namespace.value })}` : "/_mock/rules";
  const { id } = await send("POST", path, rule);
  document.getElementById("call-done").textContent = `Rule ${id} is in force.`;
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-call]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.dataset.call);
});

async function show(number) {
  try {
    await open(number);
    problem("");
  } catch (error) {
    problem(error.message);
  }
}

const [, asked] = location.hash.match(/^#call-(\d+)$/) ?? [];
if (asked) show(asked);
