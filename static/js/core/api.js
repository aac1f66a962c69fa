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
  /** @type {() => Record<string, any>} */
  // The token is read anew with every attempt: signing in again on the way brings another.
  const told = () => ({ Accept: accept, "Accept-Language": language, ...csrfHeader(options.method), ...headers });
  const answer = await fetchWithSession(() => fetch(address, { ...options, headers: told() }));
  const kind = answer.headers.get("Content-Type") || "";
  const value = kind.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Problem(value, answer.status);
  return { value, etag: answer.headers.get("ETag") };
}

/**
 * A JSON document handed in, and what is answered to it.
 * @template {import("../../types/api").Address<"post">} P
 * @param {P} template
 * @param {import("../../types/api").Sent<P, "post">} document
 * @param {import("../../types/api").Where<P, "post"> & {etag?: string | null}} where etag: the mark of the state that was read
 * @returns {Promise<import("../../types/api").Answer<P, "post">>}
 */
export async function send(template, document, where = {}) {
  return (await sendMarked(template, document, where)).value;
}

/**
 * The same with the mark (ETag) of the state it leads to, to be handed in with what follows.
 * @template {import("../../types/api").Address<"post">} P
 * @param {P} template
 * @param {import("../../types/api").Sent<P, "post">} document
 * @param {import("../../types/api").Where<P, "post"> & {etag?: string | null}} where
 * @returns {Promise<{value: import("../../types/api").Answer<P, "post">, etag: string | null}>}
 */
export function sendMarked(template, document, { path, query, signal, etag } = {}) {
  const { headers, ...options } = written("POST", document);
  const seen = etag ? { "If-Match": etag } : null;
  return exchange(addressOf(template, { path, query }), { ...options, signal, headers: { ...headers, ...seen } });
}

/**
 * A form with its files handed in.
 * @template {import("../../types/api").Upload} P
 * @param {P} template
 * @param {FormData} body
 * @param {{path?: Record<string, string | number>, etag?: string | null}} where etag: the mark of the state that was read
 * @returns {Promise<import("../../types/api").Answer<P, "post">>}
 */
export async function upload(template, body, { path, etag } = {}) {
  /** @type {Record<string, string>} */
  const headers = etag ? { "If-Match": etag } : {};
  return (await exchange(addressOf(template, { path }), { method: "POST", body, headers })).value;
}

/**
 * What stands at an address, taken away.
 * @template {import("../../types/api").Address<"delete">} P
 * @param {P} template
 * @param {import("../../types/api").Where<P, "delete">} where
 * @returns {Promise<import("../../types/api").Answer<P, "delete">>}
 */
export async function remove(template, { path, query, signal } = {}) {
  return (await exchange(addressOf(template, { path, query }), { method: "DELETE", signal })).value;
}

/**
 * The features of an answer that is one collection.
 * @template {import("../../types/api").Mapped} P
 * @param {P} template
 * @param {import("../../types/api").Where<P, "get">} where
 * @returns {Promise<import("../../types/api").Feature<P>[]>}
 */
export async function collection(template, { path, query, signal } = {}) {
  return (await exchange(addressOf(template, { path, query }), { signal, accept: "application/geo+json" })).value.features;
}

/**
 * All features of a listing, asked for page by page.
 * @template {import("../../types/api").Mapped} P
 * @param {P} template
 * @param {import("../../types/api").Where<P, "get">} where
 * @returns {Promise<import("../../types/api").Feature<P>[]>}
 */
export async function features(template, { path, query, signal } = {}) {
  const all = [];
  for (let offset = 0; ; offset += PAGE) {
    const asked = /** @type {any} */ ({ ...query, limit: PAGE, offset });
    const page = await collection(template, { path, query: asked, signal });
    all.push(...page);
    if (page.length < PAGE) return all;
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

/**
 * A piece of a page in the reader's language, as elements that stand nowhere yet.
 * @param {string} address
 * @param {unknown} [document] handed in for it
 * @returns {Promise<HTMLElement>}
 */
export async function piece(address, document) {
  const { headers, ...options } = document ? written("POST", document) : { headers: {} };
  const asked = `${address}?${new URLSearchParams({ lang: language.slice(0, 2) })}`;
  /** @type {() => Record<string, any>} */
  const told = () => ({ "HX-Request": "true", ...headers, ...csrfHeader(document ? "POST" : "GET") });
  const answer = await fetchWithSession(() => fetch(asked, { ...options, headers: told() }));
  if (!answer.ok) throw new Problem(await answer.json().catch(() => ({})), answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html").body;
}

/** @param {string} method @param {unknown} document */
function written(method, document) {
  return { method, body: JSON.stringify(document), headers: { "Content-Type": "application/json" } };
}
