// Whole zones moved: the chosen ones dragged together or pushed by keys. Borders between them stay shared, neighbours stay where they are.
import { debounce } from "../core/debounce.js";
import { shift, shiftedShapes } from "../topology/operations.js";
import { keyOf } from "../topology/plane.js";
import { t } from "../words.js";
import { ARROWS, FAR_PX, NEAR_PX, REST_MS, focusMap } from "./reshaping.js";

export class Moving {
  map;
  work;
  canvas;
  pointer;
  modes;

  constructor({ map, work, canvas, pointer, modes }) {
    Object.assign(this, { map, work, canvas, pointer, modes });
    this.drag = null; // {from, by, isOwn}
    this.pushed = null; // degrees
    this.rest = debounce(() => this.endPush(), REST_MS);
    map.on("mousedown", (event) => this.press(event));
    map.on("mousemove", (event) => this.follow(event));
    document.addEventListener("mouseup", () => this.release());
  }

  get isInHand() {
    return this.modes.active === "move";
  }

  get mayMove() {
    const { selected, busy, coverage } = this.work.values;
    return this.work.mayEdit && !busy && selected.length > 0 && selected.every((id) => coverage.zones.has(id));
  }

  tool(button) {
    const arrows = Object.keys(ARROWS);
    return {
      ...{ id: "move", title: t("搬移所选区"), key: "V", button },
      start: () => this.begin(),
      stop: () => this.end(),
      steps: [{ keys: [...arrows, ...arrows.map((key) => `Shift+${key}`)], title: t("搬移所选区（按住 Shift 每次 10 像素）"), run: (event) => this.push(event) }],
    };
  }

  begin() {
    this.map.keyboard.disable();
    focusMap(this.map);
  }

  end() {
    this.rest.now();
    this.drop();
    this.map.keyboard.enable();
  }

  // A node pressed is drawn to what is near; elsewhere in a zone the hand alone counts.
  press({ latlng, originalEvent }) {
    if (!this.isInHand || originalEvent.button || !this.mayMove) return;
    this.rest.now();
    const { selected, coverage } = this.work.values;
    const handle = this.pointer.handleAt(latlng, selected);
    const node = handle?.kind === "vertex" ? handle.at : null;
    if (!node && !selected.includes(this.pointer.zoneAt(latlng))) return;
    this.map.dragging.disable();
    const own = new Set(selected.flatMap((id) => coverage.shape(id)).flat(2).map(keyOf));
    this.drag = { from: node ?? [latlng.lng, latlng.lat], by: [0, 0], isOwn: (at) => own.has(keyOf(at)), snaps: Boolean(node) };
  }

  follow({ latlng }) {
    if (!this.drag) return;
    const { from, isOwn, snaps } = this.drag;
    const { at } = this.pointer.meant(latlng, { but: isOwn, free: !snaps });
    this.drag.by = [at[0] - from[0], at[1] - from[1]];
    this.preview(this.drag.by);
  }

  preview(by) {
    const shapes = shiftedShapes(this.work.values.coverage, this.work.values.selected, by);
    this.canvas.show({ preview: shapes });
    this.work.dispatchEvent(new CustomEvent("previewed", { detail: shapes }));
  }

  drop() {
    this.drag = null;
    this.map.dragging.enable();
    this.canvas.show({ preview: null, target: null });
    this.work.dispatchEvent(new CustomEvent("previewed", { detail: null }));
  }

  release() {
    if (!this.drag) return;
    const { by } = this.drag;
    this.drop();
    this.commit(by);
  }

  push({ key, shiftKey }) {
    if (!this.mayMove) return;
    const { coverage, selected } = this.work.values;
    const [lon, lat] = coverage.shape(selected[0])[0][0][0];
    const [right, down] = ARROWS[key].map((way) => way * (shiftKey ? FAR_PX : NEAR_PX));
    const by = this.pushed ?? [0, 0];
    const here = this.map.latLngToContainerPoint([lat + by[1], lon + by[0]]).add([right, down]);
    const there = this.map.containerPointToLatLng(here);
    this.pushed = [there.lng - lon, there.lat - lat];
    this.preview(this.pushed);
    this.rest();
  }

  endPush() {
    const by = this.pushed;
    if (!by) return;
    this.pushed = null;
    this.drop();
    this.commit(by);
  }

  commit(by) {
    if (!this.mayMove || (!by[0] && !by[1])) return;
    const { change } = shift(this.work.values.coverage, this.work.values.selected, by);
    this.work.do(t("搬移"), { op: "update", changes: this.work.handed(change) }, change);
  }
}
