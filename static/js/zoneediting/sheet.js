// A sheet of canvas over the map: painted anew when the map has moved or something on it has changed, once a frame.

const SUBTLE = 0.35; // of the map's size to each side, so that a moved map is not bare

export const Sheet = L.Renderer.extend({
  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, { padding: SUBTLE, ...options });
    this.paint = paint;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.ariaHidden = "true";
    this._container.style.pointerEvents = "none";
    this.context = this._container.getContext("2d");
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
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    const dense = Math.min(2, window.devicePixelRatio || 1);
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, min);
    const [wide, high] = [Math.round(size.x * dense), Math.round(size.y * dense)];
    if (canvas.width !== wide || canvas.height !== high) {
      [canvas.width, canvas.height] = [wide, high];
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    this.dense = dense;
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
    const { context, dense } = this;
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, size.x, size.y);
    const origin = this._map.getPixelOrigin();
    this.paint(context, { view: new View(this._map.getZoom(), origin.x + min.x, origin.y + min.y), size });
  },
});

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

  path(shape) {
    const path = new Path2D();
    for (const polygon of shape) for (const ring of polygon) this.trace(path, ring);
    return path;
  }
}
