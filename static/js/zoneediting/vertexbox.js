// The nodes of the chosen zone as a list: walked, moved, put in and taken out by keys, their places typed in degrees.
import { stepTo } from "../core/list.js";
import { isSame } from "../topology/plane.js";
import { areaWords, element, lengthWords, t } from "../words.js";

const SHOWN = 3; // to either side of the one chosen
const AREA_MS = 150;

export class VertexBox {
  place;
  work;
  reshaping;
  modes;

  constructor({ place, work, reshaping, modes }) {
    Object.assign(this, { place, work, reshaping, modes });
    this.said = place.querySelector(".vertex-said");
    this.area = place.querySelector(".area-said");
    this.list = place.querySelector("[role=listbox]");
    this.form = place.querySelector("form");
    this.list.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("focus", () => this.begin());
    this.form.addEventListener("submit", (event) => this.type(event));
    this.dropRing = place.querySelector("[data-act=drop-ring]");
    this.dropRing.addEventListener("click", () => this.reshaping.removeRing());
    work.store.watch(["selected", "vertex", "coverage", "busy"], () => this.show());
    work.addEventListener("previewed", ({ detail }) => this.previewArea(detail));
    this.show();
  }

  begin() {
    if (this.modes.active !== "reshape") this.modes.start("reshape");
    if (!this.work.values.vertex) this.reshaping.step(1);
  }

  show() {
    const { selected, vertex } = this.work.values;
    this.place.hidden = selected.length !== 1 || !this.work.values.coverage.zones.has(selected[0]);
    if (this.place.hidden) return;
    const { nodes, place } = this.reshaping;
    if (vertex && place < 0) return; // it is under way
    this.said.textContent = vertex ? this.words(nodes, place) : t("共 {n} 个顶点", { n: nodes.length });
    this.showList(nodes, place);
    const [lon, lat] = vertex ?? ["", ""];
    this.form.lon.value = lon;
    this.form.lat.value = lat;
    for (const field of this.form.elements) field.disabled = !vertex || !this.work.mayEdit;
    this.showRing(selected[0], vertex);
    this.showArea(null);
  }

  // Of a zone of several parts, or with holes, one of them can be taken away.
  showRing(id, vertex) {
    const shape = this.work.values.coverage.shape(id);
    const isOf = (ring) => vertex && ring.some((point) => isSame(point, vertex));
    const part = shape.find((polygon) => polygon.some(isOf));
    const isHole = part && !isOf(part[0]);
    this.dropRing.hidden = !part || !this.work.mayEdit || (!isHole && shape.length < 2);
    this.dropRing.textContent = isHole ? t("填上这个洞") : t("去掉这一块");
  }

  words(nodes, place) {
    const others = this.work.values.coverage.usersOf(nodes[place]).length;
    const told = { place: place + 1, whole: nodes.length, zones: others };
    return others > 1 ? t("顶点 {place}/{whole}，与 {zones} 区共用", told) : t("顶点 {place}/{whole}", told);
  }

  showList(nodes, place) {
    const from = Math.max(0, Math.min(place - SHOWN, nodes.length - 2 * SHOWN - 1));
    const shown = nodes.slice(from, from + 2 * SHOWN + 1);
    this.list.replaceChildren(...shown.map((node, i) => this.option(node, from + i, { place, total: nodes.length })));
    place < 0 ? this.list.removeAttribute("aria-activedescendant") : this.list.setAttribute("aria-activedescendant", `vertex-${place}`);
  }

  option(node, number, { place, total }) {
    const words = `${number + 1} · ${node[0].toFixed(6)}, ${node[1].toFixed(6)}`;
    const line = element("li", { id: `vertex-${number}`, role: "option", textContent: words });
    line.ariaSelected = String(number === place);
    line.ariaPosInSet = String(number + 1);
    line.ariaSetSize = String(total);
    line.addEventListener("click", () => {
      this.begin();
      this.reshaping.go(node);
    });
    return line;
  }

  // Plain arrows walk the list; with Alt they move the node, as they do on the map.
  press(event) {
    const { key, altKey } = event;
    const { nodes, place } = this.reshaping;
    const act = { Enter: () => this.reshaping.putIn(), Delete: () => this.reshaping.removeVertex(), "]": () => this.reshaping.step(1), "[": () => this.reshaping.step(-1) }[key];
    if (altKey && key.startsWith("Arrow")) this.reshaping.push({ key, shiftKey: event.shiftKey, altKey: false });
    else if (act) act();
    else {
      const next = stepTo(key, { at: place, count: nodes.length });
      if (next === null) return;
      this.reshaping.go(nodes[Math.max(0, next)]);
    }
    event.preventDefault();
  }

  type(event) {
    event.preventDefault();
    const to = [Number(this.form.lon.value), Number(this.form.lat.value)];
    const { vertex } = this.work.values;
    const isPlace = Math.abs(to[0]) <= 180 && Math.abs(to[1]) <= 90 && this.form.lon.value && this.form.lat.value;
    if (isPlace && vertex && !isSame(to, vertex)) this.reshaping.moveTo(vertex, to);
  }

  // While the hand moves, now and then: text that changed far from the hand has all between composed anew.
  previewArea(preview) {
    this.preview = preview;
    this.resting ??= setTimeout(() => {
      this.resting = null;
      this.showArea(this.preview);
    }, AREA_MS);
  }

  // The area as it would be, and by how much that is more or less than it was when the zone was opened.
  showArea(preview) {
    const { selected, coverage } = this.work.values;
    const [id] = selected;
    if (!id) return;
    const now = this.work.sizeOf(id, preview?.get(id) ?? coverage.shape(id));
    const more = now - this.work.baseSize(id);
    const [size, change] = [now, Math.abs(more)].map(this.work.isLine(id) ? lengthWords : areaWords);
    const told = { area: size, length: size, change: `${more < 0 ? "−" : "+"}${change}` };
    if (this.work.isLine(id)) this.area.textContent = Math.abs(more) < 0.5 ? t("长度 {length}", told) : t("长度 {length}（比打开时 {change}）", told);
    else this.area.textContent = Math.abs(more) < 0.5 ? t("面积 {area}", told) : t("面积 {area}（比打开时 {change}）", told);
  }
}
