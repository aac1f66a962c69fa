// The site on the map, the zones that concern it, and the ground around it nobody surveyed.
import { features } from "./api.js";
import { hazardFill, UNSURVEYED_FILL } from "./legend.js";
import { inPane } from "./map.js";
import { severityOf } from "./verdicts.js";
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
    const findings = new Map(
      opinion.themes.flatMap((theme) =>
        theme.findings.map((finding) => [String(finding.zone), { ...finding, theme: theme.theme }]),
      ),
    );
    for (const zone of found) this.zones.set(String(zone.properties.zone ?? zone.id), zone);
    const touched = [...this.zones]
      .filter(([id]) => findings.has(id))
      .map(([id, zone]) => ({ zone, finding: findings.get(id) }));
    this.drawComposite(found);
    const patterned = this.drawTouched(touched);
    await this.drawUnsurveyed(opinion);
    this.drawKey(touched, patterned, opinion);
  }

  drawComposite(zones) {
    const entryOf = ({ properties }) => this.legend.grade(properties.grade_scheme, properties.grade_rank);
    const graded = zones.filter((zone) => zone.properties.hazard === "composite" && entryOf(zone));
    const style = (zone) => ({
      fillColor: entryOf(zone).colour,
      fillOpacity: entryOf(zone).fill_opacity,
      color: entryOf(zone).ink,
      weight: 0.8,
      opacity: 0.5,
    });
    L.geoJSON(graded, { ...inPane(this.map, "grades"), style }).addTo(this.context);
  }

  // Of each theme the zone that weighs most gets its pattern; the others are outlined, or patterns would pile up.
  drawTouched(touched) {
    const patterned = new Set();
    const byWeight = [...touched].sort((a, b) => weightOf(b.finding) - weightOf(a.finding));
    for (const { zone, finding } of byWeight) {
      if (finding.theme === "composite") continue;
      const entry = this.legend.hazard(finding.theme);
      if (finding.rule && !patterned.has(finding.theme)) {
        patterned.add(finding.theme);
        drawHazard(this.map, { zones: [zone], entry }).addTo(this.context);
      } else
        L.geoJSON(zone, {
          ...inPane(this.map, "hazards"),
          style: { color: entry.colour, weight: 1.2, dashArray: "2 4", fill: false },
        }).addTo(this.context);
    }
    return patterned;
  }

  async drawUnsurveyed({ themes }) {
    const style = { fillColor: UNSURVEYED_FILL, fillOpacity: 1, color: "#59646c", weight: 1, dashArray: "4 3" };
    const unknown = themes.filter((theme) => theme.status === "no_data" && theme.mandatory !== false);
    for (const { theme } of unknown) {
      const ground = await this.sources.unsurveyed(theme).catch(() => []);
      L.geoJSON(ground, { ...inPane(this.map, "unsurveyed"), style }).addTo(this.context);
    }
  }

  drawKey(touched, patterned, { themes }) {
    const lines = new Map();
    for (const { zone, finding } of touched) {
      const entry = this.legend.hazard(finding.theme);
      const grade = this.legend.grade(zone.properties.grade_scheme, zone.properties.grade_rank);
      if (finding.theme === "composite" && grade)
        lines.set(`${grade.numeral} ${this.legend.hazardName("composite")} ${t(grade.name)}`, {
          fill: grade.colour,
          line: grade.ink,
          opacity: grade.fill_opacity,
        });
      else if (patterned.has(finding.theme))
        lines.set(this.legend.hazardName(finding.theme), {
          fill: hazardFill(entry),
          line: entry.colour,
          bare: entry.symbol === "fault-teeth",
        });
      else lines.set(t("其他涉及的区划"), { fill: "none", line: "#5b5f66", dashes: "2 3" });
    }
    if (themes.some((theme) => theme.status === "no_data"))
      lines.set(t("未调查"), { fill: UNSURVEYED_FILL, line: "#59646c" });
    for (const [name, look] of lines) this.key.append(keyLine(name, look));
  }

  highlight(id) {
    this.selection?.remove();
    const zone = this.zones.get(String(id));
    if (!zone) return;
    this.selection = L.geoJSON(zone, {
      ...inPane(this.map, "selection"),
      style: { className: "selected-zone", weight: 3.2, fill: false },
    }).addTo(this.map);
    this.map.fitBounds(this.selection.getBounds().extend(this.drawn.getBounds()), { padding: [30, 30], maxZoom: 16.5 });
  }

  showTrouble(location) {
    if (!location) return;
    const [lon, lat] = location;
    L.circleMarker([lat, lon], {
      ...inPane(this.map, "sites"),
      className: "site-trouble",
      radius: 10,
      weight: 3,
      fill: false,
    }).addTo(this.drawn);
    this.map.panTo([lat, lon]);
  }
}

function weightOf({ verdict, overlap_share }) {
  return severityOf(verdict) + Math.min(overlap_share, 0.99);
}

function keyLine(name, { fill, line, bare, dashes, opacity }) {
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
