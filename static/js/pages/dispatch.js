// The dispatcher's page: a place is said, and who gets there, by which road and how soon, stands beside the map.
import { forcesTable, placeParts, restParts, sentenceOf } from "../arrivals.js";
import { bindCalls } from "../calls.js";
import { Cases } from "../cases.js";
import { Closures } from "../closures.js";
import { codeName } from "../codes.js";
import { showCoordinates } from "../coordinates.js";
import { Problem, read } from "../core/api.js";
import { Danger } from "../danger.js";
import { Desk } from "../desk.js";
import { openShifts, troubleWords } from "../duty.js";
import { toast } from "../core/toast.js";
import { keyboard } from "../core/keyboard.js";
import { mountMap } from "../core/page.js";
import { openIncident, questionOf } from "../incident.js";
import { Newest } from "../newest.js";
import { keepInFrame } from "../paper.js";
import { runCardParts, setWords, takenWords } from "../runcard.js";
import { remoteSources } from "../sources.js";
import { Ways } from "../ways.js";
import { sentences, t } from "../words.js";

const NAMED = 9; // as many as have a key of their own

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export function attach(map, { legend }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    const store = openIncident();
    const choose = (chosen) => isReached(store.values, chosen) && store.change({ chosen, inSet: false });
    const ways = new Ways({ map, onChoose: choose });
    bindQuestion(page, store);
    bindKeys(store, choose);
    const options = { onChoose: choose, hazardName: (key) => page.legend.hazardName(key), contacts: /** @type {any[]} */ ([]) };
    store.watch(["place", "answer", "trouble"], (values) => tell(values, options));
    store.watch(["place", "answer", "chosen"], (values) => ways.show(values));
    store.watch(["chosen", "inSet"], markChosen);
    store.watch(["answer", "inSet"], (values) => tellCard(values, store));
    const ask = questions(store, ways);
    store.watch(["place", "incident", "level", "condition", "avoid_zones", "gather", "case"], ask);
    const closures = new Closures(page, { button: at("close-road"), list: at("closures"), onChange: ask });
    const cases = new Cases({ store, board: at("case"), onChange: ask });
    new Danger(page, { store, cases });
    const desk = openDesk({ store, cases, closures, ask });
    bindCalls(cases, ask);
    const ground = await page.ground();
    showCoordinates(map);
    keepInFrame(map, () => (store.values.place ? ways.fit() : ground.whole()));
    page.readable();
    await Promise.all([closures.refresh(), contactsInto(options), desk.start(), store.values.case ? cases.open(Number(store.values.case)) : null]);
    await ask();
  });
}

// What another desk does comes by itself: its closures are drawn, its forces are out, its incidents stand in the list.
function openDesk({ store, cases, closures, ask }) {
  const desk = new Desk({
    onChange: async (changed) => {
      if (changed.has("closures")) await closures.refresh();
      if (changed.has("log")) await cases.refresh();
      if (changed.has("closures") || changed.has("forces") || (changed.has("log") && cases.incident)) await ask();
    },
    onBack: async () => {
      await closures.refresh();
      await ask();
    },
    onOpen: (id) => store.change({ case: String(id) }),
    onShift: () => openShifts(() => desk.look()).catch((trouble) => toast(troubleWords(trouble))),
  });
  store.watch(["case"], ({ case: id }) => desk.mark(Number(id)));
  return desk;
}

async function contactsInto(options) {
  options.contacts = (await read("/api/village-contacts")).items;
}

// A position read off a map on a telephone is converted by the one choice that says so, is marked, and the choice falls back.
async function placeOf({ lon, lat, name, kind, village }) {
  const choice = at("incident-form").elements.system;
  const system = kind === "coordinates" ? choice.value : "";
  if (!system) return { lon, lat, name, kind, village, converted: "" };
  const moved = await read("/api/dispatch/position", { query: { lon, lat, system } });
  choice.value = "";
  toast(t("已由{system}换算，移动 {n} m。", { system: codeName("shifted_system", system), n: Math.round(moved.moved_m) }));
  return { lon: moved.lon, lat: moved.lat, name: "", kind, village, converted: moved.converted_from };
}

function bindSystem() {
  const choice = at("incident-form").elements.system;
  const turn = () => (choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length);
  keyboard.add({ keys: ["X"], title: t("坐标来自：高德、百度换算"), run: () => toast(t("坐标来自：{system}", { system: choice.options[turn()].textContent })) });
}

// A place comes from the search of every page, from a click on the map, or with the address.
function bindQuestion({ map, modes }, store) {
  document.addEventListener("anzhi:place", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    event.preventDefault();
    if (modes.isBusy) return;
    placeOf(detail).then((place) => {
      store.change({ place, case: "" });
      at("answer").focus(); // out of the search, where a number would be a letter more
    }, (trouble) => toast(troubleWords(trouble)));
  });
  map.on("click", ({ latlng }) => modes.isBusy || store.change({ place: { lon: latlng.lng, lat: latlng.lat, name: "", converted: "" }, case: "" }));
  bindSystem();
  const form = at("incident-form");
  for (const word of ["incident", "level", "condition", "avoid_zones"]) {
    form.elements[word].value = store.values[word];
    store.change({ [word]: form.elements[word].value });
    form.elements[word].addEventListener("change", () => store.change({ [word]: form.elements[word].value }));
  }
}

function bindKeys(store, choose) {
  const keys = Array.from({ length: NAMED }, (_, i) => String(i + 1));
  keyboard.add({ keys, title: t("选第几支力量"), run: ({ key }) => choose(Number(key) - 1), isOn: () => store.values.answer !== null });
  keyboard.add({ keys: ["S"], title: t("选合起来满足方案的一组"), run: () => takeSet(store), isOn: () => hasSet(store.values) });
  keyboard.lets({ layer: "selection", isOpen: () => store.values.place !== null, close: () => store.change({ place: null, answer: null, trouble: "", case: "" }) });
}

/** @param {any} values */
const hasSet = ({ answer }) => Boolean(answer?.incident.together.forces.length);

// The whole set is in hand: nobody is told before it is set in motion.
function takeSet(store) {
  store.change({ inSet: true });
  toast(takenWords(store.values.answer.incident));
}

function tellCard(values, store) {
  const board = at("run-card");
  const parts = values.answer ? runCardParts(values, { onSet: () => takeSet(store) }) : [];
  const hadFocus = board.contains(document.activeElement);
  board.hidden = !parts.length;
  board.replaceChildren(...parts);
  if (hadFocus) board.querySelector("button")?.focus({ preventScroll: true });
}

/** @param {any} values @param {number} chosen */
const isReached = ({ answer }, chosen) => Boolean(answer?.forces[chosen]?.reachable);

// Asks anew whenever the question changes; an answer that was overtaken is let go. What was answered for the same place stays on
// the page until the next answer is there, and where the service is away it stays with its age.
function questions(store, ways) {
  const newest = new Newest();
  let asked = "";
  return async () => {
    const current = newest.ask();
    const { place } = store.values;
    if (!place) return;
    const here = `${place.lon} ${place.lat}`;
    at("forces").ariaBusy = "true";
    store.change({ trouble: "", ...(here !== asked && { answer: null }) });
    try {
      const answer = await read("/api/dispatch/nearest", { query: questionOf(store.values, NAMED), signal: current.signal });
      if (!current()) return;
      const isNew = here !== asked;
      asked = here;
      const inSet = !isNew && isSameSet(store.values, answer);
      if (store.values.inSet && !inSet) toast(t("所选的一组已有变化，请重新选择。"));
      store.change({ answer, answeredAt: Date.now(), chosen: isNew ? 0 : stillChosen(store.values, answer), inSet });
      if (isNew) ways.fit();
    } catch (trouble) {
      if (!current()) return;
      const isAway = !(trouble instanceof Problem) && store.values.answer;
      const time = new Date(store.values.answeredAt).toLocaleTimeString("sv-SE", { timeZone: "Asia/Shanghai" });
      store.change({ trouble: isAway ? t("没有连上服务；下面是 {time} 的结果，恢复后自动重算。", { time }) : troubleWords(trouble) });
    } finally {
      if (current()) at("forces").ariaBusy = "false";
    }
  };
}

// The set stays in hand while it is the very same; else whoever pressed A would send others than they saw.
function isSameSet({ inSet, answer: before }, answer) {
  const ids = ({ incident }) => incident.together.forces.map(({ id }) => id).join(" ");
  return inSet && before !== null && ids(before) === ids(answer);
}

// Who was chosen stays chosen while they can come, wherever they stand now; else the first.
function stillChosen({ answer: before, chosen }, answer) {
  const id = before?.forces[chosen]?.id;
  return Math.max(0, answer.forces.findIndex((force) => force.id === id && force.reachable));
}

// The rows stay where they are, so that the focus stays in them.
/** @param {any} values */
function markChosen({ chosen, inSet, answer }) {
  const members = new Set(inSet ? answer.incident.together.forces.map(({ id }) => id) : []);
  for (const [i, row] of [...at("forces").querySelectorAll("tbody tr")].entries()) {
    const isIn = inSet ? members.has(answer.forces[i]?.id) : i === chosen;
    isIn ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current");
  }
}

function tell(values, options) {
  const { place, answer, trouble, chosen } = values;
  at("incident-place").hidden = !place;
  at("incident-place").replaceChildren(...(place ? placeParts(values) : []));
  const sentence = at("answer");
  sentence.classList.toggle("trouble", Boolean(trouble));
  const words = trouble || (answer ? sentences([sentenceOf(answer), setWords(answer.incident)]) : place ? t("正在计算…") : "");
  if (sentence.textContent !== words) sentence.textContent = words;
  at("forces").replaceChildren(...(answer ? [forcesTable(answer, { ...options, chosen }), ...restParts(answer, options)].filter(Boolean) : []));
}
