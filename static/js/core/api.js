// @ts-check
// Asking the service: what it answers, GeoJSON by pages, its problem documents as errors, and writes that undo nobody's.
import { csrfHeader, fetchWithSession } from "../session.js";
import { language } from "../words.js";
import { addressOf } from "./address.js";

/** @typedef {Omit<RequestInit, "headers"> & {accept?: string, headers?: Record<string, string>}} Asking */

const PAGE = 1000;

export class Problem extends Error {
  /** @param {any} document @param {number} status */
  constructor(document, status) {
    super(document.detail || document.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.document = document;
    this.code = document.code || "";
    this.title = document.title || "";
    this.errors = document.errors || [];
    this.location = document.location || null;
    this.repair = document.repair || null;
    this.report = document.report || null;
    this.layers = document.layers || [];
  }
}

// Somebody else wrote it in between: what was to be written, and what stands there now with the mark to write over it.
export class Conflict extends Problem {
  /** @param {Problem} problem @param {{mine: any, theirs: any, etag: string | null}} both */
  constructor(problem, { mine, theirs, etag }) {
    super(problem.document, problem.status);
    this.name = "Conflict";
    this.mine = mine;
    this.theirs = theirs;
    this.etag = etag;
  }
}

/**
 * @param {string} address
 * @param {Asking} options
 * @returns {Promise<{value: any, etag: string | null}>}
 */
async function exchange(address, { accept = "application/json", headers, ...options } = {}) {
  /** @type {Record<string, any>} */
  const told = { Accept: accept, "Accept-Language": language, ...csrfHeader(options.method), ...headers };
  const answer = await fetchWithSession(() => fetch(address, { ...options, headers: told }));
  const kind = answer.headers.get("Content-Type") || "";
  const value = kind.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Problem(value, answer.status);
  return { value, etag: answer.headers.get("ETag") };
}

/** @param {string} address @param {Asking} options @returns {Promise<any>} */
export async function ask(address, options) {
  return (await exchange(address, options)).value;
}

/** @param {string} address @param {unknown} document @param {Asking} options @returns {Promise<any>} */
export function send(address, document, options = {}) {
  return ask(address, { ...options, ...written("POST", document) });
}

/** @param {string} address @param {Asking} options @returns {Promise<any[]>} */
export async function features(address, options = {}) {
  const all = [];
  for (let offset = 0; ; offset += PAGE) {
    const joint = address.includes("?") ? "&" : "?";
    const asked = `${address}${joint}limit=${PAGE}&offset=${offset}`;
    const page = await ask(asked, { ...options, accept: "application/geo+json" });
    all.push(...page.features);
    if (page.features.length < PAGE) return all;
  }
}

/**
 * What an operation answers, typed by the API's own description.
 * @template {import("../../types/api").Address<"get">} P
 * @param {P} template
 * @param {import("../../types/api").Where<P, "get">} where
 * @returns {Promise<import("../../types/api").Answer<P, "get">>}
 */
export async function read(template, where = {}) {
  return (await readMarked(template, where)).value;
}

/**
 * The same with the mark (ETag) of the state it had, to be handed to `change`.
 * @template {import("../../types/api").Address<"get">} P
 * @param {P} template
 * @param {import("../../types/api").Where<P, "get">} where
 * @returns {Promise<{value: import("../../types/api").Answer<P, "get">, etag: string | null}>}
 */
export function readMarked(template, { path, query, signal } = {}) {
  return exchange(addressOf(template, { path, query }), { signal });
}

/**
 * Writes over exactly the state that was read; raises Conflict, with both values, where somebody else wrote in between.
 * @template {import("../../types/api").Address<"patch"> & import("../../types/api").Address<"get">} P
 * @param {P} template
 * @param {import("../../types/api").Where<P, "patch"> & {etag: string | null}} where
 * @param {import("../../types/api").Sent<P, "patch">} mine
 * @returns {Promise<{value: import("../../types/api").Answer<P, "patch">, etag: string | null}>}
 */
export async function change(template, { path, signal, etag }, mine) {
  const { headers, ...options } = written("PATCH", mine);
  const address = addressOf(template, { path });
  try {
    return await exchange(address, { ...options, signal, headers: { ...headers, "If-Match": etag ?? "" } });
  } catch (trouble) {
    if (!(trouble instanceof Problem) || trouble.status !== 412) throw trouble;
    const { value: theirs, etag: now } = await exchange(address, { signal });
    throw new Conflict(trouble, { mine, theirs, etag: now });
  }
}

/** @param {string} method @param {unknown} document */
function written(method, document) {
  return { method, body: JSON.stringify(document), headers: { "Content-Type": "application/json" } };
}
