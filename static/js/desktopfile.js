// A draft taken to desktop software and handed back: compared first, taken back as one edit once somebody says so.
import { upload } from "./core/api.js";
import { element, t } from "./words.js";

const MOST_TOLD = 50;

export class DesktopFile {
  place;
  number;
  taken;

  constructor({ place, number, taken }) {
    Object.assign(this, { place, number, taken });
    this.form = place.querySelector(".desktop-in");
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.hand(false);
    });
    this.form?.addEventListener("input", () => this.offer(false));
    this.form?.querySelector("[data-act=apply]").addEventListener("click", () => this.hand(true));
  }

  // The theme that is compared is the one that leaves, and the mark of the draft as it was read.
  follow({ hazard, product, etag }) {
    this.etag = etag;
    for (const [name, value] of Object.entries({ hazard, product })) Object.assign(this.place.querySelector(`[name=${name}]`), { value, disabled: false });
  }

  offer(shown) {
    this.form.querySelector("[data-act=apply]").hidden = !shown;
  }

  async hand(apply) {
    const { elements } = this.form;
    const body = new FormData();
    body.append("file", elements.file.files[0]);
    body.append("unreturned", elements.keep.checked ? "keep" : "delete");
    if (apply) body.append("apply", "true");
    this.say(t("正在读取…"));
    try {
      const told = await upload("/api/zones/drafts/{number}/file", body, { path: { number: this.number }, etag: this.etag });
      this.show(told);
      if (told.applied) await this.taken();
    } catch (trouble) {
      this.say(trouble.message);
      this.list([]);
      this.offer(false);
    }
  }

  show({ counts, problems, applied }) {
    const some = counts.create + counts.update + counts.delete > 0;
    const words = t("文件与草稿相比：不变 {unchanged} 个，新增 {create} 个，修改 {update} 个，删除 {delete} 个", counts);
    this.say(applied ? t("已读回，成为草稿的一次修改。") : problems.length ? t("有 {n} 处问题，改正后才能读回。", { n: problems.length }) : words);
    this.list(problems);
    this.offer(some && !problems.length && !applied);
  }

  list(problems) {
    const lines = problems.slice(0, MOST_TOLD).map(({ feature, zone, problem }) => {
      const where = zone ? t("{zone} 号区", { zone }) : feature == null ? "" : t("第 {n} 个图斑", { n: feature + 1 });
      return element("li", { textContent: [where, problem].filter(Boolean).join(" · ") });
    });
    this.form.querySelector("ol").replaceChildren(...lines);
  }

  say(words) {
    this.form.querySelector(".desktop-told").textContent = words;
  }
}
