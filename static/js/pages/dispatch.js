// The dispatcher's page: a place is said, and who gets there, by which road and how soon, stands beside the map.
import { forcesTable, placeParts, restParts, sentenceOf } from "../arrivals.js";
import { Closures } from "../closures.js";
import { showCoordinates } from "../coordinates.js";
import { Problem, read } from "../core/api.js";
import { keyboard } from "../core/keyboard.js";
import { mountMap } from "../core/page.js";
import { openIncident, questionOf } from "../incident.js";
import { Newest } from "../newest.js";
import { keepInFrame } from "../paper.js";
import { remoteSources } from "../sources.js";
import { Ways } from "../ways.js";
import { t } from "../words.js";

const NAMED = 9; // as many as have a key of their own

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export function attach(map, { legend }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    const store = openIncident();
    const choose = (chosen) => isReached(store.values, chosen) && store.change({ chosen });
    const ways = new Ways({ map, onChoose: choose });
    bindQuestion(page, store);
    bindKeys(store, choose);
    store.watch(["place", "answer", "trouble"], (values) => tell(values, { onChoose: choose, hazardName: (key) => page.legend.hazardName(key) }));
    store.watch(["place", "answer", "chosen"], (values) => ways.show(values));
    store.watch(["chosen"], ({ chosen }) => markChosen(chosen));
    const ask = questions(store, ways);
    store.watch(["place", "incident", "condition", "avoid_zones"], ask);
    const closures = new Closures(page, { button: at("close-road"), list: at("closures"), onChange: ask });
    const ground = await page.ground();
    showCoordinates(map);
    keepInFrame(map, () => (store.values.place ? ways.fit() : ground.whole()));
    page.readable();
    await Promise.all([closures.refresh(), ask()]);
  });
}

// A place comes from the search of every page, from a click on the map, or with the address.
function bindQuestion({ map, modes }, store) {
  document.addEventListener("anzhi:place", (event) => {
    const { lon, lat, name } = /** @type {CustomEvent} */ (event).detail;
    event.preventDefault();
    if (modes.isBusy) return;
    store.change({ place: { lon, lat, name } });
    at("answer").focus(); // out of the search, where a number would be a letter more
  });
  map.on("click", ({ latlng }) => modes.isBusy || store.change({ place: { lon: latlng.lng, lat: latlng.lat, name: "" } }));
  const form = at("incident-form");
  for (const word of ["incident", "condition", "avoid_zones"]) {
    form.elements[word].value = store.values[word];
    store.change({ [word]: form.elements[word].value });
    form.elements[word].addEventListener("change", () => store.change({ [word]: form.elements[word].value }));
  }
}

function bindKeys(store, choose) {
  const keys = Array.from({ length: NAMED }, (_, i) => String(i + 1));
  keyboard.add({ keys, title: t("选第几支力量"), run: ({ key }) => choose(Number(key) - 1), isOn: () => store.values.answer !== null });
  keyboard.lets({ layer: "selection", isOpen: () => store.values.place !== null, close: () => store.change({ place: null, answer: null, trouble: "" }) });
}

/** @param {any} values @param {number} chosen */
const isReached = ({ answer }, chosen) => Boolean(answer?.forces[chosen]?.reachable);

// Asks anew whenever the question changes; an answer that was overtaken is let go.
function questions(store, ways) {
  const newest = new Newest();
  return async () => {
    const current = newest.ask();
    if (!store.values.place) return;
    store.change({ answer: null, trouble: "" });
    try {
      const answer = await read("/api/dispatch/nearest", { query: questionOf(store.values, NAMED), signal: current.signal });
      if (!current()) return;
      store.change({ answer, chosen: 0 });
      ways.fit();
    } catch (trouble) {
      if (!current()) return;
      const why = trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message });
      store.change({ trouble: why });
    }
  };
}

// The rows stay where they are, so that the focus stays in them.
function markChosen(chosen) {
  for (const [i, row] of [...at("forces").querySelectorAll("tbody tr")].entries())
    i === chosen ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current");
}

function tell(values, options) {
  const { place, answer, trouble, chosen } = values;
  at("incident-place").hidden = !place;
  at("incident-place").replaceChildren(...(place ? placeParts(values) : []));
  const sentence = at("answer");
  sentence.classList.toggle("trouble", Boolean(trouble));
  const words = trouble || (answer ? sentenceOf(answer) : place ? t("正在计算…") : "");
  if (sentence.textContent !== words) sentence.textContent = words;
  at("forces").replaceChildren(...(answer ? [forcesTable(answer, { ...options, chosen }), ...restParts(answer, options)].filter(Boolean) : []));
}
