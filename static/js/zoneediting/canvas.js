// The zones of a draft on the map: all of them on one sheet, and on another what moves, what is chosen, what is drawn.
import { boxOf, isClosed } from "../topology/plane.js";
import { Inks } from "./inks.js";
import { Sheet } from "./sheet.js";

const MOST_NODES = 900; // marked in sight: beyond that they would hide the border they stand on
const STROKE = 1.1;
const MARK_PX = 12; // how far marks reach beyond what they mark
const WORDS_PX = 260; // and the words beside a target
const CHANGED = [5, 3];

export class ZoneCanvas {
  work;
  legend;

  constructor({ map, work, legend }) {
    Object.assign(this, { map, work });
    this.inks = new Inks(legend);
    this.preview = null; // shapes by zone, in place of their own
    this.sketch = null; // {line, cursor, closes, broken}
    this.target = null; // what the pointer is drawn to
    this.hidden = new Set();
    this.below = new Sheet((context, sight) => this.paintZones(context, sight), { pane: "tiles" }).addTo(map);
    this.above = new Sheet((context, sight) => this.paintHand(context, sight), { pane: "over", extent: (view) => this.extent(view) }).addTo(map);
    work.store.watch(["coverage", "facts"], () => this.redraw());
    work.store.watch(["selected", "vertex", "showsNodes"], () => this.above.redraw());
    new MutationObserver(() => this.redraw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  redraw() {
    this.below.redraw();
    this.above.redraw();
  }

  // While something is dragged the zones it touches are drawn by the upper sheet alone.
  show({ preview = this.preview, sketch = this.sketch, target = this.target }) {
    const hidden = preview ? [...preview.keys()] : [];
    const isOther = hidden.length !== this.hidden.size || hidden.some((id) => !this.hidden.has(id));
    this.hidden = new Set(hidden);
    Object.assign(this, { preview, sketch, target });
    if (isOther) this.below.redraw();
    this.above.redraw();
  }

  paintZones(context, { view, size }) {
    const { coverage } = this.work.values;
    const seen = boxSeen(view, size);
    for (const [id, shape] of coverage.zones) if (!this.hidden.has(id) && touches(shape, seen)) this.paint(context, view, id, shape);
  }

  paintLine(context, view, { hazard, change }, shape) {
    const path = view.path(shape);
    context.lineWidth = change ? 4 : 3;
    context.setLineDash(change ? CHANGED : []);
    context.strokeStyle = this.inks.legend.hazard(hazard).colour;
    context.stroke(path);
    context.setLineDash([]);
  }

  paint(context, view, id, shape) {
    const facts = this.work.fact(id);
    if (this.work.isLine(id)) return void this.paintLine(context, view, facts, shape);
    const ink = this.inks.of(facts);
    const path = view.path(shape);
    context.fillStyle = this.inks.fill(context, ink, this.below.dense);
    context.fill(path, "evenodd");
    context.lineWidth = facts.change ? 2 : STROKE;
    context.setLineDash(facts.change ? CHANGED : []);
    context.strokeStyle = document.documentElement.dataset.theme === "dark" ? ink.colour : ink.ink;
    context.stroke(path);
    context.setLineDash([]);
  }

  // All that the hand has moved, chosen or drawn.
  extent(view) {
    const { sketch, target } = this;
    const shapes = [...(this.preview?.values() ?? []), ...this.work.values.selected.map((id) => this.work.values.coverage.shape(id))];
    const corners = shapes.map((shape) => shape && boxKept(shape)).filter(Boolean).flatMap(([west, south, east, north]) => [[west, south], [east, north]]);
    const drawn = [...(sketch?.line ?? []), ...[sketch?.cursor, sketch?.broken, target?.at].filter(Boolean)];
    return view.box([...corners, ...drawn], target ? WORDS_PX : MARK_PX);
  }

  paintHand(context, { view, size }) {
    const { coverage, selected, vertex } = this.work.values;
    for (const [id, shape] of this.preview ?? []) if (shape) this.paint(context, view, id, shape);
    const tokens = getComputedStyle(document.documentElement);
    const look = { accent: tokens.getPropertyValue("--accent"), paper: tokens.getPropertyValue("--paper"), bad: tokens.getPropertyValue("--major") };
    for (const id of selected) {
      const shape = this.preview?.get(id) ?? coverage.shape(id);
      context.lineWidth = 3;
      context.strokeStyle = look.accent;
      context.stroke(view.path(shape));
      if (this.work.values.showsNodes && coverage.zones.has(id)) paintNodes(context, view, { shape, size, look, vertex });
    }
    if (this.sketch) paintSketch(context, view, this.sketch, look);
    if (this.target) paintTarget(context, view, this.target, look);
  }
}

function paintNodes(context, view, { shape, size, look, vertex }) {
  const seen = [];
  for (const ring of shape.flat())
    for (let i = isClosed(ring) ? 1 : 0; i < ring.length; i++) {
      const at = view.at(ring[i]);
      if (at[0] > 0 && at[1] > 0 && at[0] < size.x && at[1] < size.y) seen.push({ at, here: ring[i] });
    }
  if (seen.length > MOST_NODES) return;
  context.lineWidth = 1.6;
  context.strokeStyle = look.accent;
  for (const { at, here } of seen) {
    const isHere = vertex && here[0] === vertex[0] && here[1] === vertex[1];
    dot(context, at, isHere ? 6.5 : 4, isHere ? look.accent : look.paper);
    context.stroke();
  }
}

function dot(context, [x, y], radius, fill) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
}

function paintSketch(context, view, { line, cursor, closes, broken }, look) {
  const points = cursor ? [...line, cursor] : line;
  const path = new Path2D();
  view.trace(path, points);
  context.lineWidth = 2.4;
  context.strokeStyle = broken ? look.bad : look.accent;
  context.stroke(path);
  if (closes && points.length > 2) {
    context.setLineDash([4, 4]);
    const back = new Path2D();
    view.trace(back, [points[points.length - 1], points[0]]);
    context.stroke(back);
    context.setLineDash([]);
  }
  for (const point of line) {
    dot(context, view.at(point), 4, look.paper);
    context.stroke();
  }
  if (broken) {
    dot(context, view.at(broken), 9, "transparent");
    context.stroke();
  }
}

function paintTarget(context, view, { at, kind, distance_m, words: called = "" }, look) {
  const [x, y] = view.at(at);
  context.lineWidth = 2;
  context.strokeStyle = look.accent;
  context.beginPath();
  if (kind === "vertex") context.rect(x - 7, y - 7, 14, 14);
  else if (kind === "edge") context.arc(x, y, 7, 0, 2 * Math.PI);
  else context.stroke(new Path2D(`M${x - 7} ${y - 7}l14 14M${x - 7} ${y + 7}l14-14`));
  context.stroke();
  const words = `${called} ${distance_m < 10 ? distance_m.toFixed(1) : Math.round(distance_m)} m`.trim();
  context.font = "600 12px sans-serif";
  context.lineWidth = 3.5;
  context.strokeStyle = look.paper;
  context.strokeText(words, x + 11, y - 8);
  context.fillStyle = look.accent;
  context.fillText(words, x + 11, y - 8);
}

const boxes = new WeakMap();

// A shape never changes: its box is reckoned once.
function boxKept(shape) {
  if (!boxes.has(shape)) boxes.set(shape, boxOf(shape));
  return boxes.get(shape);
}

function boxSeen({ scale, left, top }, size) {
  return [left / scale, top / scale, (left + size.x) / scale, (top + size.y) / scale];
}

function touches(shape, seen) {
  const [west, north, east, south] = seen;
  const box = boxKept(shape);
  if (!box) return false;
  const units = (lon, lat) => [(lon + 180) / 360, 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)];
  const [[x0, y1], [x1, y0]] = [units(box[0], box[1]), units(box[2], box[3])];
  return x0 <= east && x1 >= west && y0 <= south && y1 >= north;
}
