import { expect, test as base } from "vitest";

import { Account } from "./emoji-mock.js";
import { detectFace, ServiceError } from "./face-detect.js";
import { pickPortrait } from "./portrait.js";

// Each test has an account of its own, and fails if the client did something wrong.
const test = base.extend({
  account: async ({}, use) => {
    const account = new Account();
    await use(account);
    expect(await account.findings()).toEqual([]);
  },
  options: async ({ account }, use) => use({ apiKey: account.apiKey, wait: 50, timeout: 1000 }),
});

test("a face has two boxes", async ({ options }) => {
  const detection = await detectFace("https://emoji-mock.test/passed/640x800.png", options);
  expect(detection).toEqual({ passed: true, face: [224, 157, 460, 392], ext: [82, 1, 602, 520] });
});

test("a picture that is not suitable is no error, and is billed", async ({ account, options }) => {
  await account.rule({ outcome: "failed", code: "FacePose" });
  const detection = await detectFace("https://example.com/me.png", options);
  expect(detection).toMatchObject({ passed: false, code: "InvalidFile.FacePose" });
  expect(await account.imagesBilled()).toBe(1);
});

test("the first suitable picture is picked", async ({ account, options }) => {
  await account.rule({ outcome: "failed", code: "NoHuman", image_url: "*/cat.png" });
  const portrait = await pickPortrait(["https://example.com/cat.png", "https://example.com/me.png"], options);
  expect(portrait.imageUrl).toBe("https://example.com/me.png");
});

test.for([
  { outcome: "error", code: "RateQuota", times: 2 },
  { outcome: "error", code: "InternalError", times: 2 },
  { fault: "bad_gateway", times: 1 },
  { fault: "reset", times: 1 },
])("a call that can succeed later is repeated: %j", async (rule, { account, options }) => {
  await account.rule(rule);
  expect(await detectFace("https://example.com/me.png", options)).toMatchObject({ passed: true });
  expect(await account.imagesBilled()).toBe(1);
});

test("a silent service is not waited for", async ({ account, options }) => {
  await account.rule({ fault: "stall", times: 1 });
  expect(await detectFace("https://example.com/me.png", options)).toMatchObject({ passed: true });
});

test("an overloaded service is left alone after four attempts", async ({ account, options }) => {
  await account.rule({ outcome: "error", code: "RateQuota" });
  const detection = detectFace("https://example.com/me.png", options);
  await expect(detection).rejects.toMatchObject({ status: 429, code: "Throttling.RateQuota" });
});

test("a refusal that stays the same is not repeated", async ({ account, options }) => {
  await account.rule({ outcome: "error", code: "DataInspectionFailed" });
  await expect(detectFace("https://example.com/me.png", options)).rejects.toThrow(ServiceError);
});
