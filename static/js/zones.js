// The zones: one graded theme at a time, hazards laid over it, and the ground nobody surveyed, which hides every grade.
import { answersFor, gapWords } from "./gaps.js";
import { fitFree } from "./framing.js";
import { gradeFill, hazardFill, UNSURVEYED_FILL } from "./legend.js";
import { inStratum, insidePoint, isInside } from "./map.js";
import { Newest } from "./newest.js";
import { Numerals } from "./numerals.js";
import { drawTiles } from "./tiles.js";

export const UNKNOWN_LOOK = { fillColor: UNSURVEYED_FILL, fillOpacity: 1, color: "#59646c", weight: 1, dashArray: "4 3" };
export const MOST_SHAPES = 400; // beyond that the browser moves pictures of tiles faster than shapes
const LEAST_ROOM = 20; // pixels of ground the narrowest numeral needs
const DRAWN_OVER = 2; // of a graded hazard only the two worst grades are laid over another theme

export class Zones {
  onGap;
  sources;
  map;
  labels;
  onTrouble;
  legend;
  modes;
  onPress;
  onSelect;

  // onGap(ground, hazard) tells of unsurveyed ground; of none when it is let go.
  constructor({ map, legend, sources, labels, modes, onSelect, onGap, onTrouble }) {
    Object.assign(this, { map, legend, sources, labels, modes, onSelect, onGap, onTrouble });
    this.hidden = new Set();
    this.newest = new Newest();
    this.overlays = new Map();
    this.numerals = new Numerals({ map, ask: sources.numerals, show: (points) => this.showNumerals(points) });
  }

  async showTheme(theme) {
    this.theme = theme;
    const [hazard, product] = theme.key.split("/");
    if (this.openHazard && this.openHazard !== hazard) this.onGap(null);
    const ground = await this.sources.unsurveyed(hazard).catch((trouble) => this.theme === theme && this.undraw(trouble));
    if (this.theme !== theme) return;
    this.ground = ground;
    const drawn =
      this.sources.tiles && theme.count > MOST_SHAPES
        ? await this.themeTiles(hazard, product)
        : await this.themeShapes(hazard, product, theme);
    if (this.theme !== theme) return;
    if (drawn.ofTiles) this.numerals.follow({ hazard, product, room: LEAST_ROOM });
    this.themeLayer?.remove();
    this.hatch?.remove();
    this.themeLayer = drawn.addTo(this.map);
    this.hatch = this.hatched(ground).addTo(this.map);
    this.labels.set(
      "unknown",
      ground.map(({ geometry }) => ({ at: insidePoint(geometry), text: "?", kind: "numerals", colour: "#59646c", priority: 12, span: extentOf(geometry), room: 24 })),
    );
  }

  // Where it is not known which ground was surveyed, no grade may be drawn.
  undraw(trouble) {
    for (const layer of [this.themeLayer, this.hatch]) layer?.remove();
    for (const group of ["grades", "unknown"]) this.labels.set(group, []);
    this.numerals.stop();
    this.onTrouble?.(trouble);
    throw trouble;
  }

  hatched(ground) {
    return L.geoJSON(ground, {
      ...inStratum(this.map, "unsurveyed", { interactive: true }),
      style: { ...UNKNOWN_LOOK, className: "unsurveyed" },
      onEachFeature: (piece, layer) =>
        answersFor(layer, {
          words: gapWords(this.legend, [piece]),
          busy: () => this.modes.isBusy,
          act: () => this.showGap([piece], piece.properties.hazard),
        }),
    });
  }

  // The whole of a hazard's unsurveyed ground: framed, outlined, told of.
  async openGap(hazard) {
    const current = this.newest.ask();
    const ground = await this.sources.unsurveyed(hazard);
    if (!ground.length || !current()) return;
    this.showGap(ground, hazard);
    fitFree(this.map, this.selection.getBounds(), { maxZoom: 15 });
  }

  showGap(ground, hazard) {
    this.onGap(ground, hazard);
    this.highlight({ type: "FeatureCollection", features: ground });
    this.laid?.remove();
    // Of a hazard that is no theme of the map's the hatch lies over the theme that is, and lets it be seen.
    const other = hazard !== this.theme?.hazard;
    this.laid = other
      ? L.geoJSON(ground, { ...inStratum(this.map, "unsurveyed"), style: { ...UNKNOWN_LOOK, fillOpacity: 0.55 } }).addTo(this.map)
      : null;
    this.openHazard = hazard;
    this.onPress?.(hazard);
  }

  leaveGap() {
    this.laid?.remove();
    this.highlight(null);
    this.openHazard = null;
    this.onPress?.(null);
  }

  async themeShapes(hazard, product, theme) {
    const found = await this.sources.zones(hazard, product);
    if (this.theme !== theme) return null; // its numerals would stand on another theme's ground
    const shown = found.filter(
      ({ properties }) => !this.isHidden(properties.grade_rank),
    );
    this.numerals.stop();
    this.labels.set(
      "grades",
      shown.map(({ geometry, properties }) => this.numeral(properties, insidePoint(geometry, this.ground), extentOf(geometry))),
    );
    return L.geoJSON(shown, {
      ...inStratum(this.map, "grades", { interactive: true }),
      style: ({ properties }) => this.gradeStyle(properties),
      onEachFeature: (zone, layer) => layer.on("click", (event) => this.select(zone, event)),
    });
  }

  async themeTiles(hazard, product) {
    this.numerals.stop();
    this.labels.set("grades", []);
    const shows = (properties) =>
      properties.hazard === hazard && properties.product === product && !this.isHidden(properties.grade_rank);
    const drawn = await drawTiles({
      url: `${this.sources.tiles}?${new URLSearchParams({ hazard, product })}`,
      legend: this.legend,
      scheme: this.theme.scheme,
      shows,
      onSelect: (zone, event) => this.select(zone, event),
    });
    return Object.assign(drawn, { ofTiles: true });
  }

  showNumerals(points) {
    const isKnown = ({ geometry: { coordinates: [lng, lat] } }) => !isInside({ lat, lng }, this.ground);
    const shown = points.filter((point) => !this.isHidden(point.properties.grade_rank) && isKnown(point));
    this.labels.set(
      "grades",
      shown.map(({ geometry: { coordinates }, properties }) =>
        this.numeral(properties, L.latLng(coordinates[1], coordinates[0]), properties.span, roomInside),
      ),
    );
  }

  isHidden(rank) {
    return this.hidden.has(`${this.theme.key}/${rank}`);
  }

  showRank(key, shown) {
    shown ? this.hidden.delete(key) : this.hidden.add(key);
    if (this.theme && key.startsWith(`${this.theme.key}/`)) return this.showTheme({ ...this.theme });
    return null;
  }

  gradeStyle({ grade_scheme, grade_rank }) {
    const entry = this.legend.grade(grade_scheme, grade_rank);
    if (!entry) return { ...UNKNOWN_LOOK, weight: 0.8 };
    return { fillColor: gradeFill(entry), fillOpacity: 1, color: entry.ink, weight: 0.7, opacity: 0.35 };
  }

  // span is how far the zone reaches, or the width of its ground around the place: the one needs more room than the other.
  numeral({ grade_scheme, grade_rank }, at, span, roomOf = roomAcross) {
    const entry = this.legend.grade(grade_scheme, grade_rank);
    if (!entry || !at) return { at: null };
    return {
      at,
      text: entry.numeral,
      kind: "numerals",
      colour: entry.ink,
      priority: 10 - entry.rank + span,
      span,
      room: roomOf(entry),
    };
  }

  async showOverlay(key, shown) {
    if (!shown) {
      this.overlays.get(key)?.remove();
      this.overlays.delete(key);
      this.labels.set(`names ${key}`, []);
      return;
    }
    if (this.overlays.has(key)) return;
    const group = L.featureGroup().addTo(this.map);
    this.overlays.set(key, group);
    const [hazard, product] = key.split("/");
    const zones = (await this.sources.zones(hazard, product)).filter(
      ({ properties }) => (properties.grade_rank ?? 0) <= DRAWN_OVER,
    );
    if (this.overlays.get(key) !== group) return;
    drawHazard(this.map, {
      zones,
      entry: this.legend.hazard(hazard),
      onSelect: this.onSelect && ((zone, event) => this.select(zone, event)),
    }).addTo(group);
    this.labels.set(
      `names ${key}`,
      zones.map((zone) => hazardName(zone)),
    );
  }

  select(zone, event) {
    if (this.modes.isBusy) return null;
    L.DomEvent.stop(event);
    return this.pick(zone);
  }

  // Selects a zone; one that comes from a tile is asked for whole first.
  async pick(zone, { fly = false } = {}) {
    const current = this.newest.ask();
    const whole = zone.geometry ? zone : await this.whole(zone);
    const unknown = await this.unknownUnder(whole);
    if (!current()) return null;
    if (unknown) return this.showGap([unknown], unknown.properties.hazard);
    this.onSelect(whole);
    this.highlight(whole);
    if (fly && this.selection) fitFree(this.map, this.selection.getBounds(), { maxZoom: 15 });
  }

  // The piece of unsurveyed ground on which all of a graded zone lies, if there is one: its grade tells nothing there.
  async unknownUnder({ geometry, properties: { hazard, grade_rank } }) {
    if (!grade_rank || !geometry?.type.endsWith("Polygon")) return null;
    const ground = await this.sources.unsurveyed(hazard);
    if (insidePoint(geometry, ground)) return null;
    const at = insidePoint(geometry);
    return ground.find((piece) => at && isInside(at, [piece]));
  }

  async whole(zone) {
    const found = await this.sources.zone?.(zone.properties.zone).catch(() => null);
    return found ? { ...zone, geometry: found.geometry, properties: { ...zone.properties, ...found, geometry: null } } : zone;
  }

  highlight(zone) {
    this.selection?.remove();
    this.selection =
      (zone?.geometry || zone?.features) &&
      L.geoJSON(zone, {
        ...inStratum(this.map, "selection"),
        style: { className: "selected-zone", weight: 3, fill: false },
      }).addTo(this.map);
  }
}

/** @typedef {{rank: number, numeral: string}} Grade */
/** @param {Grade} grade */
const roomAcross = ({ rank }) => 30 + 11 * Math.max(0, rank - 2);
/** @param {Grade} grade */
const roomInside = ({ numeral }) => LEAST_ROOM - 6 + 6 * numeral.length;

/** @param {any} map @param {{zones: any[], entry: any, onSelect?: (zone: any, event: any) => unknown}} told */
export function drawHazard(map, { zones, entry, onSelect }) {
  const group = L.featureGroup();
  const clickable = onSelect ? { interactive: true } : {};
  const onEachFeature = (zone, layer) => onSelect && layer.on("click", (event) => onSelect(zone, event));
  const isLine = (zone) => zone.geometry.type.endsWith("LineString");
  const style = ({ properties }) => ({
    color: entry.colour,
    weight: 1.3,
    fillColor: hazardFill(entry),
    fillOpacity: 1,
    dashArray: (properties.arrival_min ?? 0) > 30 ? "7 4" : null,
  });
  L.geoJSON(
    zones.filter((zone) => !isLine(zone)),
    { ...inStratum(map, "hazards", clickable), style, onEachFeature },
  ).addTo(group);
  const lines = zones.filter(isLine);
  const under = inStratum(map, "hazards");
  L.geoJSON(lines, {
    ...under,
    style: { color: entry.colour, weight: 10, dashArray: "1.6 13", lineCap: "butt" },
  }).addTo(group);
  L.geoJSON(lines, { ...under, ...clickable, style: { color: entry.colour, weight: 2.4 }, onEachFeature }).addTo(group);
  return group;
}

function hazardName({ geometry, properties }) {
  const line =
    geometry.type === "LineString"
      ? geometry.coordinates
      : geometry.type === "MultiLineString"
        ? geometry.coordinates[0]
        : null;
  const at = line ? L.latLng(line[Math.floor(line.length / 2)].slice().reverse()) : insidePoint(geometry);
  return {
    at,
    text: properties.name || "",
    kind: "hazard-name",
    priority: 40,
    span: line ? 0 : extentOf(geometry),
    room: 70,
  };
}

function extentOf(geometry) {
  const bounds = L.geoJSON(geometry).getBounds();
  const wide = (bounds.getEast() - bounds.getWest()) * Math.cos((bounds.getNorth() * Math.PI) / 180);
  return Math.min(bounds.getNorth() - bounds.getSouth(), wide);
}
