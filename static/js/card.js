// The docked card that says what is selected; it never covers the thing it speaks of.
import { codeName } from "./codes.js";
import { ringArea_m2 } from "./gauss.js";
import { areaWords, element, t } from "./words.js";

export function gradeBadge(legend, { grade, grade_rank, grade_scheme }) {
  const entry = legend.grade(grade_scheme, grade_rank);
  if (!entry) return grade ? element("span", { className: "badge", textContent: t(grade) }) : null;
  return element(
    "span",
    { className: `badge rank-${entry.rank} of-${entry.scheme}` },
    element("span", { className: "numeral", textContent: entry.numeral }),
    t(entry.name),
  );
}

export function facts(pairs) {
  const rows = pairs.filter(([, value]) => value != null && value !== "" && value !== false && value.length !== 0);
  return element(
    "dl",
    { className: "facts" },
    rows.flatMap(([name, value]) => [element("dt", { textContent: name }), element("dd", {}, value)]),
  );
}

export function showCard(card, parts, onClose) {
  const close = element("button", { type: "button", className: "close", ariaLabel: t("关闭"), textContent: "×" });
  close.addEventListener("click", () => {
    card.hidden = true;
    onClose();
  });
  card.replaceChildren(close, ...parts.filter(Boolean));
  card.hidden = false;
}

function areaOf(geometry) {
  const polygons = { Polygon: [geometry?.coordinates], MultiPolygon: geometry?.coordinates }[geometry?.type];
  if (!polygons) return null;
  const whole = ([outline, ...holes]) => ringArea_m2(outline) - holes.reduce((sum, hole) => sum + ringArea_m2(hole), 0);
  return areaWords(polygons.reduce((sum, polygon) => sum + whole(polygon), 0));
}

export function zoneParts(legend, { properties, geometry }) {
  const title = properties.name || legend.hazardName(properties.hazard);
  return [
    element("header", {}, element("h2", { textContent: title }), gradeBadge(legend, properties)),
    facts([
      [t("灾种"), legend.hazardName(properties.hazard)],
      [t("成果"), codeName("product", properties.product)],
      [t("面积"), areaOf(geometry)],
      [t("烈度"), properties.intensity],
      [t("覆盖层厚度"), properties.overburden_m != null ? `${properties.overburden_m} m` : null],
      [t("断层年代"), properties.fault_age && codeName("fault_age", properties.fault_age)],
      [t("管控类型"), properties.corridor_kind && codeName("corridor_kind", properties.corridor_kind)],
      [t("到达时间"), properties.arrival_min != null ? t("{n} 分钟", { n: properties.arrival_min }) : null],
      [t("调查日期"), properties.survey_date || t("未注明")],
      [t("比例尺"), properties.scale ? `1:${properties.scale}` : null],
      [t("来源"), properties.source],
      [t("区划编号"), properties.zone && `${properties.zone}${properties.version ? ` · v${properties.version}` : ""}`],
    ]),
  ];
}
