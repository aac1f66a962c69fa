// Measuring on the map: a line's length and, from three points on, the area inside; Enter adds the middle of the map.
import { ringArea_m2 } from "./gauss.js";
import { inStratum } from "./map.js";
import { areaWords, element, lengthWords, t, tenthWords } from "./words.js";

const SQUARE_M_OF_A_MU = 2000 / 3;

export class Measure {
  modes;
  map;
  button;

  constructor({ map, modes, button }) {
    Object.assign(this, { map, modes, button, points: [] });
    this.panel = element("div", { className: "measure-panel over", role: "status", hidden: true });
    map.getContainer().parentElement.append(this.panel);
    this.shape = L.layerGroup().addTo(map);
    map.on("click", ({ latlng }) => this.isActive && this.add(latlng));
    modes.add({
      ...{ id: "measure", title: button.title, key: "M", cursor: "cross", button },
      start: () => this.start(),
      stop: () => this.stop(),
      undo: () => this.undo(),
      steps: [
        { keys: ["Enter"], title: t("测量时取地图中心为下一点"), run: () => this.add(map.getCenter()) },
        { keys: ["Backspace"], title: t("测量时撤销一点"), run: () => this.undo() },
      ],
    });
  }

  get isActive() {
    return this.modes.active === "measure";
  }

  start() {
    this.points = [];
    this.map.doubleClickZoom.disable();
    this.draw();
    this.map.getContainer().focus({ preventScroll: true });
  }

  stop() {
    this.map.doubleClickZoom.enable();
    this.shape.clearLayers();
    this.panel.hidden = true;
    this.button.focus();
  }

  add(point) {
    if (this.points.at(-1)?.equals(point)) return;
    this.points.push(point);
    this.draw();
  }

  undo() {
    const last = this.points.pop();
    this.draw();
    return Boolean(last);
  }

  draw() {
    this.shape.clearLayers();
    const plain = inStratum(this.map, "sites");
    if (this.points.length > 2)
      L.polygon(this.points, { ...plain, className: "measured-area", stroke: false }).addTo(this.shape);
    L.polyline(this.points, { ...plain, className: "measured-line", weight: 2.5 }).addTo(this.shape);
    for (const point of this.points)
      L.circleMarker(point, { ...plain, className: "measured-point", radius: 4, weight: 2 }).addTo(this.shape);
    this.tell();
  }

  tell() {
    const length = this.points.slice(1).reduce((sum, point, i) => sum + this.map.distance(this.points[i], point), 0);
    const ring = this.points.map(({ lng, lat }) => [lng, lat]);
    const undo = element("button", { type: "button", className: "button", textContent: t("撤销一点") });
    undo.addEventListener("click", () => this.undo());
    const done = element("button", { type: "button", className: "button", textContent: t("结束测量") });
    done.addEventListener("click", () => this.modes.stop());
    this.panel.replaceChildren(
      element("b", { textContent: t("测量") }),
      this.points.length < 2
        ? element("span", { textContent: t("在图上点击，或移动地图后按回车取中心点") })
        : element("span", { textContent: t("长度 {n}", { n: lengthWords(length) }) }),
      ...(this.points.length > 2 ? areaLines(ringArea_m2(ring)) : []),
      element("div", { className: "actions" }, undo, done),
    );
    this.panel.hidden = false;
  }
}

// The magnitude as everywhere, and beside it the unit fields are measured in here.
function areaLines(area_m2) {
  const mu = t("{n} 亩", { n: tenthWords(area_m2 / SQUARE_M_OF_A_MU) });
  return [element("span", { textContent: t("面积 {n}", { n: `${areaWords(area_m2)} · ${mu}` }) })];
}
