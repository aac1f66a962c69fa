// What restricted ground asks for before building, what a regional assessment closed of it, and what else is pointed to.
import { codeName } from "./codes.js";
import { element, said, shareWords, t } from "./words.js";

export const isOpen = ({ closed }) => !closed;

export function conditionName({ procedure, procedure_en }) {
  return said(procedure, procedure_en);
}

export function conditionsPart({ conditions = [] }) {
  if (!conditions.length) return null;
  return element(
    "section",
    { className: "opinion-part conditions" },
    element("h3", { textContent: t("须满足的条件") }),
    element("ul", {}, conditions.map(conditionRow)),
  );
}

function conditionRow(condition) {
  const { closed, rules, assessments } = condition;
  return element(
    "li",
    { className: closed ? "is-closed" : "is-open" },
    element(
      "span",
      { className: "condition-name" },
      element("span", { textContent: closed ? "✓" : "○", ariaHidden: "true" }),
      conditionName(condition),
      element("b", { textContent: closed ? t("已由区域评估关闭") : t("未关闭") }),
    ),
    element("small", { textContent: `${t("规则")} ${rules.join(t("、"))}` }),
    assessments.map((one) => element("small", { className: `bearing-${one.bearing}`, textContent: bearingWords(one) })),
  );
}

function bearingWords(assessment) {
  const { number, name, valid_from: since, valid_to: until, bearing, covered_share } = assessment;
  const words = {
    closes: t("区域评估 {number}，有效期至 {until}，覆盖全部拟选址范围", { number, until }),
    expired: t("区域评估 {number} 已于 {until} 过期，不能关闭此条件", { number, until }),
    not_yet: t("区域评估 {number} 自 {since} 起生效，现在不能关闭此条件", { number, since }),
    in_part: t("区域评估 {number} 只覆盖拟选址范围的 {share}，不能关闭此条件", { number, share: shareWords(covered_share) }),
  };
  return name ? `${words[bearing]} · ${name}` : words[bearing];
}

export function notesPart({ notes = [] }) {
  if (!notes.length) return null;
  const rows = notes.map((note) =>
    element(
      "li",
      {},
      said(note.message, note.message_en),
      element("small", {
        textContent: `${said(note.basis, note.basis_en)} · ${codeName("confidence", note.confidence)}`,
      }),
    ),
  );
  return element(
    "section",
    { className: "opinion-part notes" },
    element("h3", { textContent: t("设计须注意") }),
    element("ul", {}, rows),
  );
}
