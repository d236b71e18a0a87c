// What people do on the page: an element with data-action="NAME" runs the function that was registered for NAME.

const actions = new Map();

/** Run `action(element, event)` when an element with data-action=`name` is clicked, or, if it is a form, submitted. */
export function register(name, action) {
  actions.set(name, action);
}

/** Show what went wrong, or nothing. */
export function problem(text) {
  document.getElementById("problem").textContent = text;
}

function problemsIn({ errors }) {
  return errors.map(({ field, problem: text }) => `${field}: ${text}`).join("; ");
}

/** Return the text at a path of the page; throw an Error that says why there is none. */
export async function load(path) {
  const response = await fetch(path);
  const isJson = response.headers.get("content-type") === "application/json";
  if (!response.ok) throw new Error(isJson ? problemsIn(await response.json()) : await response.text());
  return response.text();
}

/** Send JSON to the control API and return its answer; throw an Error with the problems that it names. */
export async function send(method, path, document = undefined) {
  const request = { method };
  if (document !== undefined) {
    request.headers = { "content-type": "application/json" };
    request.body = JSON.stringify(document);
  }
  const response = await fetch(path, request);
  const answer = await response.json();
  if (!response.ok) throw new Error(problemsIn(answer));
  return answer;
}

async function run(element, event) {
  const action = actions.get(element.dataset.action);
  if (!action) return;
  event.preventDefault();
  try {
    await action(element, event);
    problem("");
  } catch (error) {
    problem(error.message);
  }
}

for (const [type, selector] of [["click", "[data-action]:not(form)"], ["submit", "form[data-action]"]]) {
  document.addEventListener(type, (event) => {
    const element = event.target.closest(selector);
    if (element) run(element, event);
  });
}
