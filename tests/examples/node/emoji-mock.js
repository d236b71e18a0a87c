// The control API of emoji-mock for tests: `emoji-mock run` sets EMOJI_MOCK_URL, `emoji-mock serve` listens on port 8000.

import { randomUUID } from "node:crypto";

const CONTROL = `${process.env.EMOJI_MOCK_URL ?? "http://127.0.0.1:8000"}/_mock`;

/** An account of its own: rules, calls and bill of one key. */
export class Account {
  name = randomUUID();
  apiKey = `sk-mock-${this.name}`;

  /** Set the answers to the next calls, such as `{ outcome: "error", code: "RateQuota", times: 2 }`. */
  async rule(rule) {
    await this.#ask("rules", { method: "POST", body: JSON.stringify(rule), headers: { "Content-Type": "application/json" } });
  }

  /** Return what the account would have paid for. */
  async imagesBilled() {
    const { total } = await this.#ask("ledger");
    return total.images_billed;
  }

  /** Return what the client did wrong, and what to do instead. */
  async findings() {
    const { findings } = await this.#ask("verdict");
    return findings.map(({ name, done, instead }) => `${name}: ${done}. ${instead}`);
  }

  async #ask(route, init) {
    const response = await fetch(`${CONTROL}/${route}?namespace=${this.name}`, init);
    if (!response.ok) throw new Error(`${route}: ${await response.text()}`);
    return response.json();
  }
}
