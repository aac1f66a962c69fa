// Leaflet-Geoman, drawing and editing on the map: the only file that touches it, and the only one that knows its insides.

const SHAPES = { polygon: "Polygon", rectangle: "Rectangle", line: "Line", point: "CircleMarker" };
const CORNERED = { polygon: 3, line: 2 }; // drawn corner by corner, finished from so many on
const SNAP_PX = 12;
const HANDLES = 40; // vertex handles shown at once

// What a layer says that may be edited; all others are left alone.
export const EDITABLE = { pmIgnore: false };

export class Geoman {
  map;
  look;
  onStep;

  // look: how what is being drawn looks; onDrawn(geometry), onStep() after every corner, onEnd() when drawing has ended.
  constructor(map, { look, onDrawn, onStep, onEnd }) {
    Object.assign(this, { map, look, onStep, shape: null, taken: [], editing: [] });
    L.PM.setOptIn(true);
    map.pm.setGlobalOptions({ snappable: true, snapDistance: SNAP_PX, continueDrawing: false, tooltips: false });
    map.pm.setPathOptions(look);
    map.on("pm:create", ({ layer }) => {
      const { geometry } = layer.toGeoJSON(9);
      layer.remove();
      onDrawn(geometry);
    });
    map.on("pm:drawend", () => {
      this.shape = null;
      onEnd();
    });
    map.on("pm:drawstart", ({ workingLayer }) => {
      workingLayer.on("pm:vertexadded", () => this.stepped());
      workingLayer.on("pm:vertexremoved", () => onStep());
    });
  }

  begin(shape) {
    this.shape = shape;
    this.taken = [];
    this.map.pm.enableDraw(SHAPES[shape], {
      templineStyle: this.look,
      hintlineStyle: { ...this.look, dashArray: "5 5" },
      allowSelfIntersection: true,
      finishOn: shape === "line" ? "dblclick" : null,
    });
  }

  end() {
    this.map.pm.disableDraw();
  }

  get drawn() {
    return this.shape && this.map.pm.Draw[SHAPES[this.shape]];
  }

  get corners() {
    return this.shape in CORNERED ? (this.drawn._layer?.getLatLngs?.().flat() ?? []) : [];
  }

  get canFinish() {
    return this.shape in CORNERED && this.corners.length >= CORNERED[this.shape];
  }

  finish() {
    if (this.canFinish) this.drawn._finishShape();
  }

  // Takes back the last corner; false where there is none.
  takeBack() {
    const last = this.corners.at(-1);
    if (!last) return false;
    this.taken.push(last);
    this.drawn._removeLastVertex();
    this.onStep();
    return true;
  }

  // Puts the corner there again that was taken back last.
  putBack() {
    const corner = this.shape && this.taken.pop();
    if (!corner) return false;
    const others = this.taken;
    this.drawn._hintMarker._snapped = false;
    this.drawn._createVertex({ latlng: corner });
    this.taken = others;
    return true;
  }

  // A new corner ends what could be put back.
  stepped() {
    this.taken = [];
    this.onStep();
  }

  edit(layers, onEdit) {
    this.leave();
    this.editing = layers;
    for (const layer of layers) {
      layer.pm.enable({ limitMarkersToCount: HANDLES, snapDistance: SNAP_PX, allowSelfIntersection: true });
      layer.on("pm:edit", onEdit);
    }
  }

  // Ends editing; every change has been told already.
  leave() {
    for (const layer of this.editing) {
      layer.off("pm:edit");
      layer.pm.disable();
    }
    this.editing = [];
  }
}
