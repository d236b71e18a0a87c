// A program with fetch, which before Node 24 knows no proxy.
import { formData, run } from "./calls.mjs";

await run(async ({ method, url, headers, json, ...form }) => {
  const body = json ? JSON.stringify(json) : form.form && formData(form);
  const kind = json ? { "Content-Type": "application/json" } : {};
  const answer = await fetch(url, { method, headers: { ...headers, ...kind }, body });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
});
