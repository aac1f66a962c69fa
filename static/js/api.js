// Asking the service: plain JSON, GeoJSON by pages, and its problem documents as errors.
import { fetchWithSession, csrfHeader } from "./session.js";
import { language } from "./words.js";

const PAGE = 1000;

export class Problem extends Error {
  constructor(document, status) {
    super(document.detail || document.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.title = document.title || "";
    this.errors = document.errors || [];
    this.location = document.location || null;
    this.repair = document.repair || null;
    this.report = document.report || null;
    this.layers = document.layers || [];
  }
}

export async function ask(address, { accept = "application/json", ...options } = {}) {
  const answer = await fetchWithSession(() =>
    fetch(address, { ...options, headers: { Accept: accept, "Accept-Language": language, ...csrfHeader(options.method), ...options.headers } }),
  );
  const kind = answer.headers.get("Content-Type") || "";
  const body = kind.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Problem(body, answer.status);
  return body;
}

export function send(address, document) {
  return ask(address, {
    method: "POST",
    body: JSON.stringify(document),
    headers: { "Content-Type": "application/json" },
  });
}

export async function features(address) {
  const all = [];
  for (let offset = 0; ; offset += PAGE) {
    const joint = address.includes("?") ? "&" : "?";
    const page = await ask(`${address}${joint}limit=${PAGE}&offset=${offset}`, { accept: "application/geo+json" });
    all.push(...page.features);
    if (page.features.length < PAGE) return all;
  }
}

// Where the layers of a map come from when it has a server; each answer is asked for once.
export function remoteSources() {
  const known = new Map();
  const once = (address, read) => {
    if (!known.has(address)) known.set(address, read(address));
    return known.get(address);
  };
  const whole = (address) => ask(address, { accept: "application/geo+json" }).then((answer) => answer.features);
  return {
    boundary: () => once("/api/basemap/boundary", whole),
    water: () => once("/api/basemap/water", whole),
    roads: () => once("/api/basemap/roads", whole),
    relief: () => once("/api/basemap/relief", whole),
    villages: () => once("/api/villages", features),
    projects: () => once("/api/projects", features),
    zones: (hazard, product) => once(`/api/zones?${new URLSearchParams({ hazard, product })}`, features),
    unsurveyed: (hazard) => once(`/api/surveys/unsurveyed?${new URLSearchParams({ hazard })}`, whole),
    hillshade: async () => JSON.parse(document.querySelector("meta[name=hillshade]")?.content || "null"),
    buildings: (bbox) => whole(`/api/basemap/buildings?${new URLSearchParams({ bbox })}`),
    enterprises: () => once("/api/enterprises", features),
    stations: () => once("/api/stations", features),
    shelters: () => once("/api/shelters", features),
    zone: (id) => ask(`/api/zones/${encodeURIComponent(id)}`),
    zonesWithin: (hazard, product, bbox) =>
      features(`/api/zones?${new URLSearchParams({ hazard, product, bbox })}`),
    numerals: (hazard, product, bbox, least) =>
      whole(`/api/zones/numerals?${new URLSearchParams({ hazard, product, bbox, least })}`),
    tiles: "/tiles/zones/{z}/{x}/{y}.mvt",
  };
}
