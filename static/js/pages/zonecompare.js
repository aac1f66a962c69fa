// Two editions under one divider, the list of what differs, and what happened to a place.
import { codeName } from "../codes.js";
import { features, read } from "../core/api.js";
import { mountMap } from "../core/page.js";
import { inStratum } from "../map.js";
import { Newest } from "../newest.js";
import { remoteSources } from "../sources.js";
import { placeMark } from "../strata.js";
import { swipe } from "../swipe.js";
import { linesOf, shapeOf } from "../topology/coverage.js";
import { isWithin } from "../topology/plane.js";
import { element, t } from "../words.js";
import { Inks } from "../zoneediting/inks.js";
import { offerRestoring } from "../zoneediting/restoring.js";
import { Sheet } from "../zoneediting/sheet.js";

const SIDES = ["earlier", "later"];
const OVER_THE_GROUND = 300;
const DECIMALS = 6;
const CLOSE = 16;

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export function attach(map, { legend, editions, theme, changes }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    for (const side of SIDES) map.createPane(side).style.zIndex = OVER_THE_GROUND;
    offerRestoring(at("restore"));
    await page.ground();
    const listed = new Changes(map, changes);
    new Ground(map, page.legend);
    const sides = theme ? await Promise.all(editions.map((edition, side) => drawSide({ map, legend: page.legend, edition, theme, pane: SIDES[side] }))) : [];
    map.on("click", ({ latlng }) => listed.pickAt([latlng.lng, latlng.lat], sides.flat(), theme));
    swipe(map, { divider: at("divider"), left: SIDES[0], right: SIDES[1] });
  });
}

async function drawSide({ map, legend, edition, theme, pane }) {
  if (!edition) return [];
  const [hazard, product] = theme.split("/");
  const found = await features("/api/zones", { query: { hazard, product, as_of: String(edition), decimals: DECIMALS } });
  const zones = found.map(({ geometry, properties }) => ({ shape: shapeOf(/** @type {any} */ (geometry)), lines: linesOf(/** @type {any} */ (geometry)), facts: properties }));
  const inks = new Inks(legend);
  const sheet = new Sheet((context, { view }) => zones.forEach((zone) => paint(context, view, { ...zone, inks, dense: sheet.dense })), { pane });
  sheet.addTo(map);
  new MutationObserver(() => sheet.redraw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return zones;
}

function paint(context, view, { shape, lines, facts, inks, dense }) {
  const [ink, path] = [inks.of(facts), view.path(shape)];
  if (lines.length) return paintLines(context, view, lines, ink);
  context.fillStyle = inks.fill(context, ink, dense);
  context.fill(path, "evenodd");
  context.lineWidth = 1;
  context.strokeStyle = document.documentElement.dataset.theme === "dark" ? ink.colour : ink.ink;
  context.stroke(path);
}

function paintLines(context, view, lines, { colour }) {
  const path = new Path2D();
  for (const line of lines) view.trace(path, line);
  context.lineWidth = 2.4;
  context.strokeStyle = colour;
  context.stroke(path);
}

class Changes {
  map;
  changes;

  constructor(map, changes) {
    Object.assign(this, { map, changes });
    this.buttons = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-change]"))];
    for (const button of this.buttons) button.addEventListener("click", () => this.choose(Number(button.dataset.change), { look: true }));
  }

  // A zone that differs and lies under a place, on whichever side.
  pickAt(point, zones, theme) {
    const here = new Set(zones.filter(({ shape }) => shape.some((polygon) => isWithin(point, polygon))).map(({ facts }) => String(facts.zone)));
    const number = this.changes.findIndex((one) => one.theme === theme && here.has(one.zone));
    if (number >= 0) this.choose(number);
  }

  choose(number, { look = false } = {}) {
    const [west, south, east, north] = this.changes[number].bbox;
    const bounds = L.latLngBounds([[south, west], [north, east]]);
    this.selection?.remove();
    this.selection = L.rectangle(bounds, { ...inStratum(this.map, "selection"), className: "selected-area", weight: 3, fill: false, interactive: false }).addTo(this.map);
    if (look) this.map.fitBounds(bounds, { padding: [80, 80], maxZoom: CLOSE, animate: false });
    for (const button of this.buttons) button.ariaPressed = String(Number(button.dataset.change) === number);
    at(`change-${number}`).scrollIntoView({ block: "nearest" });
  }
}

// Every version of a zone that ever lay on a place, the newest first.
class Ground {
  map;
  legend;
  newest = new Newest();

  constructor(map, legend) {
    Object.assign(this, { map, legend });
    const form = at("ground-at");
    map.on("click", ({ latlng }) => {
      [form.lon.value, form.lat.value] = [latlng.lng.toFixed(6), latlng.lat.toFixed(6)];
      this.ask(latlng.lng, latlng.lat);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [lon, lat] = [Number(form.lon.value), Number(form.lat.value)];
      if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) this.ask(lon, lat, { look: true });
      else at("ground-note").textContent = t("经度在 −180 到 180 之间，纬度在 −90 到 90 之间。");
    });
    const asked = new URLSearchParams(location.search);
    if (!asked.get("lon") || !asked.get("lat")) return;
    for (const name of ["lon", "lat"]) form[name].value = asked.get(name);
    form.requestSubmit();
  }

  async ask(lon, lat, { look = false } = {}) {
    const current = this.newest.ask();
    this.mark?.remove();
    this.mark = placeMark([lat, lon]).addTo(this.map);
    if (look) this.map.setView([lat, lon], Math.max(this.map.getZoom(), CLOSE), { animate: false });
    try {
      const { items } = await read("/api/zones/ground", { query: { lon, lat } });
      if (current()) this.show(items);
    } catch (trouble) {
      if (current()) at("ground-note").textContent = trouble.message;
    }
  }

  show(items) {
    at("ground-note").textContent = items.length ? t("曾有 {n} 个区的版本在这里，新的在前。", { n: items.length }) : t("没有任何版次的区在这里。");
    at("ground-events").replaceChildren(...[...items].sort((one, other) => other.from_edition - one.from_edition).map((one) => this.line(one)));
  }

  line({ zone, hazard, product, name, grade, from_edition, to_edition, published_at, published_by, reason, parents, children }) {
    const until = to_edition ? t("第 {first} 版起，至第 {last} 版前", { first: from_edition, last: to_edition }) : t("第 {first} 版起，现行", { first: from_edition });
    const told = [this.legend.hazardName(hazard), codeName("product", product), grade ? t(grade) : t("未分级")].join(" · ");
    const descent = [parents.length && t("来自 {zones}", { zones: parents.join(t("、")) }), children.length && t("分为或并入 {zones}", { zones: children.join(t("、")) })].filter(Boolean);
    const link = element("a", { href: `/zones/compare?from=${from_edition - 1}&to=${from_edition}&theme=${hazard}/${product}`, textContent: until });
    return element(
      "li",
      {},
      element("b", { textContent: name ? `${zone} · ${name}` : t("区 {zone}", { zone }) }),
      element("p", {}, link, ` · ${published_at.slice(0, 10)} · ${published_by}`),
      element("p", { textContent: told }),
      element("p", { className: "quiet", textContent: [reason, ...descent].join(" · ") }),
    );
  }
}
