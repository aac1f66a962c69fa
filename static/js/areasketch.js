// An area as it is drawn on the map, corner by corner: by clicks, or with the keyboard from the middle of the map.
import { inStratum } from "./map.js";
import { circleAround } from "./circle.js";
import { element, t } from "./words.js";

const LEAST = 3;

export class AreaSketch {
  map;
  onDone;
  onChange;

  /** @param {any} map @param {{onDone: (area: any) => unknown, onChange: () => unknown}} options */
  constructor(map, { onDone, onChange }) {
    Object.assign(this, { map, onDone, onChange, corners: /** @type {any[]} */ ([]) });
    this.drawn = L.featureGroup().addTo(map);
  }

  get isComplete() {
    return this.corners.length >= LEAST;
  }

  add({ lat, lng }) {
    this.corners.push([lng, lat]);
    this.draw();
  }

  // The second click of a double one put its corner there already.
  finishTwice() {
    this.corners.pop();
    this.finish();
  }

  finish() {
    const ring = [...this.corners, this.corners[0]];
    if (!this.isComplete) return false;
    this.clear();
    this.onDone({ type: "Polygon", coordinates: [ring] });
    return true;
  }

  takeBack() {
    const isThere = this.corners.length > 0;
    this.corners.pop();
    this.draw();
    return isThere;
  }

  clear() {
    this.corners = [];
    this.draw();
  }

  draw() {
    this.drawn.clearLayers();
    const places = this.corners.map(([lng, lat]) => [lat, lng]);
    const put = (className, weight, at) => L.polygon(at, { ...inStratum(this.map, "selection"), className, weight, opacity: 1, interactive: false }).addTo(this.drawn);
    if (places.length > 1) put("sketched-area", 2.4, places);
    for (const at of places) L.circleMarker(at, { ...inStratum(this.map, "selection"), className: "sketched-corner", radius: 5, interactive: false }).addTo(this.drawn);
    this.onChange();
  }
}

// A tool of the map that draws an area. Whoever has no pointer puts corners into the middle of the map, which the arrows move, or takes a circle.
/** @param {any} page @param {{id: string, title: string, key?: string, button?: HTMLButtonElement, onArea: (area: any) => unknown, onCircle: (place: any) => unknown, acts?: any[], isArea?: () => boolean, onStart?: () => unknown}} options */
export function areaTool({ map, modes, keyboard }, { id, title, key, button, onArea, onCircle, acts = [], isArea = () => true, onStart = () => {} }) {
  const isOn = () => modes.active === id && isArea();
  const leave = (run) => (told) => {
    modes.stop();
    run(told);
  };
  const bar = element("div", { className: "over area-tool", role: "toolbar", ariaLabel: title, hidden: true });
  const sketch = new AreaSketch(map, { onDone: leave(onArea), onChange: () => show() });
  const corner = () => sketch.add(map.getCenter());
  const circle = () => leave(onCircle)(map.getCenter());
  const made = [
    act(t("取中心为角点"), t("空格"), corner),
    act(t("撤回一点"), "⌫", () => sketch.takeBack()),
    act(t("闭合"), "Enter", () => sketch.finish()),
    act(t("以中心画圆"), "O", circle),
  ];
  const stop = act(t("取消"), "Esc", () => modes.stop());
  bar.append(...acts, ...made, stop);
  map.getContainer().parentElement.append(bar);
  const cross = element("span", { className: "map-middle", ariaHidden: "true", hidden: true });
  map.getContainer().append(cross);
  function show() {
    bar.hidden = modes.active !== id;
    cross.hidden = !isOn();
    for (const one of made) one.hidden = !isArea();
    const [, back, close, round] = made;
    /** @type {any} */ (back).disabled = !sketch.corners.length;
    /** @type {any} */ (close).disabled = !sketch.isComplete;
    /** @type {any} */ (round).disabled = sketch.corners.length > 0;
  }
  modes.add({
    ...{ id, title, key, button, cursor: "cross" },
    start: () => {
      map.doubleClickZoom.disable();
      onStart();
    },
    stop: () => {
      map.doubleClickZoom.enable();
      sketch.clear();
    },
    undo: () => sketch.takeBack(),
    steps: [],
  });
  const within = map.getContainer();
  const step = (keys, words, run, on = isOn) => keyboard.add({ keys, title: words, run, isOn: on, within });
  step([" "], t("画范围时：取地图中心为角点"), corner);
  step(["Backspace"], t("画范围时：撤回一点"), () => sketch.takeBack());
  step(["Enter"], t("画范围时：闭合"), () => sketch.finish(), () => isOn() && sketch.isComplete);
  step(["O"], t("画范围时：以地图中心画圆"), circle, () => isOn() && !sketch.corners.length);
  keyboard.lets({ layer: "drawing", isOpen: () => isOn() && sketch.corners.length > 0, close: () => sketch.clear() });
  modes.addEventListener("change", show);
  map.on("click", ({ latlng }) => isOn() && sketch.add(latlng));
  map.on("dblclick", () => isOn() && sketch.finishTwice());
  return { show, sketch };
}

function act(words, key, run) {
  const made = element("button", { type: "button", className: "button small" }, words, " ", element("kbd", { textContent: key }));
  made.addEventListener("click", run);
  return made;
}

/** The field of a radius, and the circle round a place it tells. */
export function radiusField(radius_m) {
  return element("label", {}, t("半径（米）"), element("input", { name: "radius", type: "number", min: "5", max: "20000", step: "any", value: String(radius_m), required: true }));
}

export { circleAround };
