// The site on the map, the zones that concern it, and the ground around it nobody surveyed.
import { codeName } from "./codes.js";
import { features, read } from "./core/api.js";
import { EDITABLE } from "./geoman.js";
import { hazardFill, UNSURVEYED_FILL } from "./legend.js";
import { inStratum } from "./map.js";
import { drawOverlap } from "./overlap.js";
import { areasOf, drawAreas, keyOf } from "./setaside.js";
import { marker } from "./strata.js";
import { isUnknown, severityOf } from "./verdicts.js";
import { areaWords, element, t } from "./words.js";
import { drawHazard, UNKNOWN_LOOK } from "./zones.js";

const AROUND = 2.4; // how far round the site zones are asked for, in sizes of the site
const LINE = { className: "site-line", weight: 2.6, dashArray: "8 4", fillColor: "#fff", fillOpacity: 0.1 };

export class SiteMap {
  key;
  map;
  legend;
  sources;

  constructor({ map, legend, sources, key }) {
    Object.assign(this, { map, legend, sources, key });
    this.lines = []; // what the key says of the opinion, after the site's own line
    this.context = L.featureGroup().addTo(map);
    this.drawn = L.featureGroup().addTo(map);
    this.parts = L.featureGroup().addTo(map);
    this.zones = new Map();
  }

  // Parts of the site with their names, [{name, geometry}], over its outline whatever else is shown.
  showParts(parts) {
    this.parts.clearLayers();
    this.partsLine?.remove();
    this.partsLine = null;
    if (!parts.length) return;
    for (const { name, geometry } of parts) {
      const shape = L.geoJSON(geometry, { ...inStratum(this.map, "sites"), style: { className: "site-part", weight: 1.6, fillOpacity: 0.06 } });
      const icon = L.divIcon({ className: "map-label site-tag", html: element("span", { textContent: name || t("分区") }), iconSize: null });
      marker(shape.getBounds().getCenter(), { icon, pane: "labels", interactive: false, keyboard: false }).addTo(this.parts);
      shape.addTo(this.parts);
    }
    this.partsLine = keyLine(t("分区"), { fill: "none", line: "currentColor", bare: false, dashes: "none", opacity: 1 });
    this.key.firstElementChild.after(this.partsLine);
  }

  clear() {
    this.drawn.clearLayers();
    this.clearOpinion();
  }

  clearOpinion() {
    this.round = (this.round || 0) + 1;
    this.overlap?.remove();
    this.overlap = null;
    this.selection?.remove();
    this.context.clearLayers();
    this.zones.clear();
    for (const line of this.lines) line.remove();
    this.lines = [];
  }

  // standing: the geometry that is drawn, or the one the drawing was edited to.
  showSite(geometry, { fly = true, look = LINE } = {}) {
    this.clear();
    this.standing = geometry;
    this.shape = null;
    if (!geometry) return null;
    const pointToLayer = (_point, at) =>
      L.circleMarker(at, { ...inStratum(this.map, "sites", { interactive: true }), ...EDITABLE, radius: 7 });
    const options = { ...inStratum(this.map, "sites", { interactive: true }), ...EDITABLE };
    this.shape = L.geoJSON(geometry, { ...options, style: look, pointToLayer }).addTo(this.drawn);
    if (fly) this.fit();
    return this.shape;
  }

  fit() {
    const bounds = this.drawn.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(AROUND), { maxZoom: 16.5, animate: false });
  }

  editable() {
    return this.shape?.getLayers() || [];
  }

  geometry() {
    const [first, ...others] = this.editable().map((layer) => layer.toGeoJSON(9).geometry);
    return others.length ? { type: `Multi${first.type}`, coordinates: [first, ...others].map((one) => one.coordinates) } : first;
  }

  // The broken outline and the proposed one over it, with the place of the trouble.
  showRepair(geometry, repaired, location) {
    this.showSite(geometry, { fly: false, look: { ...LINE, className: "site-line site-broken" } });
    if (repaired)
      L.geoJSON(repaired, {
        ...inStratum(this.map, "sites"),
        style: { className: "site-repair", weight: 2.4, fillOpacity: 0.28 },
      }).addTo(this.drawn);
    this.fit();
    this.showTrouble(location);
  }

  async showOpinion(geometry, opinion) {
    const site = this.showSite(geometry);
    if (!site) return;
    const round = this.round;
    this.tag(site);
    const around = site.getBounds().pad(AROUND).toBBoxString();
    const met = opinion.themes.flatMap((theme) =>
      theme.findings.filter((finding) => finding.zone).map((finding) => ({ ...finding, theme: theme.theme })),
    );
    const gravestLast = opinion.parts ? met.toSorted((one, other) => weightOf(one) - weightOf(other)) : met;
    const findings = new Map(gravestLast.map((finding) => [String(finding.zone), finding]));
    const found = await features("/api/zones", { query: { bbox: around } });
    /** @type {Map<string, any>} */
    const known = new Map(found.map((zone) => [String(zone.properties.zone ?? zone.id), zone]));
    for (const id of findings.keys()) if (!known.has(id)) known.set(id, await zoneById(id));
    const areas = await areasOf(opinion, around).catch(() => []);
    if (round !== this.round) return;
    this.zones = known;
    const touched = [...known]
      .filter(([id, zone]) => zone && findings.has(id))
      .map(([id, zone]) => ({ zone, finding: findings.get(id) }));
    const composed = await this.drawComposite(found, { opinion, round });
    if (round !== this.round) return;
    const patterned = this.drawTouched(touched);
    drawAreas(this.map, areas).addTo(this.context);
    const everything = opinion.parts ? met.map((finding) => ({ zone: known.get(String(finding.zone)), finding })).filter(({ zone }) => zone) : touched;
    const decisive = decisiveOf([...everything, ...areas], opinion.verdict);
    this.overlap = this.drawDecisive(decisive, { site, parts: opinion.parts ?? [] });
    const unknown = await this.drawUnsurveyed(opinion, round);
    if (round === this.round)
      this.drawKey({ composed: composed.grades, touched, patterned, decisive, areas, unknown: unknown || composed.unknown });
  }

  // What decides lies within the part it was found on; of a site without parts within the outline.
  drawDecisive(decisive, { site, parts }) {
    const grounds = parts.map(({ name, geometry }) => [name, L.geoJSON(geometry, { ...inStratum(this.map, "sites"), style: { weight: 0, fill: false } }).addTo(this.context)]);
    const overlaps = (grounds.length ? grounds : [[undefined, site]]).map(([name, ground]) => {
      const zones = decisive.filter(({ finding }) => finding.part === name).map(({ zone }) => zone);
      return drawOverlap(this.map, { zones: [...new Set(zones)], site: ground });
    });
    return { remove: () => overlaps.forEach((overlap) => overlap.remove()) };
  }

  tag(site) {
    const html = element("span", { textContent: t("拟选址范围") });
    const icon = L.divIcon({ className: "map-label site-tag", html, iconSize: null });
    const bounds = site.getBounds();
    const at = [bounds.getSouth(), bounds.getCenter().lng];
    marker(at, { icon, pane: "labels", interactive: false, keyboard: false }).addTo(this.drawn);
  }

  // Answers the grades that were drawn, and whether ground without one was. Around a site nobody surveyed none is: a mild
  // grade beside it would be taken for its own.
  async drawComposite(zones, { opinion, round }) {
    const nothing = { grades: new Set(), unknown: false };
    const entryOf = ({ properties }) => this.legend.grade(properties.grade_scheme, properties.grade_rank);
    const graded = zones.filter((zone) => zone.properties.hazard === "composite" && entryOf(zone));
    const style = (zone) => ({
      fillColor: entryOf(zone).colour,
      fillOpacity: entryOf(zone).fill_opacity,
      color: entryOf(zone).ink,
      weight: 0.8,
      opacity: 0.5,
    });
    if (!graded.length) return nothing;
    const unknown = await this.sources.unsurveyed("composite").catch(() => null);
    if (!unknown || round !== this.round) return nothing; // a grade is drawn only where it is known what nobody surveyed
    const told = opinion.themes.some((one) => one.theme === "composite" && isUnknown(one)) ? [] : graded;
    L.geoJSON(told, { ...inStratum(this.map, "grades"), style }).addTo(this.context);
    L.geoJSON(unknown, {
      ...inStratum(this.map, "unsurveyed"),
      style: { ...UNKNOWN_LOOK, className: "composite-gap" },
    }).addTo(this.context);
    return { grades: new Set(told.map(entryOf)), unknown: unknown.length > 0 };
  }

  // Of each theme the zone that weighs most gets its pattern; the others are outlined, or patterns would pile up.
  drawTouched(touched) {
    const patterned = new Map();
    const byWeight = [...touched].sort((a, b) => weightOf(b.finding) - weightOf(a.finding));
    for (const { zone, finding } of byWeight) {
      if (finding.theme === "composite") continue;
      const entry = this.legend.hazard(finding.theme);
      if (finding.rule && !patterned.has(finding.theme)) {
        patterned.set(finding.theme, zone);
        drawHazard(this.map, { zones: [zone], entry }).addTo(this.context);
      } else
        L.geoJSON(zone, {
          ...inStratum(this.map, "hazards"),
          style: { color: entry.colour, weight: 1.2, dashArray: "2 4", fill: false },
        }).addTo(this.context);
    }
    return patterned;
  }

  // Answers whether any ground was drawn.
  async drawUnsurveyed({ themes }, round) {
    const unknown = themes.filter((theme) => theme.status === "no_data" && theme.mandatory !== false);
    let drawn = false;
    for (const { theme } of unknown) {
      const ground = await this.sources.unsurveyed(theme).catch(() => []);
      if (round !== this.round) return drawn;
      L.geoJSON(ground, { ...inStratum(this.map, "unsurveyed"), style: UNKNOWN_LOOK }).addTo(this.context);
      drawn ||= ground.length > 0;
    }
    return drawn;
  }

  // One line for each look on the map and for none that is not there.
  drawKey({ composed, touched, patterned, decisive, areas, unknown }) {
    const lines = new Map();
    if (decisive.length) lines.set(overlapWords(decisive), { fill: "#c8372d", line: "#9d211a", opacity: 0.6 });
    for (const grade of [...composed].sort((one, other) => one.rank - other.rank))
      lines.set(`${grade.numeral} ${this.legend.hazardName("composite")} ${t(grade.name)}`, {
        fill: grade.colour,
        line: grade.ink,
        opacity: grade.fill_opacity,
      });
    for (const { zone, finding } of touched.filter(({ finding: { theme } }) => theme !== "composite")) {
      const entry = this.legend.hazard(finding.theme);
      const name = this.legend.hazardName(finding.theme);
      if (patterned.get(finding.theme) === zone)
        lines.set(name, { fill: hazardFill(entry), line: entry.colour, bare: entry.symbol === "fault-teeth" });
      else lines.set(t("{theme}（其他涉及的区划）", { theme: name }), { fill: "none", line: entry.colour, dashes: "2 4" });
    }
    for (const { finding } of areas) lines.set(codeName("constraint_kind", finding.object.kind), keyOf(finding));
    if (unknown)
      lines.set(t("未调查"), { fill: UNSURVEYED_FILL, line: "#59646c" });
    this.lines = [...lines].map(([name, look]) => keyLine(name, look));
    this.key.firstElementChild.after(...this.lines);
  }

  highlight(id, { fly = true } = {}) {
    this.selection?.remove();
    const zone = id && this.zones.get(String(id));
    if (!zone) return;
    this.selection = L.geoJSON(zone, {
      ...inStratum(this.map, "selection"),
      style: { className: "selected-zone", weight: 3.2, fill: false },
    }).addTo(this.map);
    if (fly)
      this.map.fitBounds(this.selection.getBounds().extend(this.drawn.getBounds()), { padding: [30, 30], maxZoom: 16.5 });
  }

  // Outlines to compare with, each with its number; the one that is meant is drawn firmly and brought into sight.
  showPlaces({ places, move }, meant) {
    this.places?.remove();
    const style = (place) => ({ className: place === meant ? "site-place is-meant" : "site-place", fillOpacity: place === meant ? 0.25 : 0.08 });
    const drawn = (place) => L.geoJSON(place.geometry, { ...inStratum(this.map, "sites"), style: style(place) });
    const inside = (meant?.parts ?? []).map(({ geometry }) => L.geoJSON(geometry, { ...inStratum(this.map, "sites"), style: { className: "site-part", weight: 1.2, fillOpacity: 0.06 } }));
    this.places = L.featureGroup([...[...places, move].filter(Boolean).map(drawn), ...inside]);
    places.forEach(({ geometry }, place) => {
      const icon = L.divIcon({ className: "map-label site-place-number", html: element("span", { textContent: String(place + 1) }), iconSize: null });
      marker(L.geoJSON(geometry).getBounds().getCenter(), { icon, pane: "labels", interactive: false, keyboard: false }).addTo(this.places);
    });
    this.places.addTo(this.context);
    this.placesLine?.remove();
    this.placesLine = keyLine(t("可比选范围"), { fill: "#2f9e68", line: "#1e6b45", bare: false, dashes: "5 4", opacity: 0.2 });
    this.key.firstElementChild.after(this.placesLine);
    this.lines.push(this.placesLine);
    const seen = this.drawn.getBounds().extend(this.places.getBounds());
    if (seen.isValid()) this.map.fitBounds(seen, { padding: [30, 30], maxZoom: 16.5 });
  }

  showTrouble(location) {
    if (!location) return;
    const [lon, lat] = location;
    L.circleMarker([lat, lon], {
      ...inStratum(this.map, "sites"),
      className: "site-trouble",
      radius: 10,
      weight: 3,
      fill: false,
    }).addTo(this.drawn);
    this.map.panTo([lat, lon]);
  }
}

// The zones whose ground inside the outline makes the verdict what it is.
function decisiveOf(touched, verdict) {
  return touched.filter(
    ({ finding }) =>
      finding.rule && finding.verdict === verdict && finding.overlap_m2 > 0 && severityOf(verdict) > severityOf("insufficient_data"),
  );
}

function overlapWords(decisive) {
  const [first, ...others] = decisive;
  return others.length ? t("重叠部分") : t("重叠部分 {area}", { area: areaWords(first.finding.overlap_m2) });
}

async function zoneById(id) {
  const known = await read("/api/zones/{zone}", { path: { zone: id } }).catch(() => null);
  if (!known?.geometry) return null;
  const { geometry, ...properties } = known;
  return { type: "Feature", id, properties, geometry };
}

function weightOf({ verdict, overlap_share }) {
  return severityOf(verdict) + Math.min(overlap_share, 0.99);
}

export function keyLine(name, { fill, line, bare, dashes, opacity }) {
  const row = document.createElement("li");
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 26 16");
  svg.setAttribute("class", "swatch");
  const shape = document.createElementNS(namespace, bare ? "path" : "rect");
  const block = {
    x: 0.5,
    y: 0.5,
    width: 25,
    height: 15,
    rx: 3,
    fill,
    stroke: line,
    "stroke-dasharray": dashes || "none",
    "fill-opacity": opacity ?? 1,
  };
  const look = bare ? { d: "M1 8h24M5 8v5M13 8v5M21 8v5", stroke: line, "stroke-width": 1.8, fill: "none" } : block;
  for (const [attribute, value] of Object.entries(look)) shape.setAttribute(attribute, value);
  svg.append(shape);
  row.append(svg, name);
  return row;
}
