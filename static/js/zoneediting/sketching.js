// A line drawn point by point: a new zone, a hole, a cut, a new course of a border. Drawn to what is near, along borders if wished.
import { keyboard } from "../core/keyboard.js";
import { isSame, keyOf, selfCrossing } from "../topology/plane.js";
import { trace } from "../topology/tracing.js";
import { t } from "../words.js";
import { focusMap } from "./reshaping.js";

const SLACK_PX = 4;

export class Sketching extends EventTarget {
  map;
  work;
  canvas;
  pointer;
  modes;
  tell;

  constructor({ map, work, canvas, pointer, modes, tell, traceButton }) {
    super();
    Object.assign(this, { map, work, canvas, pointer, modes, tell });
    this.purpose = null;
    this.clear();
    this.traceButton = traceButton;
    traceButton.ariaPressed = "false";
    traceButton.addEventListener("click", () => {
      traceButton.ariaPressed = String(traceButton.ariaPressed !== "true");
    });
    let pressed = null;
    map.on("mousedown", ({ containerPoint }) => {
      pressed = containerPoint;
    });
    map.on("click", (event) => {
      if (this.purpose && (!pressed || pressed.distanceTo(event.containerPoint) <= SLACK_PX)) this.put(event.latlng);
    });
    map.on("mousemove", ({ latlng }) => this.purpose && this.follow(latlng));
    map.on("dblclick", () => this.purpose && this.finish());
    keyboard.lets({ layer: "drawing", isOpen: () => this.steps.length > 0, close: () => this.clear() });
  }

  // purpose: {id, title, key, button, closes(), take(line)}
  tool({ closes = () => false, take, ...told }) {
    return {
      ...told,
      cursor: "cross",
      start: () => this.begin({ closes: closes(), take }),
      stop: () => this.end(),
      undo: () => this.takeBack(),
      steps: [
        { keys: ["Enter"], title: t("绘制时完成图形"), run: () => this.finish() },
        { keys: [" "], title: t("绘制时在地图中心加一点"), run: () => this.put(this.map.getCenter()) },
        { keys: ["Backspace"], title: t("绘制时撤销一点"), run: () => this.takeBack() },
      ],
    };
  }

  begin(purpose) {
    this.purpose = purpose;
    this.map.doubleClickZoom.disable();
    focusMap(this.map);
    this.clear();
  }

  end() {
    this.purpose = null;
    this.map.doubleClickZoom.enable();
    this.clear();
    this.canvas.show({ sketch: null, target: null });
  }

  clear() {
    this.steps = []; // each what one click added: along a border that may be many points
    this.cursor = null;
    this.show();
  }

  get line() {
    return this.steps.flat();
  }

  // Where on the line the pointer is back: what was drawn or traced beyond it goes again.
  placeOf(at) {
    const place = this.traceButton.ariaPressed === "true" ? this.line.findIndex((point) => isSame(point, at)) : -1;
    return place === this.line.length - 1 || (this.purpose.closes && place === 0) ? -1 : place;
  }

  untrace(place) {
    let left = place + 1;
    this.steps = this.steps.map((step) => {
      const kept = step.slice(0, Math.max(0, left));
      left -= step.length;
      return kept;
    });
    this.steps = this.steps.filter((step) => step.length);
    this.show();
  }

  takeBack() {
    if (!this.steps.length) return false;
    this.steps.pop();
    this.show();
    return true;
  }

  // The points one more click would add: along the border where both ends lie on it.
  reaching(at) {
    const last = this.steps.at(-1)?.at(-1);
    if (!last || this.traceButton.ariaPressed !== "true") return [at];
    const { coverage } = this.work.values;
    const way = coverage.usersOf(last).length && coverage.usersOf(at).length ? trace(coverage, last, at) : null;
    return way ? way.slice(1) : [at];
  }

  put(latlng) {
    const { at } = this.pointer.meant(latlng);
    this.add(at);
  }

  add(at) {
    const { line } = this;
    if (line.length && isSame(line.at(-1), at)) return;
    if (this.purpose.closes && line.length > 2 && isSame(line[0], at)) return void this.finish();
    const place = this.placeOf(at);
    if (place >= 0) return void this.untrace(place);
    this.steps.push(this.reaching(at));
    this.show();
  }

  follow(latlng) {
    this.cursor = this.pointer.meant(latlng).at;
    this.show();
  }

  show() {
    const { line, cursor, purpose } = this;
    const back = cursor && line.length && purpose ? this.placeOf(cursor) : -1;
    const next = cursor && line.length && purpose && back < 0 ? this.reaching(cursor) : [];
    const whole = back < 0 ? [...line, ...next] : line.slice(0, back + 1);
    const broken = purpose && whole.length > 3 ? selfCrossing(whole, false) : null;
    this.canvas.show({ sketch: purpose && line.length ? { line: whole, cursor: null, closes: purpose.closes, broken } : null });
    this.dispatchEvent(new Event("change"));
  }

  // All points at once, as they were typed; along borders from one to the next where that is switched on.
  takeTyped(points) {
    this.steps = [];
    for (const at of points) if (!this.steps.length || !isSame(this.line.at(-1), at)) this.steps.push(this.reaching(at));
    this.finish();
  }

  finish() {
    const line = this.line.filter((point, i, all) => !i || keyOf(point) !== keyOf(all[i - 1]));
    const { purpose } = this;
    if (!purpose || line.length < (purpose.closes ? 3 : 2)) return;
    const ring = purpose.closes ? [...line, line[0]] : line;
    if (selfCrossing(ring, purpose.closes)) return void this.tell(t("画的线自相交。"));
    this.clear();
    purpose.take(ring);
  }
}
