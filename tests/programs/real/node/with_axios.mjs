// A program with axios.
import axios from "axios";
import { formData, run } from "./calls.mjs";

await run(async ({ method, url, headers, json, ...form }) => {
  const data = json ?? (form.form && formData(form));
  const more = { responseType: "arraybuffer", validateStatus: null };
  const answer = await axios({ method, url, headers, data, ...more });
  return { status: answer.status, body: Buffer.from(answer.data) };
});
