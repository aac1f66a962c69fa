// Enterprises in their colours: a numbered, patterned sign each, the outline of a plant, the drawer of the one chosen.
import { features } from "../core/api.js";
import { keyboard } from "../core/keyboard.js";
import { mountMap } from "../core/page.js";
import { gradeFill, UNSURVEYED_FILL } from "../legend.js";
import { inStratum } from "../map.js";
import { Newest } from "../newest.js";
import { placeOf } from "../objects.js";
import { remoteSources } from "../sources.js";
import { spreadOf } from "../spread.js";
import { t } from "../words.js";

const SIGN = 22;

export function attach(map, { legend, chosen }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    await page.ground();
    const enterprises = new Enterprises(page);
    enterprises.draw(await page.sources.enterprises());
    enterprises.listen();
    if (chosen) enterprises.choose(chosen);
  });
}

class Enterprises {
  drawn;
  legend;
  map;
  newest;
  labels;

  constructor({ map, legend, labels }) {
    Object.assign(this, { map, legend, labels, drawn: new Map(), newest: new Newest() });
    this.detail = document.getElementById("detail");
    this.register = document.getElementById("register");
  }

  draw(found) {
    for (const one of [...found].reverse()) this.drawn.set(one.properties.id, this.group(one));
    this.filter();
  }

  group(one) {
    const { properties } = one;
    const entry = this.legend.grade(properties.grade_scheme, properties.grade_rank);
    const group = L.layerGroup();
    const open = () => {
      const row = rowOf(properties.id);
      row ? row.click() : this.bring(properties.id);
    };
    if (one.geometry?.type !== "Point")
      L.geoJSON(one, {
        ...inStratum(this.map, "sites", { interactive: true }),
        style: { fillColor: entry ? gradeFill(entry) : UNSURVEYED_FILL, fillOpacity: 1, color: entry?.ink || "#59646c", weight: 1.2 },
      })
        .on("click", open)
        .addTo(group);
    const name = entry ? t(entry.name) : t("未评估");
    const icon = L.divIcon({ className: "object", html: sign(entry), iconSize: [SIGN, SIGN] });
    const words = `${properties.name} ${name}`;
    const marker = L.marker(placeOf(one), { icon, title: words, alt: words, pane: "objects", zIndexOffset: entry ? 100 * (5 - entry.rank) : 0 });
    spreadOf(this.map).add(marker, open).addTo(group);
    group.at = placeOf(one);
    group.mark = markOf(entry);
    group.shape = one;
    return group;
  }

  // The table says which ones the filter found; the map shows these and no others.
  async filter() {
    const current = this.newest.ask();
    const shown = await this.found();
    if (!current()) return;
    for (const [id, group] of this.drawn) shown.has(id) ? group.addTo(this.map) : group.remove();
    const half = SIGN / 2;
    const signs = [...this.drawn.values()].filter((group) => this.map.hasLayer(group));
    this.labels.reserve("signs", signs.map(({ at }) => ({ at, left: half, right: half, top: half, bottom: half })));
    const marks = new Set(signs.map(({ mark }) => mark));
    for (const sign of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".key [data-sign]")))
      sign.closest("li").hidden = !marks.has(sign.dataset.sign);
    const asked = new URLSearchParams(filtered());
    /** @type {HTMLAnchorElement} */ (document.getElementById("download")).href = `/enterprises/list.xlsx${asked.size ? `?${asked}` : ""}`;
  }

  // A table of several pages shows a part of what was found; the register itself then says the rest.
  async found() {
    const here = JSON.parse(/** @type {HTMLElement} */ (document.querySelector("[data-shown]")).dataset.shown);
    if (!document.querySelector("#ent-list .pages")) return new Set(here);
    return new Set((await features("/api/enterprises", { query: filtered() })).map(({ properties }) => properties.id));
  }

  listen() {
    document.body.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
      if (target.id === "ent-list") this.filter();
      if (target.id === "detail") this.show();
    });
    this.detail.addEventListener("click", (/** @type {any} */ event) => {
      if (!event.target.closest("[data-close]")) return;
      event.preventDefault();
      this.close();
    });
    keyboard.lets({ layer: "drawer", within: this.detail, isOpen: () => !this.detail.hidden, close: () => this.close() });
    if (!this.detail.hidden) this.register.inert = true;
  }

  bring(id) {
    window.htmx.ajax("GET", `/enterprises/${id}`, { source: "#detail", target: "#detail" });
  }

  get heading() {
    return /** @type {HTMLElement | null} */ (this.detail.querySelector("[data-chosen]"));
  }

  show() {
    const heading = this.heading;
    this.detail.hidden = false;
    this.register.inert = true;
    this.detail.scrollTop = 0;
    heading.focus({ preventScroll: true });
    this.detail.scrollIntoView({ block: "nearest" });
    this.choose(Number(heading.dataset.chosen));
  }

  close() {
    const chosen = this.heading?.dataset.chosen;
    this.detail.hidden = true;
    this.register.inert = false;
    this.selection?.remove();
    rowOf(chosen)?.focus();
  }

  choose(id) {
    this.selection?.remove();
    const group = this.drawn.get(id);
    if (!group) return;
    const ring = { className: "selected-area", weight: 3, fill: false };
    const halo = L.circleMarker(group.at, { ...inStratum(this.map, "selection"), ...ring, radius: 18 });
    const outline = L.geoJSON(group.shape, {
      ...inStratum(this.map, "selection"),
      style: ring,
      filter: ({ geometry }) => geometry.type !== "Point",
    });
    this.selection = L.layerGroup([halo, outline]).addTo(this.map);
    if (!this.map.getBounds().pad(-0.1).contains(group.at)) this.map.panTo(group.at);
  }
}

/** @returns {HTMLElement | null} */
function rowOf(id) {
  return document.querySelector(`[data-enterprise="${id}"]`);
}

// What the filter asks for: the fields that are filled.
/** @returns {any} */
function filtered() {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("ent-filter"));
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
}

function markOf(entry) {
  return String(entry?.rank ?? "");
}

// The sign of a colour as the key shows it: the one place where it is drawn.
function sign(entry) {
  const drawn = /** @type {HTMLElement} */ (document.querySelector(`.key [data-sign="${markOf(entry)}"]`).cloneNode(true));
  drawn.className = "ent-sign";
  return drawn;
}
