// The search box of every page: villages, groups, enterprises, road stakes by name, alias or initials; all candidates.
import { ask } from "./api.js";
import { element, t } from "./words.js";

const WAIT_MS = 160;
const KINDS = {
  village: "村",
  group: "村民小组",
  enterprise: "企业",
  facility: "设施",
  shelter: "避险场所",
  station: "应急站点",
  road: "道路",
  stake: "桩号",
  project: "项目",
  water: "水系",
  coordinates: "坐标",
};

export class Search {
  constructor(form) {
    this.input = form.querySelector("input");
    this.list = form.querySelector("[role=listbox]");
    this.note = form.querySelector("[role=status]");
    this.places = [];
    this.active = -1;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.places.length) this.choose(Math.max(this.active, 0));
      else this.look();
    });
    this.input.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.look(), WAIT_MS);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("focusout", ({ relatedTarget }) => form.contains(relatedTarget) || this.close());
    this.input.addEventListener("focus", () => this.places.length && this.show(this.places));
  }

  async look() {
    const words = this.input.value.trim();
    if (!words) return this.close([]);
    try {
      const answer = await ask(`/api/places?${new URLSearchParams({ q: words })}`);
      if (words === this.input.value.trim()) this.show(answer.items, answer.total);
    } catch (trouble) {
      this.close([]);
      this.note.textContent = trouble.status === 404 ? t("本部署没有地名库") : t("查找没有成功，请再试一次");
      this.note.hidden = false;
    }
    return null;
  }

  show(places, total = places.length) {
    this.places = places;
    this.active = -1;
    this.list.replaceChildren(...places.map((place, i) => this.option(place, i)));
    this.list.hidden = !places.length;
    if (total > places.length) this.list.append(element("li", { className: "quiet", role: "presentation", textContent: t("共 {n} 处，请输入更多文字", { n: total }) }));
    this.note.hidden = places.length > 0;
    this.note.textContent = places.length ? "" : t("没有叫这个名字的地方");
    this.input.setAttribute("aria-expanded", String(places.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  option(place, i) {
    const other = place.matched_text !== place.name ? place.matched_text : null;
    const beside = [place.village !== place.name ? place.village : null, place.detail, other];
    const option = element(
      "li",
      { role: "option", id: `place-${i}`, ariaSelected: "false" },
      element("span", { className: "words", textContent: place.name }),
      element("small", { textContent: beside.filter(Boolean).join(" · ") }),
      element("span", { className: "badge", textContent: kindWords(place.kind) }),
    );
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.choose(i));
    return option;
  }

  key(event) {
    if (event.key === "Escape") return this.close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.places.length) return null;
    event.preventDefault();
    this.mark((this.active + step + this.places.length) % this.places.length);
    return null;
  }

  mark(i) {
    this.active = i;
    [...this.list.querySelectorAll("[role=option]")].forEach((option, place) => {
      option.ariaSelected = String(place === i);
    });
    this.list.children[i].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `place-${i}`);
  }

  choose(i) {
    const place = this.places[i];
    this.input.value = place.name;
    this.close();
    const asked = new CustomEvent("anzhi:place", { detail: place, cancelable: true });
    if (!document.dispatchEvent(asked)) return;
    const { lon, lat, name, kind, village } = place;
    const query = { place: name, lon, lat, zoom: 15, ...(kind && { kind }), ...(village && { village }) };
    location.assign(`/?${new URLSearchParams(query)}`);
  }

  close(places = this.places) {
    this.places = places;
    this.list.hidden = true;
    this.note.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    return null;
  }
}

export function kindWords(kind) {
  return t(KINDS[kind] || kind || "");
}

const form = document.getElementById("search");
if (form) new Search(form);
