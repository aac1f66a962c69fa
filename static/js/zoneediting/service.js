// What the service is asked of one draft.
import { read, readMarked, send, sendMarked } from "../core/api.js";

const STEPS = {
  submit: "/api/zones/drafts/{number}/submit",
  approve: "/api/zones/drafts/{number}/approve",
  return: "/api/zones/drafts/{number}/return",
  withdraw: "/api/zones/drafts/{number}/withdraw",
  publish: "/api/zones/drafts/{number}/publish",
};

export class DraftService {
  number;

  constructor(number) {
    this.number = number;
    this.path = { number };
  }

  draft() {
    return readMarked("/api/zones/drafts/{number}", { path: this.path });
  }

  // Every zone of a theme as the draft sees it.
  async zones(hazard, product) {
    return (await read("/api/zones/drafts/{number}/zones", { path: this.path, query: { hazard, product } })).items;
  }

  edit(edit, etag) {
    return sendMarked("/api/zones/drafts/{number}/edits", edit, { path: this.path, etag });
  }

  problems() {
    return read("/api/zones/drafts/{number}/problems", { path: this.path });
  }

  // A step of its life: submit, approve, return, withdraw, publish.
  step(step, document, etag) {
    return sendMarked(/** @type {any} */ (STEPS[step]), document, { path: this.path, etag });
  }
}

export async function nextEdition() {
  const { items } = await read("/api/editions", { query: { limit: 1 } });
  return (items[0]?.number ?? 0) + 1;
}

export function drafts() {
  return read("/api/zones/drafts", { query: { limit: 200 } });
}

export function begin(name) {
  return send("/api/zones/drafts", { name });
}
