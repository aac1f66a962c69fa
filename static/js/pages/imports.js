// The import page: a file is dropped or chosen, previewed, its repairs accepted or not, and what was seen is loaded.
import { codeName } from "../codes.js";
import { collection, Problem, read, send, upload } from "../core/api.js";
import { mountMap } from "../core/page.js";
import { Store } from "../core/store.js";
import { ImportMap } from "../importmap.js";
import { countsOf, problemsOf, repairsOf, tableOf } from "../importreport.js";
import { follow, unfinished } from "../jobs.js";
import { Newest } from "../newest.js";
import { onPage } from "../optionlabels.js";
import { remoteSources } from "../sources.js";
import { element, t } from "../words.js";

const PREVIEW = "preview";
const at = (id) => document.getElementById(id);

export function attach(map, { legend, titles, known }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    const imports = new Imports(page.map, titles, known);
    imports.listen();
    await page.ground();
    await imports.resume();
  });
}

class Imports {
  form = /** @type {any} */ (at("import-form"));
  newest = new Newest();
  // preview: what the service told; features: what is drawn of it; accepted: features whose repair is accepted.
  store = new Store({ preview: null, features: [], accepted: new Set() });

  titles;
  known;

  // titles: of columns; known: the rulebook's own words, by column.
  constructor(map, titles, known) {
    Object.assign(this, { titles, known });
    this.map = new ImportMap(map, (feature) => this.choose(feature));
    this.store.watch(["preview", "accepted"], () => this.tell());
  }

  listen() {
    const { form } = this;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.preview();
    });
    form.elements.layer.addEventListener("change", () => this.showFields());
    form.elements.extent.addEventListener("change", () => this.showFields());
    form.elements.file.addEventListener("change", () => this.take(form.elements.file.files));
    const drop = at("import-drop");
    for (const [name, over] of /** @type {[string, boolean][]} */ ([["dragover", true], ["dragleave", false], ["drop", false]]))
      drop.addEventListener(name, (/** @type {any} */ event) => {
        event.preventDefault();
        drop.classList.toggle("over-drop", over);
        if (name === "drop" && event.dataTransfer.files.length) {
          form.elements.file.files = event.dataTransfer.files;
          this.take(event.dataTransfer.files);
        }
      });
    this.showFields();
  }

  take(files) {
    at("import-name").textContent = files[0]?.name ?? "";
    this.forget();
  }

  // What was shown is no preview of a file that is chosen now.
  forget() {
    this.newest.ask();
    this.map.clear();
    this.store.change({ preview: null, features: [], accepted: new Set() });
    at("import-job").hidden = true;
  }

  showFields() {
    const layer = this.form.elements.layer.value;
    for (const part of /** @type {NodeListOf<HTMLFieldSetElement>} */ (this.form.querySelectorAll(".for-layer"))) {
      part.hidden = !part.dataset.for.split(" ").includes(layer);
      part.disabled = part.hidden;
    }
    const asked = this.form.elements.extent.value === "file";
    at("import-ground-field").hidden = !asked;
    this.form.elements.ground.disabled = !asked;
  }

  // Fields nobody filled are not sent.
  filled() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (!(value instanceof File ? value.size || value.name : value)) body.delete(name);
    return body;
  }

  async preview() {
    this.forget();
    const current = this.newest.ask();
    this.trouble("");
    if (!this.form.elements.file.files.length) return this.trouble(t("请先选择文件"));
    try {
      await this.watch(await upload("/api/imports", this.filled()), current);
    } catch (problem) {
      if (current()) this.trouble(problem.message);
    }
  }

  // A preview ordered before the page was left, or the one the address names.
  async resume() {
    const current = this.newest.ask();
    const named = Number(new URL(location.href).searchParams.get(PREVIEW));
    const running = await unfinished("preview import");
    if (!current()) return;
    if (running) await this.watch(running, current);
    else if (named) await this.show(named, current).catch((problem) => current() && this.trouble(problem.message));
  }

  async watch(ordered, current) {
    const job = await follow(at("import-job"), ordered, current);
    if (current() && job.state === "done") await this.show(job.id, current);
  }

  async show(number, current) {
    const where = { path: { number } };
    const preview = await read("/api/imports/{number}", where);
    const features = preview.loaded_by ? [] : await collection("/api/imports/{number}/features", where);
    if (!current()) return;
    const address = new URL(location.href);
    address.searchParams.set(PREVIEW, String(number));
    history.replaceState(null, "", address);
    /** @type {HTMLDetailsElement} */ (at("import-request")).open = false;
    at("import-line").textContent = `${preview.file} · ${codeName("import_layer", preview.layer)}`;
    this.store.change({ preview, features, accepted: new Set() });
    this.map.show(features, preview.report.problems);
  }

  toggle(features, accept) {
    const accepted = new Set(this.store.values.accepted);
    for (const feature of features) accept ? accepted.add(feature) : accepted.delete(feature);
    this.store.change({ accepted });
  }

  zoom(feature, location) {
    this.map.zoomTo(feature, location);
    this.mark(feature);
  }

  choose(feature) {
    this.zoom(feature);
    at("import-table").querySelector(`[data-feature="${feature}"]`)?.scrollIntoView({ block: "nearest" });
  }

  mark(feature) {
    for (const row of at("import-table").querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
    at("import-table").querySelector(`[data-feature="${feature}"]`)?.setAttribute("aria-current", "true");
  }

  tell() {
    const { preview, features, accepted } = this.store.values;
    if (!preview) {
      at("import-preview").replaceChildren();
      at("import-table").replaceChildren();
      return;
    }
    const focused = document.activeElement?.id;
    const { report, repairs } = preview;
    const more = repairs.filter(({ feature, loads }) => loads && accepted.has(feature)).length;
    const zoom = (feature, location) => this.zoom(feature, location);
    const parts = [
      element("h2", { textContent: t("预览：还没有载入") }),
      countsOf(report, more),
      element("p", { className: "quiet", textContent: [report.format, report.encoding, report.crs].filter(Boolean).join(" · ") }),
      preview.loaded_by ? this.already(preview) : this.button(preview, report.features_loaded + more),
      repairsOf(repairs, accepted, { toggle: (some, accept) => this.toggle(some, accept), zoom }),
      problemsOf(report.problems, zoom),
    ];
    at("import-preview").replaceChildren(...parts.filter(Boolean));
    at("import-table").replaceChildren(...tableOf(preview.layer, this.rows(preview, features), { accepted, zoom, titles: this.titles, known: this.known }));
    if (focused) at(focused)?.focus();
  }

  rows({ refused, repairs, report }, features) {
    const shown = features.map(({ properties }) => properties).filter(({ state }) => state !== "before");
    const known = new Set(repairs.map(({ feature }) => feature));
    const others = refused.filter((feature) => !known.has(feature));
    const rows = [...shown, ...others.map((feature) => ({ feature, state: "refused", name: null, cells: {} }))];
    return rows.sort((one, other) => one.feature - other.feature).slice(0, report.features_read);
  }

  already({ loaded_by: job }) {
    return element("p", { className: "read-as", textContent: t("这份预览已由任务 {job} 载入。", { job }) });
  }

  button(preview, count) {
    const words = preview.layer === "zones" ? t("载入 {n} 个为草稿", { n: count }) : t("载入 {n} 个", { n: count });
    const load = element("button", { type: "button", id: "import-load", className: "button primary", textContent: words, disabled: !count });
    load.addEventListener("click", () => this.load(load));
    return element("div", { className: "actions" }, load);
  }

  async load(button) {
    const { preview, accepted } = this.store.values;
    const current = this.newest.ask();
    button.disabled = true;
    this.trouble("");
    try {
      const asked = { digest: preview.digest, repairs: [...accepted].sort((one, other) => one - other) };
      const ordered = await send("/api/imports/{number}/accept", asked, { path: { number: preview.id } });
      const job = await follow(at("import-job"), ordered, current);
      if (current() && job.state === "done") this.loaded(job.result.report);
      else if (current()) button.disabled = false;
    } catch (problem) {
      if (!current()) return;
      this.trouble(problem.message, problem instanceof Problem && problem.status === 412 && this.again());
      button.disabled = false;
    }
  }

  again() {
    const button = element("button", { type: "button", className: "button", textContent: t("重新预览") });
    button.addEventListener("click", () => this.preview());
    return button;
  }

  loaded(report) {
    const { features_loaded: loaded, features_refused: refused, repairs, draft } = report;
    const words = t("已载入 {loaded} 个，其中修复 {repaired} 个；拒收 {refused} 个。", { loaded, repaired: repairs.length, refused });
    const waits = draft && t("区划在草稿 {draft} 中，等待批准启用。", { draft });
    const { layer } = this.store.values.preview;
    const register = layer in { zones: 1, "hidden-dangers": 1 } ? null : element("a", { className: "button", href: `/registers/${layer}`, textContent: t("打开台账") });
    at("import-preview").replaceChildren(
      element("h2", { textContent: t("已载入") }),
      element("p", { className: "read-as", id: "import-loaded", textContent: [words, waits].filter(Boolean).join(" ") }),
      element("div", { className: "actions" }, register, element("a", { className: "button", href: "/deliveries", textContent: t("资料清单") })),
      problemsOf(report.problems, (feature, location) => this.zoom(feature, location)),
    );
  }

  trouble(words, more) {
    const place = at("import-trouble");
    place.hidden = !words;
    place.replaceChildren(onPage(words), ...(more ? [more] : []));
    if (words) /** @type {HTMLDetailsElement} */ (at("import-request")).open = true;
  }
}
