// Drawing and editing the outline on the map with geoman: area, rectangle, line, point; vertices, snapping, undo, delete.
import { t } from "./words.js";

const SHAPES = { polygon: "Polygon", rectangle: "Rectangle", line: "Line", point: "CircleMarker" };
const LOOK = { className: "site-line", weight: 2.4, fillOpacity: 0.08 };
const HANDLES = 40; // vertex handles shown at once

export class Drawing {
  constructor({ map, toolbar, outline, site }) {
    Object.assign(this, { map, toolbar, outline, site, shape: null });
    this.hint = toolbar.querySelector("#draw-hint");
    map.pm.setGlobalOptions({ snappable: true, snapDistance: 12, continueDrawing: false, tooltips: false });
    map.pm.setPathOptions(LOOK);
    toolbar.addEventListener("click", ({ target }) => this.press(target.closest("button")));
    map.on("pm:create", ({ layer }) => this.finish(layer));
    map.on("pm:drawend", () => this.refresh(null));
    map.on("pm:drawstart", ({ workingLayer }) => {
      workingLayer.on("pm:vertexadded pm:vertexremoved", () => this.refresh(this.shape));
    });
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.shape && this.stop());
    outline.addEventListener("change", () => this.refresh(this.shape));
    this.refresh(null);
  }

  press(button) {
    if (!button) return;
    const { draw, act } = button.dataset;
    if (draw) this.shape === draw ? this.stop() : this.start(draw);
    else this[act]?.();
  }

  start(shape) {
    this.keep();
    this.map.pm.disableDraw();
    this.map.pm.enableDraw(SHAPES[shape], {
      templineStyle: LOOK,
      hintlineStyle: { ...LOOK, dashArray: "5 5" },
      allowSelfIntersection: true,
      finishOn: shape === "line" ? "dblclick" : null,
    });
    this.refresh(shape);
  }

  stop() {
    this.map.pm.disableDraw();
    this.refresh(null);
  }

  finish(layer) {
    const { geometry } = layer.toGeoJSON(9);
    layer.remove();
    this.outline.write(geometry, "drawn");
  }

  done() {
    this.map.pm.Draw[SHAPES[this.shape]]._finishShape();
  }

  undo() {
    this.map.pm.Draw[SHAPES[this.shape]]._removeLastVertex();
    this.refresh(this.shape);
  }

  edit() {
    if (this.editing) return this.keep();
    this.stop();
    this.editing = this.site.editable();
    for (const layer of this.editing) {
      layer.pm.enable({ limitMarkersToCount: HANDLES, snapDistance: 12, allowSelfIntersection: true });
      layer.on("pm:edit", () => this.outline.write(this.site.geometry(), "edited"));
    }
    return this.refresh(null);
  }

  // Ends editing; every change has already gone to the outline.
  keep() {
    for (const layer of this.editing || []) {
      layer.off("pm:edit");
      layer.pm.disable();
    }
    this.editing = null;
    this.refresh(this.shape);
  }

  remove() {
    this.keep();
    this.outline.clear();
  }

  refresh(shape) {
    this.shape = shape;
    const corners = this.map.pm.Draw[SHAPES[shape] || "Polygon"]._layer?.getLatLngs?.().flat().length || 0;
    const canFinish = (shape === "polygon" && corners > 2) || (shape === "line" && corners > 1);
    const shown = { done: canFinish, undo: corners > 0 && ["polygon", "line"].includes(shape), edit: !shape, remove: !shape };
    for (const button of this.toolbar.querySelectorAll("[data-draw]"))
      button.ariaPressed = String(button.dataset.draw === shape);
    for (const button of this.toolbar.querySelectorAll("[data-act]")) {
      button.hidden = !shown[button.dataset.act];
      if (["edit", "remove"].includes(button.dataset.act)) button.disabled = !this.outline.geometry;
    }
    this.toolbar.querySelector("[data-act=edit]").ariaPressed = String(Boolean(this.editing));
    document.body.classList.toggle("drawing", Boolean(shape));
    this.hint.textContent = t(this.editing ? HINTS.edit : HINTS[shape] || "");
  }
}

const HINTS = {
  polygon: "逐点单击；点回第一个点或按“完成”闭合。靠近已有边界会自动吸附。",
  rectangle: "单击一角，再单击对角。",
  line: "逐点单击；双击或按“完成”结束。",
  point: "在图上单击一处。",
  edit: "拖动顶点；拖动边的中点加顶点；右键单击顶点删除。",
};
