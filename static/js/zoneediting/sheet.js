// A sheet of canvas over the map: painted anew when the map has moved or something on it has changed, once a frame.

const SUBTLE = 0.35; // of the map's size to each side, so that a moved map is not bare

const STEP = 128; // pixels: a canvas that has to grow grows by so much, and is kept while what is on it moves
const SPARE = 6; // times as large as needed: from there on it is made smaller

/**
 * @typedef {[number, number, number, number]} Box left, top, right, bottom in pixels of the sheet
 * Option `extent(view)` tells the box of all that will be painted, null of nothing: the canvas is no larger, for every pixel of it
 * is composed anew with each frame. Without it the canvas is as large as the sheet.
 */
export const Sheet = L.Renderer.extend({
  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, { padding: SUBTLE, ...options });
    this.paint = paint;
  },

  _initContainer() {
    this._container = document.createElement("div");
    Object.assign(this._container.style, { position: "absolute", zIndex: "100", pointerEvents: "none" });
    this.canvas = document.createElement("canvas");
    this.canvas.ariaHidden = "true";
    this.canvas.style.position = "absolute";
    this._container.append(this.canvas);
    this.context = this.canvas.getContext("2d");
  },

  _destroyContainer() {
    cancelAnimationFrame(this.waiting);
    this._container.remove();
    delete this.context;
  },

  // Leaflet tells every renderer of its paths' places; this one has none.
  _onZoomEnd() {},
  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this.room = null;
    this.draw();
  },

  // Before the next frame, whoever asks how often.
  redraw() {
    if (this.waiting || !this._map) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      if (this._map && this._bounds) this.draw();
    });
  },

  draw() {
    const view = this.viewFrom(0, 0);
    const box = this.options.extent ? this.options.extent(view) : [0, 0, Infinity, Infinity];
    const room = box && roomFor(box, this._bounds.getSize(), this.room);
    this.canvas.hidden = !room;
    if (!room) return;
    this.lay(room);
    const { context, dense } = this;
    const { left, top, wide, high } = room;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, wide, high);
    this.paint(context, { view: this.viewFrom(left, top), size: { x: wide, y: high } });
  },

  viewFrom(left, top) {
    const from = this._map.getPixelOrigin().add(this._bounds.min);
    return new View(this._map.getZoom(), from.x + left, from.y + top);
  },

  lay(room) {
    const dense = Math.min(2, window.devicePixelRatio || 1);
    if (this.room === room && this.dense === dense) return;
    Object.assign(this, { room, dense });
    const { left, top, wide, high } = room;
    Object.assign(this.canvas, { width: Math.round(wide * dense), height: Math.round(high * dense) });
    Object.assign(this.canvas.style, { left: `${left}px`, top: `${top}px`, width: `${wide}px`, height: `${high}px` });
  },
});

// The part of the sheet that holds the box; the one before where it does and is not much too large. Null where the box is beyond it.
function roomFor([x0, y0, x1, y1], size, before) {
  const [left, top] = [x0, y0].map((value) => Math.max(0, Math.floor(value / STEP) * STEP));
  const right = Math.min(size.x, Math.ceil(x1 / STEP) * STEP);
  const bottom = Math.min(size.y, Math.ceil(y1 / STEP) * STEP);
  if (right <= left || bottom <= top) return null;
  const room = { left, top, wide: right - left, high: bottom - top };
  const holds = before && before.left <= left && before.top <= top && before.left + before.wide >= right && before.top + before.high >= bottom;
  return holds && before.wide * before.high <= SPARE * room.wide * room.high ? before : room;
}

const RADIAN = Math.PI / 180;
const unitX = (lon) => (lon + 180) / 360;
const unitY = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * RADIAN) / 2)) / (2 * Math.PI);

// A ring never changes; where it lies on the whole map of the world is reckoned once.
const units = new WeakMap();

function unitsOf(ring) {
  let known = units.get(ring);
  if (!known) {
    known = new Float64Array(ring.length * 2);
    ring.forEach(([lon, lat], i) => {
      known[2 * i] = unitX(lon);
      known[2 * i + 1] = unitY(lat);
    });
    units.set(ring, known);
  }
  return known;
}

// Where things lie on the sheet, in its pixels.
export class View {
  left;
  top;

  constructor(zoom, left, top) {
    this.scale = 256 * 2 ** zoom;
    Object.assign(this, { left, top });
  }

  at([lon, lat]) {
    return [unitX(lon) * this.scale - this.left, unitY(lat) * this.scale - this.top];
  }

  // Adds a ring or a line to the path; whether it is closed is its own affair.
  trace(path, points) {
    const known = unitsOf(points);
    for (let i = 0; i < known.length; i += 2) {
      const [x, y] = [known[i] * this.scale - this.left, known[i + 1] * this.scale - this.top];
      i ? path.lineTo(x, y) : path.moveTo(x, y);
    }
  }

  // The box of points, so many pixels wider to every side; null of none.
  box(points, more = 0) {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const point of points) {
      const [x, y] = this.at(point);
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    }
    return x0 <= x1 ? [x0 - more, y0 - more, x1 + more, y1 + more] : null;
  }

  path(shape) {
    const path = new Path2D();
    for (const polygon of shape) for (const ring of polygon) this.trace(path, ring);
    return path;
  }
}
