// A file as the outline: dropped or chosen, read by the import gate, one feature picked, repairs accepted by a person.
import { Problem, upload } from "./core/api.js";
import { onPage } from "./optionlabels.js";
import { asOutline } from "./outline.js";
import { areaWords, element, t } from "./words.js";

const CRS_ADVICE = /--crs (EPSG:\d+)/;

export class OutlineFile {
  place;
  round;
  draft;
  outline;
  form;

  constructor({ form, place, outline, draft }) {
    Object.assign(this, { form, place, outline, draft, round: 0 });
    form.file.addEventListener("change", () => {
      this.take(form.file.files[0]);
      form.file.value = "";
    });
    const drop = form.querySelector("#drop");
    for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]])
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("over-drop", over);
        if (name === "drop") this.take(event.dataTransfer.files[0]);
      });
    draft.store.watch(["reading"], ({ reading }) => reading.source !== "file" && this.place.replaceChildren());
  }

  // A new file takes the place of the former site, whatever becomes of it: until one outline stands, nothing is judged.
  take(file, more = {}) {
    if (!file) return;
    const round = ++this.round;
    this.draft.begin("读入文件", this.join);
    this.outline.reading = this.read(file, more, round);
  }

  async read(file, more, round) {
    const body = new FormData();
    body.append("file", file);
    for (const [name, value] of Object.entries(more)) body.append(name, value);
    this.place.replaceChildren(element("p", { className: "quiet", textContent: t("正在读取 {name}…", { name: file.name }) }));
    try {
      const answer = await upload("/api/siting/outline/file", body);
      if (round === this.round) this.show(answer, file, more);
    } catch (trouble) {
      if (round !== this.round) return;
      const message = trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message });
      const choice = trouble.layers?.length && this.choice("outline-layer", t("图层"), trouble.layers.map((one) => [one, one]), (layer) => this.take(file, { ...more, layer }));
      this.place.replaceChildren(...[element("p", { className: "field-trouble", textContent: onPage(message) }), choice].filter(Boolean));
    }
    this.place.scrollIntoView({ block: "center" });
  }

  show(answer, file, more) {
    const { features, total, report } = answer;
    const told = t("{name}：读入 {n} 个图形，未读入 {refused} 个", { name: file.name, n: total, refused: report.features_refused });
    const parts = [
      element("p", { className: "read-as" }, told, report.crs && element("small", { textContent: ` · ${report.crs}` })),
      ...report.problems.map((problem) => this.problem(problem, file, more)),
      !report.crs && this.asksForCrs(file, more),
      answer.repairs_offered.length && this.repairs(answer.repairs_offered, file, more),
      features.length > 1 && this.picks(features, total),
    ];
    if (features.length === 1) this.pick(features[0], { join: this.join, pause_ms: Infinity });
    this.place.replaceChildren(...parts.filter(Boolean));
  }

  problem({ problem, advice }, file, more) {
    const crs = CRS_ADVICE.exec(advice || "")?.[1];
    const button = crs && element("button", { type: "button", className: "button", textContent: t("核实无误，按 {crs} 读取", { crs }) });
    button?.addEventListener("click", () => this.take(file, { ...more, crs }));
    return element("p", { className: "field-trouble" }, onPage(problem), " ", button || null);
  }

  // A file that declares no coordinate system is read in the one a person names, never in one that was guessed.
  asksForCrs(file, more) {
    const known = [...this.form.crs.options].filter(({ value }) => value).map(({ value, textContent }) => [value, textContent]);
    return this.choice("outline-crs", t("坐标系"), known, (crs) => this.take(file, { ...more, crs }));
  }

  choice(id, title, known, onChoose) {
    const select = element("select", { id }, element("option", { value: "", textContent: t("请选择") }));
    select.append(...known.map(([value, textContent]) => element("option", { value, textContent })));
    const button = element("button", { type: "button", className: "button", textContent: t("按所选重新读取") });
    button.addEventListener("click", () => select.value && onChoose(select.value));
    return element("div", { className: "field" }, element("label", { htmlFor: id, textContent: title }), select, element("div", { className: "actions" }, button));
  }

  repairs(offered, file, more) {
    const after = offered.reduce((sum, repair) => sum + repair.area_after_m2, 0);
    const words = t("接受 {n} 处修复后读入（修复后共 {area}）", { n: offered.length, area: areaWords(after) });
    const button = element("button", { type: "button", className: "button", textContent: words });
    button.addEventListener("click", () => this.take(file, { ...more, accept_repairs: "true" }));
    return button;
  }

  picks(features, total) {
    const rows = features.map((feature) => {
      const input = element("input", { type: "radio", name: "pick", value: feature.feature });
      input.addEventListener("change", () => this.pick(feature));
      const name = feature.name || t("第 {n} 个图形", { n: feature.feature + 1 });
      return element("label", { className: "reading" }, input, name, feature.project_class && element("small", { textContent: feature.project_class }));
    });
    const more = total > features.length ? t("只列出前 {n} 个；整份文件请用批量筛查。", { n: features.length }) : null;
    return element(
      "fieldset",
      { className: "readings picks" },
      element("legend", { textContent: t("一次筛查一个，请选择：") }),
      rows,
      more && element("p", { className: "quiet", textContent: more }),
    );
  }

  // Of the first half of a command, a file taken, this is the other.
  get join() {
    return `file ${this.round}`;
  }

  pick(feature, joined) {
    this.draft.take("读入文件", asOutline(feature.geometry, "file"), feature, joined);
  }
}
