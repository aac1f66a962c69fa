// The tools of the outline on the map: area, rectangle, line, point, and its vertices; steps back and forward; delete.
import { keyboard } from "./core/keyboard.js";
import { Geoman } from "./geoman.js";
import { t } from "./words.js";

const LOOK = { className: "site-line", weight: 2.4, fillOpacity: 0.08 };
const LETTERS = { polygon: "P", rectangle: "R", line: "L", point: "D" };
const DRAWN = Object.keys(LETTERS);
const HINTS = {
  polygon: "逐点单击；点回第一个点或按“完成”闭合。靠近已有边界会自动吸附。",
  rectangle: "单击一角，再单击对角。",
  line: "逐点单击；双击或按“完成”结束。",
  point: "在图上单击一处。",
  edit: "拖动顶点；拖动边的中点加顶点；右键单击顶点删除。",
};

export class Drawing {
  toolbar;
  modes;
  draft;
  site;
  outline;

  constructor({ map, modes, toolbar, draft, outline, site }) {
    Object.assign(this, { map, modes, toolbar, draft, outline, site });
    this.into = null;
    this.hint = toolbar.querySelector("#draw-hint");
    this.geoman = new Geoman(map, {
      look: LOOK,
      onDrawn: (geometry) => (this.into ? this.into(geometry) : outline.write(geometry, "drawn")),
      onStep: () => this.refresh(),
      onEnd: () => {
        this.into = null;
        if (DRAWN.includes(modes.active)) modes.stop();
      },
    });
    for (const shape of DRAWN) if (this.button(shape)) this.addShape(shape);
    modes.add({
      ...{ id: "edit", title: t("编辑顶点"), key: "E", button: this.button("edit") },
      start: () => this.edit(),
      stop: () => this.geoman.leave(),
    });
    const acts = { done: () => this.geoman.finish(), undo: () => this.geoman.takeBack(), remove: () => this.remove() };
    for (const [act, run] of Object.entries({ ...acts, back: () => this.back(), again: () => this.again() }))
      this.button(act).addEventListener("click", run);
    this.addKeys();
    map.getContainer().addEventListener("pointerdown", () => draft.history.seal(), true); // another gesture begins
    modes.addEventListener("change", () => this.refresh());
    draft.history.addEventListener("change", () => this.refresh());
    draft.store.watch(["reading"], () => this.refresh());
    this.refresh();
  }

  button(name) {
    return this.toolbar.querySelector(`[data-draw=${name}], [data-act=${name}]`);
  }

  addShape(shape) {
    const button = this.button(shape);
    const finish = { keys: ["Enter"], title: t("绘制时完成图形"), run: () => this.geoman.finish() };
    this.modes.add({
      ...{ id: shape, title: button.textContent.trim(), key: LETTERS[shape], button, cursor: "cross" },
      start: () => this.geoman.begin(shape),
      stop: () => this.geoman.end(),
      undo: () => this.geoman.takeBack(),
      redo: () => this.geoman.putBack(),
      steps: shape === "polygon" || shape === "line" ? [finish] : [],
    });
  }

  // They work in the form as well: what is typed there is taken back by the same steps.
  addKeys() {
    const content = document.getElementById("content");
    const within = { contains: (place) => place === document.body || content.contains(place) };
    keyboard.add({ keys: ["Ctrl+Z"], title: t("撤销"), run: () => this.back(), within });
    keyboard.add({ keys: ["Ctrl+Y", "Ctrl+Shift+Z"], title: t("重做"), run: () => this.again(), within });
  }

  back() {
    if (!this.modes.undo()) this.draft.history.undo();
  }

  again() {
    if (!this.modes.redo()) this.draft.history.redo();
  }

  edit() {
    this.geoman.edit(this.site.editable(), () => {
      const geometry = this.site.geometry();
      this.site.standing = geometry;
      this.outline.write(geometry, "edited");
    });
  }

  // The outline was drawn anew, by a step back for instance: its vertices are those of the new drawing.
  redrawn() {
    if (this.modes.active !== "edit") return;
    if (this.site.editable().length) this.edit();
    else this.modes.stop();
  }

  // An area is drawn for somebody else than the outline, once: write(geometry) is told of it.
  drawInto(write) {
    this.modes.stop();
    this.modes.start("polygon");
    this.into = write;
    this.modes.board.scrollIntoView({ block: "nearest" });
    this.modes.board.focus({ preventScroll: true });
  }

  remove() {
    this.modes.stop();
    this.outline.clear();
  }

  refresh() {
    const { active } = this.modes;
    const drawing = DRAWN.includes(active);
    const shown = { done: this.geoman.canFinish, undo: this.geoman.corners.length > 0, edit: !drawing, remove: !drawing };
    for (const [act, isShown] of Object.entries(shown)) this.button(act).hidden = !isShown;
    for (const act of ["edit", "remove"]) this.button(act).disabled = !this.outline.geometry;
    const { last, next } = this.draft.history;
    this.tellStep(this.button("back"), t("撤销"), last);
    this.tellStep(this.button("again"), t("重做"), next);
    this.hint.textContent = t(HINTS[active] || "");
  }

  tellStep(button, words, command) {
    button.disabled = !command && !this.modes.isBusy;
    button.title = command ? t("{step}：{name}", { step: words, name: t(command.name) }) : words;
  }
}
