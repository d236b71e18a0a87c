// A client of emoji-detect-v1.

import { setTimeout as sleep } from "node:timers/promises";

const VENDOR = "https://dashscope.aliyuncs.com/api/v1";
const PATH = "/services/aigc/image2video/face-detect";

/** The service refused the request; nothing is billed. */
export class ServiceError extends Error {
  constructor(response, { code, message }) {
    super(`HTTP ${response.status} ${code ?? ""}: ${message ?? "no reason is given"}`);
    this.name = "ServiceError";
    this.status = response.status;
    this.code = code;
    this.retryAfter = Number(response.headers.get("Retry-After") ?? 0) * 1000 || 0;
  }
}

/**
 * Detect the face in a picture. Return `{ passed: true, face, ext }`, or `{ passed: false, code, message }` if the
 * picture is not suitable; both are billed. Repeat what can succeed later: 429, 5xx, lost connections, timeouts.
 * `wait` and `timeout` are in milliseconds.
 */
export async function detectFace(imageUrl, { attempts = 4, wait = 1000, ...options } = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await detectOnce(imageUrl, options);
    } catch (error) {
      if (attempt === attempts || !isTransient(error)) throw error;
      const backoff = wait * 2 ** (attempt - 1) * (1 + Math.random());
      await sleep(Math.max(backoff, error.retryAfter ?? 0));
    }
  }
}

async function detectOnce(imageUrl, { apiKey = process.env.DASHSCOPE_API_KEY, timeout = 20_000 }) {
  const response = await fetch((process.env.DASHSCOPE_HTTP_BASE_URL ?? VENDOR) + PATH, {
    method: "POST",
    headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "emoji-detect-v1",
      input: { image_url: imageUrl },
      parameters: { ratio: "1:1" },
    }),
    signal: AbortSignal.timeout(timeout),
  });
  // The error page of a gateway is not JSON.
  if (!response.ok) throw new ServiceError(response, await response.json().catch(() => ({})));
  const { output } = await response.json();
  // A picture that is not suitable is HTTP 200, too.
  if (output.code) return { passed: false, code: output.code, message: output.message };
  return { passed: true, face: output.bbox_face, ext: output.ext_bbox_face };
}

function isTransient(error) {
  if (error instanceof ServiceError) return error.status === 429 || error.status >= 500;
  return error.name === "TimeoutError" || error instanceof TypeError; // fetch reports a lost connection as a TypeError
}
