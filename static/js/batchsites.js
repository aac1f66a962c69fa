// The sites of a bulk check as a table: the gravest first, each of them shown on the map and opened alone.
import { verdictBadge } from "./verdicts.js";
import { element, t } from "./words.js";

const AT_ONCE = 50;

// onMeant: one of the features is looked at; onOpen: it is to be judged alone.
export function sitesTable({ features, left_out }, { onMeant, onOpen }) {
  const body = element("tbody", {});
  const more = element("button", { type: "button", className: "button", textContent: t("显示更多") });
  const rest = element("p", { className: "quiet" });
  const show = () => {
    const from = body.rows.length;
    body.append(...features.slice(from, from + AT_ONCE).map((site) => row(site, { onMeant, onOpen })));
    more.hidden = body.rows.length >= features.length;
    const words = [t("列出 {n} 个，结论重的在前。", { n: body.rows.length })];
    if (left_out) words.push(t("结论较轻、只在成果文件里的：{n} 个。", { n: left_out }));
    rest.textContent = words.join(" ");
  };
  more.addEventListener("click", show);
  show();
  const heads = [t("地块"), t("项目类别"), t("结论"), t("单独筛查")].map((name) => element("th", { scope: "col", textContent: name }));
  const table = element("table", { className: "batch-sites" }, [element("thead", {}, [element("tr", {}, heads)]), body]);
  return element("div", { className: "batch-list" }, [table, rest, more]);
}

function row(site, { onMeant, onOpen }) {
  const { name, project_class, verdict, borderline } = site.properties;
  const called = name || t("第 {n} 个地块", { n: site.properties.site + 1 });
  const look = element("button", { type: "button", className: "zone-link", textContent: called });
  look.addEventListener("click", () => onMeant(site));
  look.addEventListener("focus", () => onMeant(site));
  const open = element("button", { type: "button", className: "button small", textContent: t("单独筛查") });
  open.setAttribute("aria-label", t("单独筛查：{name}", { name: called }));
  open.addEventListener("click", () => onOpen(site));
  const found = [verdictBadge(verdict), borderline && element("small", { textContent: t("临界") })];
  return element("tr", {}, [
    element("th", { scope: "row" }, [look]),
    element("td", { textContent: project_class }),
    element("td", {}, found.filter(Boolean)),
    element("td", {}, [open]),
  ]);
}
