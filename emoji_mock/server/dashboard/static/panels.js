// What people do in the regions of limits, rules and time: each action is one request to the control API.
import { load, register, send } from "./actions.js";
import { show } from "./page.js";

const base = document.body.dataset.base;
const CONTROL = "/_mock";

/** Show the regions that an action may have changed, before the stream does. */
async function refresh() {
  await Promise.all(["limits", "rules", "time"].map(async (name) => show(name, await load(`${base}/regions/${name}`))));
}

/** Run an action, and then show what it changed; the focus stays near a button that is gone or disabled then. */
function registerChange(name, change) {
  register(name, async (element) => {
    const region = element.closest("[data-region]");
    const hadFocus = element.contains(document.activeElement);
    await change(element);
    await refresh();
    if (!hadFocus || (element.isConnected && !element.disabled)) return;
    const [near, selector] = element.isConnected ? [element.parentElement, "button:not(:disabled)"] : [region, "summary"];
    near.querySelector(selector)?.focus();
  });
}

/** Return the path of a route for the account that the form names, or for everyone. */
function pathFor(route, form) {
  const namespace = form.elements.namespace.value.trim();
  return namespace ? `${CONTROL}/${route}?${new URLSearchParams({ namespace })}` : `${CONTROL}/${route}`;
}

/** Return the numbers of a form that are given, by their names. */
function numbersOf(form) {
  const given = [...form.elements].filter(({ type, value }) => type === "number" && value !== "");
  return Object.fromEntries(given.map(({ name, valueAsNumber }) => [name, valueAsNumber]));
}

/** Return the rule that a form describes. */
function ruleOf(form) {
  const { answer, image_url: pattern, model, endpoint } = form.elements;
  const [kind, name] = answer.value.split(":");
  const rule = numbersOf(form);
  if (kind === "fault") rule.fault = name;
  else if (kind) rule.outcome = kind;
  if (kind !== "fault" && name) rule.code = name;
  if (rule.chance !== undefined) rule.chance /= 100;
  for (const field of [pattern, model, endpoint]) if (field.value) rule[field.name] = field.value;
  return rule;
}

registerChange("send", ({ dataset: { method, path, document } }) =>
  send(method, path, document === undefined ? undefined : JSON.parse(document)));

registerChange("add-rule", async (form) => {
  await send("POST", pathFor("rules", form), ruleOf(form));
  form.reset();
});

registerChange("move-rule", (button) => {
  const item = button.closest("[data-rule]");
  const list = item.parentElement;
  const order = [...list.children].map(({ dataset: { rule } }) => Number(rule));
  const from = order.indexOf(Number(item.dataset.rule));
  const to = from + Number(button.dataset.by);
  [order[from], order[to]] = [order[to], order[from]];
  const namespace = new URLSearchParams({ namespace: list.dataset.namespace });
  return send("PATCH", `${CONTROL}/rules?${namespace}`, { first: order });
});

registerChange("set-limits", async (form) => {
  const limits = numbersOf(form);
  for (const name of ["retry_after", "documented"]) if (form.elements[name].checked) limits[name] = true;
  await send("PUT", pathFor("limits", form), limits);
  form.reset();
});

registerChange("advance", async (form) => {
  await send("PUT", `${CONTROL}/clock`, numbersOf(form));
  form.reset();
});

registerChange("play", (form) => send("PUT", `${CONTROL}/scenario`, { name: form.elements.name.value }));

registerChange("reset", async (form) => {
  await send("POST", pathFor("reset", form));
  form.reset();
});
