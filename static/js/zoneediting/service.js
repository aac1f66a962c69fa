// What the service is asked of one draft.
import { read, readMarked, send, sendMarked, upload } from "../core/api.js";
import { addressOf } from "../core/address.js";
import { language } from "../words.js";

const DRAFT = "/api/zones/drafts/{number}";
const MOST_PROBLEMS = 1000;

const STEPS = {
  submit: "/api/zones/drafts/{number}/submit",
  approve: "/api/zones/drafts/{number}/approve",
  return: "/api/zones/drafts/{number}/return",
  withdraw: "/api/zones/drafts/{number}/withdraw",
  publish: "/api/zones/drafts/{number}/publish",
  call_off: "/api/zones/drafts/{number}/call-off",
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

  // Those of the whole theme as the draft would leave it, changed or not, the largest first.
  async layerProblems({ hazard, product }) {
    const { items } = await read("/api/zones/problems", { query: { hazard, product, draft: this.number, limit: MOST_PROBLEMS } });
    return { items, blocking: items.filter(({ level }) => level === "blocking").length, warnings: items.filter(({ level }) => level === "warning").length };
  }

  async fixes(key) {
    return (await read("/api/zones/drafts/{number}/problems/{key}/fixes", { path: { ...this.path, key } })).items;
  }

  impact() {
    return read("/api/zones/drafts/{number}/impact", { path: this.path });
  }

  // A file of the draft: its impact, or the sheet that is signed.
  fileAddress(name) {
    return addressOf(`${DRAFT}/${name}`, { path: this.path, query: { lang: language.slice(0, 2) } });
  }

  presence() {
    return read("/api/zones/drafts/{number}/presence", { path: this.path });
  }

  // Tells which zones are worked on here, and hears of everybody else.
  bePresent(zones) {
    return send("/api/zones/drafts/{number}/presence", { zones }, { path: this.path });
  }

  // A sheet that was signed approves the draft.
  approveOnPaper(form, etag) {
    return upload("/api/zones/drafts/{number}/approve-on-paper", form, { path: this.path, etag });
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

export function deputies() {
  return read("/api/zones/deputies");
}

export function appoint(asked) {
  return send("/api/zones/deputies", asked);
}

export function endDeputy(number) {
  return send("/api/zones/deputies/{number}/end", /** @type {any} */ (undefined), { path: { number } });
}
