// The network of roads looked over: what keeps drivers from each other, drawn over the roads and listed beside the map.
import { codeName } from "../codes.js";
import { showCoordinates } from "../coordinates.js";
import { Problem, read } from "../core/api.js";
import { mountMap } from "../core/page.js";
import { inStratum } from "../map.js";
import { keepInFrame } from "../paper.js";
import { remoteSources } from "../sources.js";
import { element, lengthWords, t } from "../words.js";

const CLOSEST = 17;
const RADIUS = 7;
const CENTIMETRES = 2;

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export function attach(map, { legend }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    const ground = await page.ground();
    showCoordinates(map);
    page.readable();
    const faults = new Faults(map);
    keepInFrame(map, () => faults.fit() || ground.whole());
    try {
      faults.show(await read("/api/roads/connectivity"));
    } catch (trouble) {
      at("answer").classList.add("trouble");
      at("answer").textContent = trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message });
    }
  });
}

class Faults {
  map;

  constructor(map) {
    this.map = map;
    this.drawn = L.featureGroup().addTo(map);
    /** @type {Map<any, {shape: any, row: HTMLButtonElement}>} */
    this.shown = new Map();
  }

  show(answer) {
    const { graph, counts, features } = answer;
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const figures = { length: lengthWords(graph.road_m), joined: lengthWords(graph.joined_m), n: all };
    at("answer").textContent = all ? t("{length} 道路中 {joined} 相通；查出 {n} 处问题。", figures) : t("路网没有查出问题：{length} 道路全部相通。", figures);
    const kinds = Object.keys(counts).filter((kind) => counts[kind]);
    at("faults").replaceChildren(...kinds.map((kind) => this.group(kind, counts[kind], features.filter(({ properties }) => properties.kind === kind))));
  }

  group(kind, count, features) {
    const rest = features.length < count && element("p", { className: "quiet", textContent: t("只列出其中 {n} 处", { n: features.length }) });
    return element(
      "section",
      { className: "faults" },
      element("h2", {}, element("i", { className: `fault-sign ${kind}`, ariaHidden: "true" }), `${codeName("connectivity", kind)} `, element("span", { textContent: t("{n} 处", { n: count }) })),
      element("ol", {}, features.map((feature) => element("li", {}, this.row(feature)))),
      rest,
    );
  }

  row(feature) {
    const { kind, name, road_m, gap_m, at: [lon, lat] } = feature.properties;
    const parts = [name ?? t("没有名称"), gap_m != null && t("差 {gap} 未接", { gap: `${gap_m.toFixed(CENTIMETRES)} m` }), road_m > 0 && lengthWords(road_m)];
    const row = element("button", { type: "button", className: "fault", textContent: parts.filter(Boolean).join(" · ") });
    const look = { ...inStratum(this.map, "selection"), style: { className: `fault-line ${kind}`, weight: 5, opacity: 1, fill: false } };
    const mark = { ...inStratum(this.map, "sites"), className: `fault-mark ${kind}`, radius: RADIUS, weight: 2, fillOpacity: 1 };
    const line = feature.geometry.type === "Point" ? [] : [L.geoJSON(feature.geometry, look)];
    const shape = L.featureGroup([...line, L.circleMarker([lat, lon], mark)]).addTo(this.drawn);
    shape.on("click", () => this.choose(feature.id));
    row.addEventListener("click", () => this.choose(feature.id));
    this.shown.set(feature.id, { shape, row });
    return row;
  }

  choose(id) {
    for (const [other, { shape, row }] of this.shown) {
      row.ariaPressed = String(other === id);
      shape.eachLayer((layer) => layer.getElement?.()?.classList.toggle("in-hand", other === id));
    }
    const { shape, row } = /** @type {any} */ (this.shown.get(id));
    this.map.fitBounds(shape.getBounds().pad(0.4), { maxZoom: CLOSEST, animate: false });
    row.scrollIntoView({ block: "nearest" });
  }

  fit() {
    const bounds = this.drawn.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.1), { maxZoom: CLOSEST, animate: false });
    return bounds.isValid();
  }
}
