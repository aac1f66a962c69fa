// Coverage: who is arrived at within how many minutes, on the map and in figures, and what follows from that.
import { Bands } from "../bands.js";
import { showCoordinates } from "../coordinates.js";
import { Problem, read } from "../core/api.js";
import { mountMap } from "../core/page.js";
import { coverageAsked, openCoverage } from "../coveragequestion.js";
import { CoverageViews, bindTrials } from "../coverageviews.js";
import { basisParts, coveredSentence, coveredTable } from "../covered.js";
import { Newest } from "../newest.js";
import { keepInFrame } from "../paper.js";
import { remoteSources } from "../sources.js";
import { bindTabs } from "../tabs.js";
import { element, t } from "../words.js";

const WORDS = ["standard", "minutes", "kinds", "condition", "avoid_zones"];

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export function attach(map, { legend }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    const store = openCoverage();
    const bands = new Bands(map);
    const views = new CoverageViews({ map, legend: page.legend, store });
    bindForm(store);
    bindTrials({ map, modes: page.modes, store, views });
    store.watch(["answer", "night", "trouble"], tell);
    store.watch(["answer"], ({ answer }) => {
      bands.show(answer);
      offerMinutes(store);
      views.offer(answer?.standing ?? []);
      if (answer) views.ask();
    });
    store.watch(["within"], () => views.ask());
    const ask = asking(store);
    store.watch(WORDS, ask);
    const ground = await page.ground();
    showCoordinates(map);
    keepInFrame(map, () => ground.whole());
    page.readable();
    await ask();
    bindTabs(at("coverage-tabs"));
  });
}

function bindForm(store) {
  const form = at("coverage-form");
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const word of WORDS) {
    form.elements[word].value = store.values[word];
    form.elements[word].addEventListener("change", () => store.change({ [word]: form.elements[word].value }));
  }
  const { within } = form.elements;
  within.addEventListener("change", () => store.change({ within: Number(within.value) }));
  const own = ({ standard }) => (at("own-minutes").hidden = standard !== "own");
  own(store.values);
  store.watch(["standard"], own);
}

// Gaps and all that follows are judged by one of the minutes that are shown: the soonest unless another is chosen.
function offerMinutes(store) {
  const { answer, within } = store.values;
  const minutes = (answer?.summary ?? []).map((one) => one.minutes);
  if (!minutes.length) return;
  const field = at("coverage-form").elements.within;
  field.replaceChildren(...minutes.map((n) => element("option", { value: n, textContent: t("{n} 分钟内", { n }) })));
  const chosen = minutes.includes(within) ? within : minutes[0];
  field.value = String(chosen);
  store.change({ within: chosen });
}

// Asks anew whenever the question changes, by day and by night where nothing else slows; an answer that was overtaken is let go.
function asking(store) {
  const newest = new Newest();
  return async () => {
    const current = newest.ask();
    const query = coverageAsked(store.values);
    at("single-file").href = `?${new URLSearchParams({ ...query, standalone: "1" })}`;
    store.change({ trouble: "" });
    const asked = [query, ...(query.condition ? [] : [{ ...query, condition: "night" }])];
    try {
      const [answer, night = null] = await Promise.all(asked.map((one) => read("/api/coverage", { query: one, signal: current.signal })));
      if (current()) store.change({ answer, night });
    } catch (trouble) {
      if (!current()) return;
      const why = trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message });
      store.change({ answer: null, night: null, trouble: why });
    }
  };
}

/** @param {any} values */
function tell({ answer, night, trouble }) {
  const sentence = at("coverage-answer");
  sentence.classList.toggle("trouble", Boolean(trouble));
  sentence.textContent = trouble || (answer ? coveredSentence(answer) : t("正在计算…"));
  at("coverage-table").replaceChildren(...(answer ? [coveredTable(answer, night)] : []));
  at("coverage-basis").replaceChildren(...(answer ? basisParts(answer) : []));
}
