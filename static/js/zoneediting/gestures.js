// What the tools hand in: a new zone, a hole, a cut, a border's new course; and what needs no tool: merge, delete, undo, redo.
import { openDialog } from "../core/dialog.js";
import { keyboard } from "../core/keyboard.js";
import { simplify, smooth } from "../topology/borders.js";
import { NotPossible, addHole, addPart, discard, reshape } from "../topology/operations.js";
import { shapeCrossing } from "../topology/plane.js";
import { element, t } from "../words.js";
import { fillGrades } from "./attributes.js";
import { whyNot } from "./reshaping.js";

export class Gestures {
  work;
  tell;
  legend;
  modes;
  tolerance_m = 1;

  constructor({ work, tell, legend, modes, sketching, reshaping, moving, toolbar, board }) {
    Object.assign(this, { work, tell, legend, modes });
    const button = (name) => toolbar.querySelector(`[data-tool=${name}]`);
    modes.add(reshaping.tool(button("reshape")));
    modes.add(moving.tool(button("move")));
    const tools = [
      { id: "draw", title: t("新增区"), key: "N", closes: () => !this.work.values.theme.isOfLines, take: (line) => this.draw(line) },
      { id: "split", title: t("用线切分"), key: "S", take: (line) => this.split(line) },
      { id: "course", title: t("整段改线"), key: "B", take: (line) => this.course(line) },
      { id: "hole", title: t("挖洞"), key: "H", closes: () => true, take: (ring) => this.hole(ring) },
      { id: "part", title: t("加一块"), key: "P", closes: () => true, take: (ring) => this.part(ring) },
    ];
    this.ofGround = ["split", "course", "hole", "part"].map(button);
    for (const tool of tools) modes.add(sketching.tool({ ...tool, button: button(tool.id) }));
    this.acts = Object.fromEntries(["merge", "simplify", "smooth", "delete", "undo", "redo"].map((name) => [name, toolbar.querySelector(`[data-act=${name}]`)]));
    for (const [name, one] of Object.entries(this.acts)) one.addEventListener("click", () => this[name]());
    const content = document.getElementById("content");
    const within = { contains: (place) => place === document.body || content.contains(place) };
    keyboard.add({ keys: ["Ctrl+Z"], title: t("撤销"), run: () => this.undo(), within });
    keyboard.add({ keys: ["Ctrl+Y", "Ctrl+Shift+Z"], title: t("重做"), run: () => this.redo(), within });
    keyboard.add({ keys: ["M"], title: t("合并所选区"), run: () => this.merge(), within: board });
    keyboard.add({ keys: ["L"], title: t("简化共用边界"), run: () => this.simplify(), within: board });
    keyboard.add({ keys: ["O"], title: t("光滑共用边界"), run: () => this.smooth(), within: board });
    work.store.watch(["draft", "selected", "busy", "theme"], () => this.show());
    modes.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    const { draft, selected, busy } = this.work.values;
    const mayEdit = this.work.mayEdit && !busy;
    const isOfGround = !this.work.values.theme?.isOfLines;
    this.acts.merge.disabled = !mayEdit || !isOfGround || selected.length < 2;
    this.acts.delete.disabled = !mayEdit || !selected.length;
    for (const act of ["simplify", "smooth"]) this.acts[act].disabled = !mayEdit || !isOfGround || !selected.length;
    for (const button of this.ofGround) button.disabled = !isOfGround;
    for (const [act, words] of Object.entries({ undo: t("撤销"), redo: t("重做") })) {
      const name = draft?.[act] ?? null;
      this.acts[act].disabled = !mayEdit || !name;
      this.acts[act].title = this.acts[act].ariaLabel = name ? t("{step}：{name}", { step: words, name }) : words;
    }
  }

  undo() {
    if (this.modes.undo()) return;
    if (this.work.values.draft?.undo) this.work.do(t("撤销"), { op: "undo" });
  }

  redo() {
    if (this.modes.redo()) return;
    if (this.work.values.draft?.redo) this.work.do(t("重做"), { op: "redo" });
  }

  split(line) {
    if (this.work.values.theme.isOfLines) return this.tell(t("这件工具只用于成面的区。"));
    const { selected, coverage } = this.work.values;
    const zones = selected.length ? selected : this.crossed(line);
    if (!zones.length) return this.tell(t("这条线没有经过任何区。"));
    this.modes.stop();
    const target = zones.length === 1 ? { zone: zones[0] } : { zones };
    return coverage && this.work.do(t("用线切分"), { op: "split", ...target, line: { type: "LineString", coordinates: line } });
  }

  // Zones whose box the line meets; the service says which it leads through.
  crossed(line) {
    const [lons, lats] = [line.map(([lon]) => lon), line.map(([, lat]) => lat)];
    return this.work.values.coverage.meeting([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]);
  }

  merge() {
    const { selected } = this.work.values;
    if (this.acts.merge.disabled && selected.length > 1) return null;
    if (selected.length < 2) return this.tell(t("先选择两个以上相邻的区（按住 Shift 单击，或在列表中勾选）。"));
    this.modes.stop();
    return this.work.do(t("合并"), { op: "merge", zones: selected });
  }

  delete() {
    const { selected, coverage } = this.work.values;
    if (!selected.length) return;
    this.modes.stop();
    if (selected.length > 1) this.work.do(t("删除"), { op: "delete", zones: selected });
    else this.work.do(t("删除"), { op: "delete", zone: selected[0] }, coverage.zones.has(selected[0]) ? discard(coverage, selected[0]).change : null);
  }

  draw(line) {
    const { theme } = this.work.values;
    const [label, grade] = this.choice(theme);
    const name = element("input", { id: "new-name", maxLength: 200 });
    const close = element("button", { type: "button", className: "button", textContent: t("取消") });
    const form = element(
      "form",
      { className: "step-form" },
      ...(grade ? [element("label", { htmlFor: "new-grade", textContent: label }), grade] : []),
      element("label", { htmlFor: "new-name", textContent: t("名称（可不填）") }),
      name,
      element("div", { className: "row" }, close, element("button", { type: "submit", className: "button primary", textContent: t("新增") })),
    );
    const dialog = openDialog({ title: t("新增区"), parts: [form] });
    close.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close();
      const told = theme.isOfLines ? { fault_age: grade.value || null } : grade ? { grade_rank: Number(grade.value), grade_scheme: theme.scheme } : {};
      const attributes = { hazard: theme.hazard, product: theme.product, ...told, ...(name.value.trim() ? { name: name.value.trim() } : {}) };
      const geometry = theme.isOfLines ? { type: "LineString", coordinates: line } : { type: "Polygon", coordinates: [line] };
      this.work.do(t("新增区"), { op: "create", geometry, attributes });
    });
  }

  // What a new zone says of itself: of a line its age, of ground its grade; ground that has none says nothing.
  choice({ isOfLines, scheme }) {
    if (isOfLines) return [t("断层活动时代"), ageChoice()];
    if (!scheme) return [];
    const grade = element("select", { id: "new-grade", required: true });
    fillGrades(grade, this.legend, scheme);
    grade.prepend(element("option", { value: "", textContent: t("请选择") }));
    grade.value = "";
    return [t("等级"), grade];
  }

  course(line) {
    this.ofOne((id, coverage) => {
      const { change } = reshape(coverage, id, line);
      if (change.after.some(([, shape]) => shapeCrossing(shape))) return this.tell(t("这样改线会使边界自相交。"));
      return this.update(t("整段改线"), change);
    });
  }

  hole(ring) {
    this.ofOne((id, coverage) => this.update(t("挖洞"), addHole(coverage, id, ring).change));
  }

  part(ring) {
    this.ofOne((id, coverage) => this.update(t("加一块"), addPart(coverage, id, ring).change));
  }

  // Borders that the chosen zones share with others, for both sides alike.
  along(title, edit) {
    const { selected, coverage } = this.work.values;
    if (!selected.length || this.work.isLine(selected[0])) return this.tell(t("先选择一个区。"));
    this.modes.stop();
    try {
      const { change } = edit(coverage, selected);
      if (!change.after.length) return this.tell(t("所选区的共用边界上没有可改的顶点。"));
      return this.update(title, change);
    } catch (trouble) {
      if (!(trouble instanceof NotPossible)) throw trouble;
      return this.tell(t("这样会使边界自相交或合拢；请减小容差，或逐点改边界。"));
    }
  }

  smooth() {
    this.along(t("光滑边界"), smooth);
  }

  simplify() {
    if (!this.work.values.selected.length || this.acts.simplify.disabled) return;
    const metres = element("input", { id: "tolerance", type: "number", min: "0.1", max: "500", step: "0.1", value: String(this.tolerance_m), required: true });
    const close = element("button", { type: "button", className: "button", textContent: t("取消") });
    const form = element(
      "form",
      { className: "step-form" },
      element("p", { className: "quiet", textContent: t("只简化与别的区共用的边界，两侧一起变；离新边界不超过容差的顶点去掉。") }),
      element("label", { htmlFor: "tolerance", textContent: t("容差（米）") }),
      metres,
      element("div", { className: "row" }, close, element("button", { type: "submit", className: "button primary", textContent: t("简化") })),
    );
    const dialog = openDialog({ title: t("简化共用边界"), parts: [form] });
    close.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tolerance_m = Number(metres.value);
      dialog.close();
      this.along(t("简化边界"), (coverage, ids) => simplify(coverage, ids, this.tolerance_m));
    });
  }

  ofOne(run) {
    const { selected, coverage } = this.work.values;
    if (selected.length !== 1) return this.tell(t("先选择一个区。"));
    if (this.work.isLine(selected[0])) return this.tell(t("这件工具只用于成面的区。"));
    try {
      return run(selected[0], coverage);
    } catch (trouble) {
      if (!(trouble instanceof NotPossible)) throw trouble;
      return this.tell(whyNot(trouble));
    }
  }

  update(title, change) {
    this.work.do(title, { op: "update", changes: this.work.handed(change) }, change);
  }
}

// The ages of faults, as the form of attributes offers them.
function ageChoice() {
  const known = /** @type {HTMLSelectElement} */ (document.getElementById("zone-age"));
  return element("select", { id: "new-grade" }, ...[...known.options].map((one) => one.cloneNode(true)));
}
