// Graded areas: the map of one run, its charts, the order for another run.
import { remoteSources } from "../api.js";
import { Areas } from "../areas.js";
import { leadToRows } from "../arearows.js";
import { drawBasemap } from "../basemap.js";
import { drawFigures } from "../figures.js";
import { Labels } from "../labels.js";
import { Legend } from "../legend.js";
import { prepareMap } from "../map.js";
import { bindOrders } from "../orders.js";
import { areasOfRun } from "../runsource.js";
import { t } from "../words.js";

export async function attach(map, { legend: entries, unit, run, product, joined, figures }) {
  const note = document.getElementById("map-note");
  bindOrders();
  try {
    const legend = new Legend(entries);
    const labels = new Labels(prepareMap(map));
    (await drawBasemap(map, remoteSources(), labels)).showVillages(true);
    if (run) {
      const rows = leadToRows({ unit, run, product });
      const areas = new Areas({ map, legend, labels, joined, product, rows, source: areasOfRun({ unit, run, product }) });
      await areas.draw();
      const asked = Number(new URLSearchParams(location.search).get("area"));
      if (asked) await areas.choose(asked, { look: true });
      await drawFigures(legend, figures);
    }
    note.hidden = true;
  } catch (trouble) {
    note.classList.add("trouble");
    note.textContent = t("地图没有画完：{reason}。请刷新重试。", { reason: trouble.message });
    throw trouble;
  } finally {
    window.READY = 1;
  }
}
