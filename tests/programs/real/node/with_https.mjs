// A program with the standard module https.
import { request } from "node:https";
import { run } from "./calls.mjs";

const MARK = "a-mark-between-the-parts";

function encode({ form, file }) {
  const part = (rest) => `--${MARK}\r\nContent-Disposition: form-data; ${rest}`;
  const fields = Object.entries(form).map(([name, value]) => part(`name="${name}"\r\n\r\n${value}\r\n`));
  const last = part(`name="file"; filename="${file.name}"\r\n\r\n`);
  return Buffer.concat([Buffer.from(fields.join("") + last), file.bytes, Buffer.from(`\r\n--${MARK}--\r\n`)]);
}

await run(({ method, url, headers, json, ...form }) => {
  const body = json ? Buffer.from(JSON.stringify(json)) : form.form && encode(form);
  const kind = json ? "application/json" : `multipart/form-data; boundary=${MARK}`;
  const more = body ? { "Content-Type": kind, "Content-Length": body.length } : {};
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers, ...more } }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("end", () => resolve({ status: answer.statusCode, body: Buffer.concat(pieces) }));
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
});
