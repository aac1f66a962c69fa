// The sites of a bulk check on the map, each in the colour and line of its verdict, while its tab is open.
import { inStratum } from "./map.js";
import { keyLine } from "./sitemap.js";
import { codesOf } from "./codes.js";
import { verdictWords } from "./verdicts.js";

// The line tells verdicts apart where colours do not.
const LOOKS = {
  prohibited: { fill: "#c8372d", line: "#9d211a", opacity: 0.45 },
  restricted: { fill: "#d9822b", line: "#96490a", opacity: 0.35, dashes: "7 3" },
  insufficient_data: { fill: "#7d8790", line: "#47525c", opacity: 0.3, dashes: "2 3" },
  permitted: { fill: "#4d8fa8", line: "#0f4659", opacity: 0.2, dashes: "1 6" },
};
const DOT = 6;

export class BatchMap {
  map;
  key;

  constructor({ map, key }) {
    Object.assign(this, { map, key });
    this.layer = L.featureGroup();
    this.lines = [];
  }

  show(features) {
    this.hide();
    this.layer.clearLayers();
    const found = codesOf("verdict").filter((verdict) => features.some(({ properties }) => properties.verdict === verdict));
    this.lines = found.map((verdict) => keyLine(verdictWords(verdict), LOOKS[verdict]));
    for (const site of [...features].reverse()) drawSite(this.map, site).addTo(this.layer); // the gravest on top
    this.comeBack();
    const bounds = this.layer.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.1), { maxZoom: 16, animate: false });
  }

  comeBack() {
    if (!this.lines.length) return;
    this.layer.addTo(this.map);
    this.key.append(...this.lines);
  }

  hide() {
    this.meant?.remove();
    this.layer.remove();
    for (const line of this.lines) line.remove();
  }

  lookAt(site) {
    this.meant?.remove();
    this.meant = L.geoJSON(site, {
      ...inStratum(this.map, "selection"),
      style: { className: "selected-zone", weight: 3.2, fill: false },
      pointToLayer: (_point, at) => L.circleMarker(at, { ...inStratum(this.map, "selection"), className: "selected-zone", radius: DOT + 4, fill: false }),
    }).addTo(this.map);
    const bounds = this.meant.getBounds();
    if (bounds.isValid() && !this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds.pad(2), { maxZoom: 16 });
  }
}

function drawSite(map, site) {
  const { fill, line, opacity, dashes } = LOOKS[site.properties.verdict];
  const style = { color: line, weight: 2, dashArray: dashes, fillColor: fill, fillOpacity: opacity, className: "batch-site" };
  const pointToLayer = (_point, at) => L.circleMarker(at, { ...inStratum(map, "sites"), ...style, radius: DOT });
  return L.geoJSON(site, { ...inStratum(map, "sites"), style, pointToLayer });
}
