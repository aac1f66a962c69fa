// Coverage in one file: the same drawing as on the server, every answer read from the file itself.
import { Bands } from "../bands.js";
import { mountMap } from "../core/page.js";
import { gapParts } from "../coverageparts.js";
import { basisParts, coveredSentence, coveredTable } from "../covered.js";
import { Marks } from "../marks.js";

export function attach(map, { legend }) {
  const layers = JSON.parse(document.getElementById("anzhi-layers").textContent);
  const whole = (name) => async () => layers[name]?.features || [];
  const sources = {
    boundary: whole("boundary"),
    villages: whole("villages"),
    water: whole("water"),
    roads: whole("roads"),
    relief: whole("relief"),
    hillshade: async () => layers.hillshade,
  };
  return mountMap(map, { legend, sources }, async (page) => {
    const { coverage, night, gaps } = layers.answers;
    await page.ground();
    new Bands(map).show(coverage);
    document.getElementById("coverage-answer").textContent = coveredSentence(coverage);
    document.getElementById("coverage-table").append(coveredTable(coverage, night));
    const { sentence, nodes, marks } = gapParts(gaps, { hazardName: (key) => page.legend.hazardName(key) });
    document.getElementById("gaps-answer").textContent = sentence;
    document.getElementById("gaps-list").append(...nodes);
    const drawn = new Marks(map, (place) => drawn.goTo(place));
    drawn.show(marks);
    document.getElementById("gaps-list").addEventListener("click", ({ target }) => {
      const row = /** @type {HTMLElement} */ (target).closest("tr");
      if (row?.dataset.mark) drawn.goTo(Number(row.dataset.mark));
    });
    document.getElementById("coverage-basis").append(...basisParts(coverage));
  });
}
