// One drawing for many strata, a group each in their order, and markers that lie flat on the map. A drawing of its own
// for every stratum, and every label lifted off the page, would be a layer more to put together with each frame.

const SVG_NAMES = "http://www.w3.org/2000/svg";

export const Strata = L.SVG.extend({
  options: { strata: [], padding: 0.4 },

  _initContainer() {
    L.SVG.prototype._initContainer.call(this);
    this.groups = new Map();
    for (const name of this.options.strata) {
      const group = document.createElementNS(SVG_NAMES, "g");
      group.setAttribute("class", `stratum-${name}`);
      this._rootGroup.append(group);
      this.groups.set(name, group);
    }
  },

  _addPath(layer) {
    if (!this._rootGroup) this._initContainer();
    (this.groups.get(layer.options.stratum) || this._rootGroup).append(layer._path);
    layer.addInteractiveTarget(layer._path);
  },
});

// Leaflet moves things in three dimensions, which lifts each of them off the page.
export function layFlat(thing, at = thing._leaflet_pos) {
  thing._leaflet_pos = at;
  thing.style.transform = `translate(${at.x}px, ${at.y}px)`;
}

export const FlatMarker = L.Marker.extend({
  _setPos(at) {
    layFlat(this._icon, at);
    this._zIndex = at.y + this.options.zIndexOffset;
    this._resetZIndex();
  },
});

export function marker(at, options) {
  return new FlatMarker(at, options);
}

// Where something lies that has no sign of its own on the map.
export function placeMark(at, options = {}) {
  const icon = L.divIcon({ className: "place-mark", html: "<span></span>", iconSize: [0, 0] });
  return marker(at, { icon, pane: "objects", interactive: false, keyboard: false, ...options });
}
