// What is at the point under the pen, said beside it: zones, the way to the next fault, land set aside, what nobody checked.
import { codeName } from "./codes.js";
import { read } from "./core/api.js";
import { debounce } from "./core/debounce.js";
import { Newest } from "./newest.js";
import { element, lengthWords, t } from "./words.js";

const REST_MS = 140; // of the pointer, before its place is asked about
const BESIDE = 18; // pixels from the pen
const MOST_NAMES = 3;

export class PointReading {
  legend;
  map;
  newest = new Newest();

  constructor({ map, legend }) {
    Object.assign(this, { map, legend });
    this.box = element("p", { className: "over point-reading on-screen", hidden: true });
    map.getContainer().parentElement.append(this.box);
    this.askSoon = debounce((at) => this.ask(at), REST_MS);
    map.on("mousemove", ({ latlng }) => this.at(latlng));
    map.on("click", ({ latlng }) => this.at(latlng));
    map.on("mouseout movestart", () => this.leave());
    map.on("moveend", () => map.getContainer().matches(":focus-visible") && this.at(map.getCenter(), { aloud: true }));
  }

  // aloud: read out, where it was reached by the keyboard.
  at(latlng, { aloud = false } = {}) {
    this.leave();
    this.box.setAttribute("aria-live", aloud ? "polite" : "off");
    this.askSoon(latlng.wrap());
  }

  leave() {
    this.askSoon.cancel();
    this.newest.ask();
    this.box.hidden = true;
  }

  async ask(at) {
    const current = this.newest.ask();
    const query = { lon: Number(at.lng.toFixed(7)), lat: Number(at.lat.toFixed(7)) };
    try {
      const answer = await read("/api/siting/point", { query, signal: current.signal });
      if (current()) this.show(at, pointWords(answer, this.legend));
    } catch (trouble) {
      if (current()) this.show(at, t("此点读不到：{reason}", { reason: trouble.message }));
    }
  }

  show(at, words) {
    const { x, y } = this.map.latLngToContainerPoint(at);
    const size = this.map.getSize();
    this.box.textContent = words;
    this.box.hidden = false;
    const { offsetWidth: wide, offsetHeight: high } = this.box;
    const left = x + BESIDE + wide > size.x ? x - BESIDE - wide : x + BESIDE;
    const top = y + BESIDE + high > size.y ? y - BESIDE - high : y + BESIDE;
    this.box.style.left = `${Math.max(4, Math.min(left, size.x - wide - 4))}px`;
    this.box.style.top = `${Math.max(4, top)}px`;
  }
}

export function pointWords({ hazards, set_aside }, legend) {
  const nameOf = (theme) => legend.hazardName(theme);
  const kindOf = (kind) => codeName("constraint_kind", kind);
  const all = [...hazards.map((one) => ({ ...one, words: nameOf(one.theme) })), ...set_aside.map((one) => ({ ...one, words: kindOf(one.theme) }))];
  const of = (status) => all.filter((one) => one.status === status);
  const inside = of("inside").sort((a, b) => (a.grade_rank ?? 0) - (b.grade_rank ?? 0));
  const unknown = of("no_data").map(({ words }) => words);
  const clear = of("clear").length;
  const parts = [
    ...inside.map((one) => doubted(one, insideWords(one, legend))),
    ...of("near").map((one) => doubted(one, `${one.words} ${lengthWords(one.distance_m)}`)),
    unknown.length && unknownWords(unknown),
    clear && t("另 {n} 项不在区内", { n: clear }),
  ];
  return t("此点：{parts}", { parts: parts.filter(Boolean).join(" · ") });
}

function insideWords({ words, grade_scheme, grade_rank }, legend) {
  const grade = legend.grade(grade_scheme, grade_rank);
  return grade ? `${words} ${t(grade.name)}` : t("{name} 区内", { name: words });
}

// What is told of ground nobody surveyed is not all there is to tell.
function doubted({ surveyed }, words) {
  return surveyed ? words : t("{words}（此处未核）", { words });
}

function unknownWords(names) {
  if (names.length <= MOST_NAMES) return t("{names}未核", { names: names.join(t("、")) });
  return t("{names}等 {n} 项未核", { names: names.slice(0, MOST_NAMES).join(t("、")), n: names.length });
}
