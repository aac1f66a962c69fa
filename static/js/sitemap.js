// The site on the map, the zones that concern it, and the ground around it nobody surveyed.
import { features } from "./api.js";
import { gradeFill, hazardFill, UNSURVEYED_FILL } from "./legend.js";
import { inPane } from "./map.js";
import { t } from "./words.js";
import { drawHazard } from "./zones.js";

const AROUND = 1.5; // how far round the site zones are asked for, in sizes of the site

export class SiteMap {
  constructor({ map, legend, sources, key }) {
    Object.assign(this, { map, legend, sources, key });
    this.firstKey = key.innerHTML;
    this.drawn = L.featureGroup().addTo(map);
    this.context = L.featureGroup().addTo(map);
    this.zones = new Map();
  }

  clear() {
    this.drawn.clearLayers();
    this.context.clearLayers();
    this.zones.clear();
    this.key.innerHTML = this.firstKey;
  }

  showSite(geometry) {
    this.clear();
    if (!geometry) return null;
    const line = { className: "site-line", weight: 2.6, dashArray: "8 4", fillColor: "#fff", fillOpacity: 0.12 };
    const marks = { pointToLayer: (_point, at) => L.circleMarker(at, { ...inPane(this.map, "sites"), radius: 6 }) };
    const site = L.geoJSON(geometry, { ...inPane(this.map, "sites"), style: line, ...marks }).addTo(this.drawn);
    this.map.fitBounds(site.getBounds().pad(AROUND), { maxZoom: 16.5, animate: false });
    return site;
  }

  async showOpinion(geometry, opinion) {
    const site = this.showSite(geometry);
    if (!site) return;
    const around = site.getBounds().pad(AROUND).toBBoxString();
    const found = await features(`/api/zones?${new URLSearchParams({ bbox: around })}`);
    const findings = new Map(opinion.themes.flatMap((theme) => theme.findings.map((finding) => [String(finding.zone), { ...finding, theme: theme.theme }])));
    for (const zone of found) this.zones.set(String(zone.properties.zone ?? zone.id), zone);
    const touched = [...this.zones].filter(([id]) => findings.has(id)).map(([id, zone]) => ({ zone, finding: findings.get(id) }));
    this.drawComposite(found);
    this.drawTouched(touched);
    await this.drawUnsurveyed(opinion);
    this.drawKey(touched, opinion);
  }

  drawComposite(zones) {
    const entryOf = ({ properties }) => this.legend.grade(properties.grade_scheme, properties.grade_rank);
    const graded = zones.filter((zone) => zone.properties.hazard === "composite" && entryOf(zone));
    const style = (zone) => ({ fillColor: gradeFill(entryOf(zone)), fillOpacity: 1, color: entryOf(zone).ink, weight: 0.8, opacity: 0.5 });
    L.geoJSON(graded, { ...inPane(this.map, "grades"), style }).addTo(this.context);
  }

  drawTouched(touched) {
    for (const { zone, finding } of touched) {
      if (finding.theme === "composite") continue;
      const entry = this.legend.hazard(finding.theme);
      if (finding.rule) drawHazard(this.map, { zones: [zone], entry }).addTo(this.context);
      else L.geoJSON(zone, { ...inPane(this.map, "hazards"), style: { color: entry.colour, weight: 1.2, dashArray: "2 4", fill: false } }).addTo(this.context);
    }
  }

  async drawUnsurveyed({ themes }) {
    const style = { fillColor: UNSURVEYED_FILL, fillOpacity: 1, color: "#59646c", weight: 1, dashArray: "4 3" };
    const unknown = themes.filter((theme) => theme.status === "no_data" && theme.mandatory !== false);
    for (const { theme } of unknown) {
      const ground = await this.sources.unsurveyed(theme).catch(() => []);
      L.geoJSON(ground, { ...inPane(this.map, "unsurveyed"), style }).addTo(this.context);
    }
  }

  drawKey(touched, { themes }) {
    const lines = new Map();
    for (const { finding } of touched) {
      const entry = this.legend.hazard(finding.theme);
      const grade = this.legend.grade(finding.grade_scheme, finding.grade_rank);
      const composite = finding.theme === "composite" && grade;
      const name = composite ? `${grade.numeral} ${this.legend.hazardName(finding.theme)} ${t(grade.name)}` : this.legend.hazardName(finding.theme);
      lines.set(name, { fill: composite ? gradeFill(grade) : hazardFill(entry), line: composite ? grade.ink : entry.colour, bare: entry.symbol === "fault-teeth" });
    }
    if (themes.some((theme) => theme.status === "no_data")) lines.set(t("未调查"), { fill: UNSURVEYED_FILL, line: "#59646c" });
    for (const [name, look] of lines) this.key.append(keyLine(name, look));
  }

  highlight(id) {
    this.selection?.remove();
    const zone = this.zones.get(String(id));
    if (!zone) return;
    this.selection = L.geoJSON(zone, { ...inPane(this.map, "selection"), style: { className: "selected-zone", weight: 3.2, fill: false } }).addTo(this.map);
    this.map.fitBounds(this.selection.getBounds().extend(this.drawn.getBounds()), { padding: [30, 30], maxZoom: 16.5 });
  }

  showTrouble(location) {
    if (!location) return;
    const [lon, lat] = location;
    L.circleMarker([lat, lon], { ...inPane(this.map, "sites"), className: "site-trouble", radius: 10, weight: 3, fill: false }).addTo(this.drawn);
    this.map.panTo([lat, lon]);
  }
}

function keyLine(name, { fill, line, bare }) {
  const row = document.createElement("li");
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 26 16");
  svg.setAttribute("class", "swatch");
  const shape = document.createElementNS(namespace, bare ? "path" : "rect");
  const look = bare ? { d: "M1 8h24M5 8v5M13 8v5M21 8v5", stroke: line, "stroke-width": 1.8, fill: "none" } : { x: 0.5, y: 0.5, width: 25, height: 15, rx: 3, fill, stroke: line };
  for (const [attribute, value] of Object.entries(look)) shape.setAttribute(attribute, value);
  svg.append(shape);
  row.append(svg, name);
  return row;
}
