// Parts of the site with a class of their own: a row each, kept in the draft, read by the service, shown on the map.
import { Problem, send } from "./core/api.js";
import { debounce } from "./core/debounce.js";
import { writeFootprint } from "./footprint.js";
import { sentenceOf } from "./understood.js";
import { t } from "./words.js";

const PAUSE_MS = 350; // of typing, before a text is read
const MOST = 20;
const DECLARED = ["seismic_class", "building_type"]; // what is said of a building, where it is
const EMPTY = { name: "", project_class: "", coordinates: "", seismic_class: "", building_type: "" };
const CALLED = {
  name: "修改分区名称",
  project_class: "选择分区的项目类别",
  coordinates: "修改分区坐标",
  seismic_class: "修改分区的抗震设防类别",
  building_type: "修改分区的建筑类型",
};

export class SiteParts {
  place;
  draft;
  site;
  tools;
  answers; // of the service, by what was asked

  constructor({ place, draft, site, tools }) {
    Object.assign(this, { place, draft, site, tools, answers: new Map() });
    this.rows = place.querySelector("ol");
    this.plus = place.querySelector("[data-part-add]");
    this.plus.addEventListener("click", () => this.add());
    this.rows.addEventListener("input", ({ target }) => this.typed(target));
    this.rows.addEventListener("change", ({ target }) => {
      this.typed(target);
      draft.history.seal();
    });
    this.readSoon = debounce(() => this.read(), PAUSE_MS);
    draft.store.watch(["parts", "crs", "order"], () => this.show());
    this.show();
  }

  get declared() {
    return this.draft.values.parts;
  }

  change(called, parts, joined) {
    this.draft.history.do(called, { parts }, joined);
  }

  add() {
    this.change("添加分区", [...this.declared, EMPTY]);
    this.rows.lastElementChild.querySelector("[data-part=name]").focus();
  }

  remove(row) {
    const number = this.numberOf(row);
    this.change("删除分区", this.declared.filter((_, place) => place !== number));
    (this.rows.children[Math.min(number, this.rows.children.length - 1)]?.querySelector("[data-part=name]") ?? this.plus).focus();
  }

  typed(target) {
    const field = target.dataset?.part;
    if (!field) return;
    const number = this.numberOf(target.closest("li"));
    this.write(number, field, target.value, { join: `part ${number} ${field}` });
  }

  write(number, field, value, joined) {
    if ((this.declared[number][field] ?? "") === value) return;
    const changes = { [field]: value };
    if (field === "project_class" && !this.draft.fits(this.declared[number].building_type, value)) changes.building_type = "";
    const parts = this.declared.map((part, place) => (place === number ? { ...part, ...changes } : part));
    this.change(CALLED[field], parts, joined);
  }

  numberOf(row) {
    return [...this.rows.children].indexOf(row);
  }

  // The rows as the draft has them: what a person is writing in stays as it is.
  show() {
    const parts = this.declared;
    while (this.rows.children.length > parts.length) this.rows.lastElementChild.remove();
    while (this.rows.children.length < parts.length) this.rows.append(this.made());
    parts.forEach((part, number) => {
      const row = this.rows.children[number];
      offerTypes(row, part.project_class);
      for (const field of row.querySelectorAll("[data-part]")) {
        const value = part[field.dataset.part] ?? "";
        if (field.value !== value) field.value = value;
      }
    });
    if (parts.length) this.place.open = true;
    this.plus.disabled = parts.length >= MOST;
    this.showRead();
    this.readSoon();
  }

  made() {
    const row = this.place.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-part-remove]").addEventListener("click", () => this.remove(row));
    row.querySelector("[data-part-draw]").addEventListener("click", () =>
      this.tools.drawInto((geometry) => this.write(this.numberOf(row), "coordinates", writeFootprint(geometry), {})),
    );
    return row;
  }

  // What is asked of the service for a text: the same text is asked once.
  question({ coordinates }) {
    const { crs, order } = this.draft.values;
    return JSON.stringify({ text: coordinates, crs: crs || null, order: order || null, shape: "Polygon" });
  }

  async read() {
    const asked = this.declared.filter(({ coordinates }) => coordinates.trim()).map((part) => this.question(part));
    await Promise.all(asked.map((question) => this.ask(question)));
    this.showRead();
  }

  async ask(question) {
    if (this.answers.has(question)) return;
    try {
      this.answers.set(question, await send("/api/siting/outline", JSON.parse(question)));
    } catch (trouble) {
      if (!(trouble instanceof Problem)) return; // not reached: asked again when the site is judged
      this.answers.set(question, { geometry: null, problems: [{ message: trouble.message }], alternatives: [] });
    }
  }

  // Under each row how it was read or what is wrong, and on the map what was read.
  showRead() {
    const read = this.declared.map((part) => ({ ...part, told: this.answers.get(this.question(part)) }));
    read.forEach(({ told, coordinates }, number) => {
      const said = this.rows.children[number].querySelector("[data-part-told]");
      said.textContent = coordinates.trim() && told ? wordsOf(told) : "";
      said.classList.toggle("field-trouble", Boolean(told && !told.geometry));
    });
    const drawn = read.filter(({ told }) => told?.geometry).map(({ name, told }) => ({ name, geometry: told.geometry }));
    this.site.showParts(drawn);
  }

  // The parts as they are asked for, with what is missing: {parts, troubles}.
  async asked() {
    this.readSoon.cancel();
    await this.read();
    const troubles = [];
    const parts = this.declared.map(({ name, project_class, coordinates, ...said }, place) => {
      const told = coordinates.trim() ? this.answers.get(this.question({ coordinates })) : null;
      const missing = missingOf({ name, project_class, told, coordinates });
      if (missing) troubles.push({ field: "parts", message: t("第 {n} 个分区：{what}", { n: place + 1, what: missing }) });
      const declared = Object.fromEntries(DECLARED.flatMap((field) => (said[field] ? [[field, said[field]]] : [])));
      return { name: name.trim(), project_class, ...declared, geometry: told?.geometry };
    });
    return { parts, troubles };
  }
}

// Which buildings a class may be depends on the class: others are neither offered nor sent.
function offerTypes(row, project_class) {
  const select = row.querySelector("[data-part=building_type]");
  const kinds = [...select.options].filter((option) => option.value);
  for (const kind of kinds) kind.hidden = kind.disabled = kind.dataset.class !== project_class;
  select.closest("label").hidden = kinds.every((kind) => kind.disabled);
}

// The rows with the parts of a place taken over, each by its name, and whether any of them is not there: {parts, isLeft}.
export function movedParts(rows, moved) {
  const there = new Map(moved.map(({ name, geometry }) => [name, writeFootprint(geometry)]));
  const parts = rows.map((row) => ({ ...row, coordinates: there.get(row.name.trim()) ?? row.coordinates }));
  return { parts, isLeft: rows.some((row) => !there.has(row.name.trim())) };
}

function missingOf({ name, project_class, told, coordinates }) {
  if (!name.trim()) return t("请填写名称。");
  if (!project_class) return t("请选择项目类别。");
  if (!coordinates.trim()) return t("请绘制或粘贴范围。");
  return told?.geometry ? "" : told ? wordsOf(told) : t("坐标还没有读懂，请按提示改正。");
}

function wordsOf({ geometry, understood, problems, alternatives }) {
  if (geometry) return understood ? sentenceOf(understood) : "";
  if (alternatives.length) return t("坐标有几种读法；请在下面指定坐标系和坐标顺序。");
  return problems.map(({ text, values, message }) => (text ? t(text, values) : message)).join(t("；"));
}
