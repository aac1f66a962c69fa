// The border in hand: nodes dragged or moved by keys, put in, taken out; zones that share a node move together.
import { debounce } from "../core/debounce.js";
import { joined } from "../topology/coverage.js";
import { NotPossible, insert, move, movedShapes, remove, removeRing } from "../topology/operations.js";
import { distance_m, isClosed, isSame, shapeCrossing } from "../topology/plane.js";
import { t } from "../words.js";

export const REST_MS = 700; // moves by keys are one gesture until the hand rests
export const NEAR_PX = 1;
export const FAR_PX = 10;
export const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Reshaping {
  map;
  work;
  canvas;
  pointer;
  modes;
  tell;

  constructor({ map, work, canvas, pointer, modes, tell, detachButton }) {
    Object.assign(this, { map, work, canvas, pointer, modes, tell });
    this.drag = null;
    this.nudge = null;
    this.detachButton = detachButton;
    detachButton.addEventListener("click", () => {
      detachButton.ariaPressed = String(detachButton.ariaPressed !== "true");
    });
    this.restNudge = debounce(() => this.endNudge(), REST_MS);
    map.on("mousedown", (event) => this.press(event));
    map.on("mousemove", (event) => this.follow(event));
    document.addEventListener("mouseup", () => this.release());
    map.on("contextmenu", (event) => this.takeOut(event));
  }

  get isInHand() {
    return this.modes.active === "reshape";
  }

  tool(button) {
    const isOn = (run) => () => this.isInHand && run();
    const arrows = Object.keys(ARROWS);
    return {
      ...{ id: "reshape", title: t("改边界"), key: "E", button },
      start: () => this.begin(),
      stop: () => this.end(),
      steps: [
        { keys: ["]"], title: t("下一个顶点"), run: isOn(() => this.step(1)) },
        { keys: ["["], title: t("上一个顶点"), run: isOn(() => this.step(-1)) },
        { keys: [...arrows, ...arrows.map((key) => `Shift+${key}`)], title: t("移动所选顶点（按住 Shift 每次 10 像素）"), run: (event) => this.push(event) },
        { keys: ["Enter"], title: t("在所选顶点之后加一个顶点"), run: isOn(() => this.putIn()) },
        { keys: ["Delete"], title: t("删除所选顶点"), run: isOn(() => this.removeVertex()) },
      ],
    };
  }

  begin() {
    this.map.keyboard.disable();
    focusMap(this.map);
    this.work.store.change({ showsNodes: true });
  }

  end() {
    this.restNudge.now();
    this.drop();
    this.map.keyboard.enable();
    this.work.store.change({ showsNodes: false, vertex: null });
    this.canvas.show({ target: null });
  }

  // Dragging

  press({ latlng, originalEvent }) {
    const { selected, busy } = this.work.values;
    if (!this.isInHand || originalEvent.button || busy || !this.work.mayEdit) return;
    this.restNudge.now();
    const handle = this.pointer.handleAt(latlng, selected);
    if (!handle) return;
    this.map.dragging.disable();
    const base = this.work.values.coverage;
    const begun = handle.kind === "vertex" ? { topology: base, change: { before: [], after: [] } } : insert(base, handle.edge[0], handle.edge[1], handle.at);
    const only = this.detaches(originalEvent) ? selected.find((id) => handle.zones.includes(id)) : null;
    this.drag = { from: handle.at, to: handle.at, begun, only, target: null, isNew: handle.kind !== "vertex" };
    this.work.store.change({ vertex: handle.at });
  }

  detaches(event) {
    return event.altKey || this.detachButton.ariaPressed === "true";
  }

  follow({ latlng }) {
    if (!this.isInHand) return;
    if (!this.drag) return void this.hover(latlng);
    const { drag } = this;
    const { at, target } = this.pointer.meant(latlng, { but: (node) => isSame(node, drag.from) });
    Object.assign(drag, { to: at, target });
    this.preview(drag);
  }

  hover(latlng) {
    const target = this.pointer.handleAt(latlng, this.work.values.selected);
    if ((target ?? null) !== this.canvas.target) this.canvas.show({ target });
    this.map.getContainer().classList.toggle("on-handle", Boolean(target));
  }

  preview({ begun, from, to, only }) {
    try {
      const shapes = movedShapes(begun.topology, from, to, { only });
      const broken = [...shapes.values()].map(shapeCrossing).find(Boolean) ?? null;
      if (this.drag) this.drag.broken = broken;
      this.canvas.show({ preview: shapes, sketch: broken ? { line: [broken], broken } : null });
      this.work.store.change({ vertex: to });
      this.dispatchArea(shapes);
    } catch (trouble) {
      if (!(trouble instanceof NotPossible)) throw trouble;
      if (this.drag) this.drag.broken = to;
    }
  }

  dispatchArea(shapes) {
    this.work.dispatchEvent(new CustomEvent("previewed", { detail: shapes }));
  }

  drop() {
    this.drag = null;
    this.map.dragging.enable();
    this.canvas.show({ preview: null, sketch: null });
    this.dispatchArea(null);
  }

  release() {
    const { drag } = this;
    if (!drag) return;
    this.drop();
    if (isSame(drag.from, drag.to) && !drag.isNew) return;
    if (drag.broken) {
      this.work.store.change({ vertex: drag.isNew ? null : drag.from });
      return void this.tell(t("这样移动会使边界自相交，已放回原处。"));
    }
    this.commit(t("移动顶点"), drag);
  }

  // A node dropped on another's edge becomes a node of that edge too.
  commit(title, { begun, from, to, only, target }) {
    this.attempt(() => {
      const changes = [begun.change];
      let { topology } = begun;
      if (target?.kind === "edge" && target.edge && topology.usersOfEdge(target.edge[0], target.edge[1]).length) {
        const put = insert(topology, target.edge[0], target.edge[1], to);
        changes.push(put.change);
        topology = put.topology;
      }
      if (!isSame(from, to)) changes.push(move(topology, from, to, { only }).change);
      this.hand(title, joined(changes));
      this.work.store.change({ vertex: to });
    });
  }

  hand(title, change) {
    this.work.do(title, { op: "update", changes: this.work.handed(change) }, change);
  }

  attempt(run) {
    try {
      run();
    } catch (trouble) {
      if (!(trouble instanceof NotPossible)) throw trouble;
      this.tell(whyNot(trouble));
    }
  }

  takeOut({ latlng, originalEvent }) {
    if (!this.isInHand) return;
    originalEvent.preventDefault();
    const handle = this.pointer.handleAt(latlng, this.work.values.selected);
    if (handle?.kind !== "vertex") return;
    this.work.store.change({ vertex: handle.at });
    this.removeVertex();
  }

  // Keys and the list of nodes

  // The nodes of the first chosen zone, ring after ring.
  get nodes() {
    const { coverage, selected } = this.work.values;
    return selected.length ? coverage.shape(selected[0]).flatMap((polygon) => polygon.flatMap((ring) => (isClosed(ring) ? ring.slice(0, -1) : ring))) : [];
  }

  get place() {
    const { vertex } = this.work.values;
    return vertex ? this.nodes.findIndex((node) => isSame(node, vertex)) : -1;
  }

  step(by) {
    this.restNudge.now();
    const { nodes, place } = this;
    if (nodes.length) this.go(nodes[(place + by + nodes.length + (place < 0 && by < 0 ? 1 : 0)) % nodes.length]);
  }

  go(vertex) {
    this.pointer.bring(vertex);
    this.work.store.change({ vertex, showsNodes: true });
  }

  push({ key, shiftKey, altKey }) {
    const { vertex, busy } = this.work.values;
    const arrow = ARROWS[key];
    if (!vertex || busy || !this.work.mayEdit) return;
    const pixels = shiftKey ? FAR_PX : NEAR_PX;
    const here = this.map.latLngToContainerPoint([vertex[1], vertex[0]]).add([arrow[0] * pixels, arrow[1] * pixels]);
    const { lng, lat } = this.map.containerPointToLatLng(here);
    const { coverage, selected } = this.work.values;
    const only = this.detaches({ altKey }) ? selected[0] : null;
    this.nudge ??= { from: vertex, only, begun: { topology: coverage, change: { before: [], after: [] } } };
    this.nudge.to = [lng, lat];
    this.preview(this.nudge);
    this.pointer.bring(this.nudge.to);
    this.restNudge();
  }

  endNudge() {
    const { nudge } = this;
    if (!nudge) return;
    this.nudge = null;
    this.canvas.show({ preview: null, sketch: null });
    this.dispatchArea(null);
    this.moveTo(nudge.from, nudge.to, nudge.only);
  }

  // To a place typed or reached by keys.
  moveTo(from, to, only = null) {
    this.attempt(() => {
      const { change } = move(this.work.values.coverage, from, to, { only });
      if (change.after.some(([, shape]) => shapeCrossing(shape))) {
        this.work.store.change({ vertex: from });
        return void this.tell(t("这样移动会使边界自相交，已放回原处。"));
      }
      this.hand(t("移动顶点"), change);
      this.work.store.change({ vertex: to });
    });
  }

  putIn() {
    this.restNudge.now();
    const { vertex, coverage, selected } = this.work.values;
    if (!vertex || !this.work.mayEdit) return;
    const ring = coverage.shape(selected[0]).flat().find((one) => one.some((node) => isSame(node, vertex)));
    const place = ring?.findIndex((node) => isSame(node, vertex));
    const next = ring?.[place + 1] ?? ring?.[place - 1]; // after the end of a line there is nothing, so before it
    if (!next || distance_m(vertex, next) < 0.02) return;
    const at = [(vertex[0] + next[0]) / 2, (vertex[1] + next[1]) / 2];
    this.attempt(() => {
      this.hand(t("加顶点"), insert(coverage, vertex, next, at).change);
      this.go(at);
    });
  }

  // The part, or the hole, on whose border the node in hand lies.
  removeRing() {
    this.restNudge.now();
    const { vertex, coverage, selected, busy } = this.work.values;
    if (!vertex || !selected.length || !this.work.mayEdit || busy) return;
    this.attempt(() => {
      this.hand(t("去掉一块"), removeRing(coverage, selected[0], vertex).change);
      this.work.store.change({ vertex: null });
    });
  }

  removeVertex() {
    this.restNudge.now();
    const { nodes, place } = this;
    const { vertex, coverage } = this.work.values;
    if (!vertex || !this.work.mayEdit || this.work.values.busy) return;
    this.attempt(() => {
      const { change } = remove(coverage, vertex);
      if (change.after.some(([, shape]) => shapeCrossing(shape))) return void this.tell(t("删去这个顶点会使边界自相交。"));
      this.hand(t("删除顶点"), change);
      const left = nodes.filter((node) => !isSame(node, vertex));
      this.go(left[Math.max(0, place) % left.length]);
    });
  }
}

// The keys of a tool work where the focus is on the map: a button that took it in hand gives the focus on.
export function focusMap(map) {
  if (document.activeElement?.closest(".tool-row")) map.getContainer().focus({ preventScroll: true });
}

// Why a gesture is not possible, as people are told.
export function whyNot({ why }) {
  return {
    few: () => t("顶点太少：区至少留三个，线至少留两个；要整块删除请用“删除”。"),
    missing: () => t("这个顶点已经不在了，请重新选择。"),
    elsewhere: () => t("起点和终点要落在所选区的边界上。"),
    several: () => t("这段边界与几个区相接，请分段改线。"),
    apart: () => t("只能合并有公共边界的区。"),
    uncrossed: () => t("这条线没有把区切成两块：两端要画到边界以外。"),
    outside: () => t("要完全画在所选区之内。"),
    crossing: () => t("画的线自相交。"),
    joined: () => t("新的一块要与所选区分开；相连的地方请改边界。"),
    only: () => t("这是所选区唯一的一块；要整块删除请用“删除”。"),
  }[why]();
}
