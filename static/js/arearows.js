// From an area on the map to its rows: in the table of the run, on whichever page it stands, and in the register of villages.
import { element, t } from "./words.js";

const VILLAGE_WITHOUT_CODE = /^village-(\d+)$/;

export function leadToRows({ unit, run, product }) {
  return ({ id, area }) => {
    const table = `/maps/areas?${new URLSearchParams({ unit, run, product, area: id })}`;
    const listed = element("a", { className: "button", href: table, textContent: t("在清单中查看") });
    listed.addEventListener("click", (event) => {
      event.preventDefault();
      showRow(id, table);
    });
    const number = VILLAGE_WITHOUT_CODE.exec(area)?.[1];
    const row = new URLSearchParams({ row: number || `code:${area}` });
    const register = unit === "village" && element("a", { className: "button", href: `/registers/villages?${row}#marked`, textContent: t("查看台账") });
    return element("div", { className: "actions" }, listed, register || null);
  };
}

// The service knows on which page the row stands; the map stays as it is.
async function showRow(id, table) {
  const row = () => /** @type {HTMLElement | null} */ (document.querySelector(`[data-area="${id}"]`));
  if (!row()) await window.htmx.ajax("GET", table, { target: "#area-list", swap: "outerHTML" });
  row()?.scrollIntoView({ block: "center" });
  row()?.focus({ preventScroll: true });
}
