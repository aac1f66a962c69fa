// The search box of every page: villages, groups, enterprises, road stakes by name, alias or initials; all candidates.
import { codeName } from "./codes.js";
import { read } from "./core/api.js";
import { debounce } from "./core/debounce.js";
import { keyboard } from "./core/keyboard.js";
import { stepTo } from "./core/list.js";
import { Newest } from "./newest.js";
import { element, t } from "./words.js";

const WAIT_MS = 160;

// What the overview draws as objects of their own, by the kind of place: they are selected there, not only pointed at.
export const OBJECT_KINDS = { enterprise: "enterprises", station: "stations", shelter: "shelters", geohazard: "geohazard-sites" };
const CLOSE = 15;

export class Search {
  constructor(form) {
    this.input = form.querySelector("input");
    this.list = form.querySelector(".search-list");
    this.names = form.dataset.aliases === "yes";
    this.note = form.querySelector("[role=status]");
    this.places = [];
    this.active = -1;
    this.newest = new Newest();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.places.length && this.answered === this.input.value.trim()) this.choose(Math.max(this.active, 0));
      else this.look();
    });
    this.input.addEventListener("input", debounce(() => this.look(), WAIT_MS));
    this.input.addEventListener("keydown", (event) => this.walk(event));
    const isOpen = () => !this.list.hidden || !this.note.hidden;
    keyboard.lets({ layer: "suggestions", within: form, isOpen, close: () => this.close() });
    keyboard.add({ keys: ["/"], title: t("查找村组、企业、桩号"), run: () => this.begin() });
    form.addEventListener("focusout", ({ relatedTarget }) => form.contains(relatedTarget) || this.close());
    this.input.addEventListener("focus", () => this.places.length && this.show(this.places));
  }

  // What was found before is typed over, not added to.
  begin() {
    this.input.focus();
    this.input.select();
  }

  async look() {
    const words = this.input.value.trim();
    const current = this.newest.ask();
    if (!words) return this.close([]);
    try {
      const answer = await read("/api/places", { query: { q: words }, signal: current.signal });
      if (words !== this.input.value.trim()) return null;
      this.answered = words;
      this.show(answer.items, answer.total);
    } catch (trouble) {
      if (!current() || words !== this.input.value.trim()) return null;
      this.close([]);
      this.note.textContent = trouble.status === 404 ? t("本部署没有地名库") : t("查找没有成功，请再试一次");
      this.note.hidden = false;
    }
    return null;
  }

  show(places, total = places.length) {
    this.places = places;
    this.active = -1;
    this.list.replaceChildren(...places.map((place, i) => (this.names ? this.row(place, i) : this.option(place, i))));
    this.list.hidden = !places.length;
    if (total > places.length) this.list.append(element("div", { className: "quiet", role: "presentation", textContent: t("共 {n} 处，请输入更多文字", { n: total }) }));
    this.note.hidden = places.length > 0;
    this.note.textContent = places.length ? "" : t("没有叫这个名字的地方");
    this.input.setAttribute("aria-expanded", String(places.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  option(place, i) {
    const option = element("div", { role: "option", id: `place-${i}`, ariaSelected: "false" }, candidate(place));
    return this.chosenBy(option, i);
  }

  // Who may name places has two things to do with each: to go there, and to give it an alias.
  row(place, i) {
    const cell = element("div", { role: "gridcell", id: `place-${i}`, className: "candidate", ariaSelected: "false" }, candidate(place));
    const beside = place.nameable && element("button", { type: "button", tabIndex: i ? -1 : 0, ariaLabel: t("给{place}添加别名", { place: place.name }), textContent: t("添加别名") });
    if (beside) beside.addEventListener("click", () => document.dispatchEvent(new CustomEvent("anzhi:alias", { detail: { place, back: this.input } })));
    return element("div", { role: "row" }, this.chosenBy(cell, i), element("div", { role: "gridcell" }, beside || null));
  }

  chosenBy(cell, i) {
    cell.addEventListener("mousedown", (event) => event.preventDefault());
    cell.addEventListener("click", () => this.choose(i));
    return cell;
  }

  walk(event) {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || !this.places.length) return;
    event.preventDefault();
    this.mark(stepTo(event.key, { at: this.active, count: this.places.length, wraps: true }));
  }

  mark(i) {
    this.active = i;
    [...this.list.querySelectorAll("[id^=place-]")].forEach((cell, place) => {
      cell.ariaSelected = String(place === i);
      const button = cell.parentElement.querySelector("button");
      if (button) button.tabIndex = place === i ? 0 : -1;
    });
    this.list.children[i].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `place-${i}`);
  }

  choose(i) {
    const place = this.places[i];
    this.input.value = place.name;
    this.answered = place.name;
    this.close();
    const asked = new CustomEvent("anzhi:place", { detail: place, cancelable: true });
    if (!document.dispatchEvent(asked)) return;
    const { lon, lat, name, kind, village, owner_id } = place;
    /** @type {Record<string, any>} */
    const query = { place: name, at: `${lon},${lat}`, lon, lat, zoom: zoomOf(place), ...(kind && { kind }), ...(village && { village }), ...(owner_id && { row: owner_id }) };
    const drawn = kind === "project" ? kind : OBJECT_KINDS[kind];
    if (drawn && owner_id) query.select = `${drawn}:${owner_id}`;
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

function candidate({ name, village, detail, kind, matched_text }) {
  const beside = [village !== name ? village : null, detail, matched_text !== name ? matched_text : null];
  return [
    element("span", { className: "words", textContent: name }),
    element("small", { textContent: beside.filter(Boolean).join(" · ") }),
    element("span", { className: "badge", textContent: kindWords(kind) }),
  ];
}

// As close as shows the whole of it on a screen of some 800 pixels.
function zoomOf({ bbox: [west, , east] }) {
  return Math.floor(Math.min(CLOSE, Math.log2((360 * 800) / 256 / Math.max(east - west, 1e-9))));
}

export function kindWords(kind) {
  return codeName("place_kind", kind);
}

const form = document.getElementById("search");
if (form) new Search(form);
