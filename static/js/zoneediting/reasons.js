// Why warnings are passed: asked for when a draft is handed in, shown to whoever approves it.
import { codeName } from "../codes.js";
import { areaWords, element, lengthWords, t } from "../words.js";

const MOST = 20; // asked one by one; a reason for all says the rest

// The fields of a dialog, and what they say: a reason for each of these warnings, or one for all that have none.
export function reasonFields(warnings) {
  if (!warnings.length) return { parts: [], told: () => ({}) };
  const fields = warnings.slice(0, MOST).map((one, i) => [one, element("input", { id: `reason-${i}`, maxLength: 500, autocomplete: "off" })]);
  const rest = element("input", { id: "reason-all", maxLength: 500, autocomplete: "off" });
  const lines = fields.map(([one, field]) => element("li", {}, element("label", { htmlFor: field.id, textContent: warningWords(one) }), field));
  const parts = [
    element("p", { textContent: t("有 {n} 个提示没有改正。请写明为什么可以放过，审核人会看到。", { n: warnings.length }) }),
    element("label", { htmlFor: "reason-all", textContent: t("统一的理由（用于下面没有单独写的）") }),
    rest,
    element("details", { open: warnings.length <= 5 }, element("summary", { textContent: t("逐个写") }), element("ul", { className: "reason-list" }, ...lines)),
  ];
  const told = () => {
    const reasons = fields.filter(([, field]) => field.value.trim()).map(([one, field]) => ({ problem: one.id, reason: field.value.trim() }));
    const reason = rest.value.trim();
    return { reasons, ...(reason && { reason }) };
  };
  return { parts, told };
}

// What was passed with a submission; each leads to its place.
export function passedLines(content, lead) {
  const passed = content?.passed ?? [];
  const lines = passed.map((one) => {
    const words = one.reason ?? t("启用前已有，没有变大");
    const button = element("button", { type: "button", className: "pinned" }, element("b", { textContent: warningWords(one) }), element("span", { textContent: words }));
    button.addEventListener("click", () => lead({ place: one.place, zones: one.zones }));
    return element("li", {}, button);
  });
  const more = (content?.passed_in_all ?? 0) > passed.length && element("li", { className: "quiet", textContent: t("共放过 {n} 个提示", { n: content.passed_in_all }) });
  return [...lines, more].filter(Boolean);
}

function warningWords({ kind, zones, size, unit }) {
  const measure = size == null ? "" : unit === "m" ? lengthWords(size) : areaWords(size);
  return [codeName("zone_problem", kind), zones.slice(0, 4).join(t("、")), measure].filter(Boolean).join(" · ");
}
