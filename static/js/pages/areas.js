// Graded areas: the map of one run, its charts, the order for another run.
import { Areas } from "../areas.js";
import { leadToRows } from "../arearows.js";
import { mountMap } from "../core/page.js";
import { drawFigures } from "../figures.js";
import { bindOrders } from "../orders.js";
import { areasOfRun } from "../runsource.js";
import { remoteSources } from "../sources.js";

export function attach(map, { legend, unit, run, product, joined, cell_m, figures }) {
  bindOrders();
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    await page.ground();
    if (!run) return;
    const rows = leadToRows({ unit, run, product });
    const areas = new Areas({ ...page, joined, product, cell_m, rows, source: areasOfRun({ unit, run, product }) });
    await areas.draw();
    page.readable();
    const asked = Number(new URLSearchParams(location.search).get("area"));
    if (asked) await areas.choose(asked, { look: true });
    await drawFigures(page.legend, figures);
  });
}
