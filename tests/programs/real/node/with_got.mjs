// A program with got.
import got from "got";
import { formData, run } from "./calls.mjs";

await run(async ({ method, url, headers, json, ...form }) => {
  const body = form.form && formData(form);
  const more = { responseType: "buffer", throwHttpErrors: false, retry: { limit: 0 } };
  const answer = await got(url, { method, headers, json, body, ...more });
  return { status: answer.statusCode, body: Buffer.from(answer.body) };
});
