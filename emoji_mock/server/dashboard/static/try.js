// The form that tries a picture: it calls the vendor's routes, as a program would, and shows what the fake recorded.
import { load, register } from "./actions.js";

const base = document.body.dataset.base;

function headers(key, more = {}) {
  return { authorization: `Bearer ${key}`, ...more };
}

/** Return the answer as JSON. Throw an Error with the text of one that is none, such as the storage's XML. */
async function json(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${response.status}: ${text || response.statusText}`);
  }
}

/** Upload a file by the vendor's own steps and return its oss:// URL, or the refusal of a policy. */
async function upload(uploads, key, model, file) {
  const query = new URLSearchParams({ action: "getPolicy", model });
  const answer = await json(await fetch(`${uploads}?${query}`, { headers: headers(key) }));
  const policy = answer.data;
  if (!policy) return { refusal: answer };
  const form = new FormData();
  const path = `${policy.upload_dir}/${file.name}`;
  const fields = {
    OSSAccessKeyId: policy.oss_access_key_id,
    Signature: policy.signature,
    policy: policy.policy,
    key: path,
    "x-oss-object-acl": policy.x_oss_object_acl,
    "x-oss-forbid-overwrite": policy.x_oss_forbid_overwrite,
    success_action_status: "200",
  };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  const stored = await fetch(new URL(policy.upload_host).pathname, { method: "POST", body: form });
  if (!stored.ok) throw new Error(`upload: ${stored.status} ${await stored.text()}`);
  return { url: `oss://${path}` };
}

function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

async function detect(form) {
  const { key, file: { files: [file] }, how, model: { selectedOptions: [way] } } = form.elements;
  const { path, model, ratio } = way.dataset;
  const held = how.value === "data"
    ? { url: await dataUrl(file) }
    : await upload(form.dataset.uploads, key.value, model, file);
  if (held.refusal) return held.refusal;
  const body = { model, input: { image_url: held.url } };
  if (ratio) body.parameters = { ratio };
  const resolve = { "content-type": "application/json", "x-dashscope-ossresourceresolve": "enable" };
  return json(await fetch(path, { method: "POST", headers: headers(key.value, resolve), body: JSON.stringify(body) }));
}

register("try", async (form) => {
  const shown = document.getElementById("tried");
  const button = form.querySelector("button");
  shown.textContent = "asking…";
  button.disabled = true;
  try {
    const answer = await detect(form);
    shown.innerHTML = await load(`${base}/tried/${encodeURIComponent(answer.request_id)}`);
  } catch (error) {
    shown.textContent = "";
    throw error;
  } finally {
    button.disabled = false;
  }
});

for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const form = event.target.closest?.("form.try");
    if (!form || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.querySelector(".drop").classList.toggle("over", type === "dragover");
    if (type === "drop") {
      form.elements.file.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}
