// How the draft stands to the authorities whose ground it changes: what may come in force, what is only proposed, and why.
import { codeName } from "../codes.js";
import { change, read } from "../core/api.js";
import { debounce } from "../core/debounce.js";
import { element, t } from "../words.js";

const PATH = "/api/zones/drafts/{number}/standing";
const SETTLE_MS = 400;

export class Standing {
  place;
  ground;
  work;
  tell;
  reading;
  layersKnown;

  constructor({ place, ground, work, tell }) {
    Object.assign(this, { place, ground, work, tell });
    this.form = place.querySelector("form");
    this.form.addEventListener("submit", (event) => this.save(event));
    const panel = place.closest("[data-panel]");
    const soon = debounce(() => panel.hidden || this.refresh(), SETTLE_MS);
    panel.addEventListener("shown", () => this.refresh());
    work.addEventListener("answered", soon);
    work.store.watch(["theme"], () => this.showGround());
  }

  get path() {
    return { number: this.work.service.number };
  }

  async refresh() {
    const asked = (this.asked = {});
    try {
      const told = await read(PATH, { path: this.path });
      await this.layers();
      if (asked === this.asked) this.show(told);
    } catch (trouble) {
      this.complain(trouble);
    }
  }

  async layers() {
    this.reading ??= read("/api/zones/layers", { query: { limit: 1000 } });
    this.layersKnown = (await this.reading).items;
    return this.layersKnown;
  }

  show({ standing, documents, themes }) {
    this.place.hidden = !themes.length;
    this.place.querySelector(".standing-themes").replaceChildren(...themes.map((theme) => themeLine(theme)));
    const bound = themes.filter(({ ground }) => ground !== "local");
    this.form.hidden = !bound.length;
    this.place.querySelector(".standing-kind").hidden = !bound.some(({ ground }) => ground === "census");
    for (const radio of this.form.elements.standing) radio.checked = radio.value === standing;
    const offered = this.layersKnown.filter((layer) => bound.some((theme) => isOf(layer, theme))).flatMap((layer) => layer.documents);
    const once = [...new Map(offered.map((one) => [one.id, one])).values()];
    const boxes = once.map((one) => documentBox(one, documents.includes(one.id)));
    this.form.querySelector(".standing-documents div").replaceChildren(...(boxes.length ? boxes : [element("p", { className: "quiet", textContent: t("还没有登记文件。") })]));
  }

  // Beside the theme: whose ground it is.
  async showGround() {
    const { theme } = this.work.values;
    const known = await this.layers().catch(() => []);
    const layer = theme && known.find((one) => isOf(one, theme));
    if (!layer) return;
    const [newest] = layer.documents;
    const told = newest ? [newest.authority, newest.number, newest.announced_on].filter(Boolean).join(" · ") : layer.ground === "local" ? "" : t("没有登记划定或批复文件");
    this.ground.textContent = [codeName("ground_kind", layer.ground), told].filter(Boolean).join(t("："));
  }

  async save(event) {
    event.preventDefault();
    const { elements } = this.form;
    const named = [...this.form.querySelectorAll("[name=document]:checked")].map(({ value }) => Number(value));
    try {
      await this.work.flush();
      const { value } = await change(PATH, { path: this.path, etag: this.work.values.etag }, { standing: elements.standing.value, documents: named });
      this.complain();
      this.show(value);
      await this.work.refresh();
      this.tell(t("依据已保存。"));
    } catch (trouble) {
      this.complain(trouble);
    }
  }

  complain(trouble) {
    const told = this.place.querySelector(".trouble");
    told.hidden = !trouble;
    told.textContent = trouble?.message ?? "";
  }
}

const isOf = (one, other) => one.hazard === other.hazard && one.product === other.product;

function themeLine({ hazard_name, product, name, in_force, why, documents, loosened }) {
  const badge = element("span", { className: in_force ? "badge" : "badge is-prohibited", textContent: name });
  const papers = documents.map(({ document, objection }) => element("p", { className: "quiet", textContent: objection ? t("{number}：{objection}", { number: document.number, objection }) : document.number }));
  const zones = loosened.length ? element("p", { className: "quiet", textContent: t("变轻或不再划入的区：{zones}", { zones: loosened.map(({ zone }) => zone).join(t("、")) }) }) : "";
  return element("li", {}, element("b", { textContent: `${hazard_name} · ${codeName("product", product)}` }), " ", badge, why && element("p", { textContent: why }), ...papers, zones);
}

function documentBox({ id, number, title, authority, announced_on, edition }, isNamed) {
  const box = element("input", { type: "checkbox", name: "document", value: String(id), checked: isNamed });
  const used = edition ? t("（已用于第 {edition} 版）", { edition }) : "";
  const by = element("small", { className: "quiet", textContent: [authority, announced_on ?? t("没有公告日期")].join(" · ") });
  return element("label", { className: "check" }, box, element("span", {}, `${number} ${title}${used}`, by));
}
