// A program with undici.
import { FormData, request } from "undici";
import { run } from "./calls.mjs";

function formData({ form, file }) {
  const data = new FormData();
  for (const [name, value] of Object.entries(form)) data.append(name, value);
  data.append("file", new Blob([file.bytes]), file.name);
  return data;
}

await run(async ({ method, url, headers, json, ...form }) => {
  const body = json ? JSON.stringify(json) : form.form && formData(form);
  const kind = json ? { "Content-Type": "application/json" } : {};
  const answer = await request(url, { method, headers: { ...headers, ...kind }, body });
  return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
});
