// The four words a screening can end with, each with its sign; none of them is a permit.
import { codeName, codeSign, codesOf } from "./codes.js";
import { element, t } from "./words.js";

export const FLAGGED = ["prohibited", "restricted", "insufficient_data"];

// 3 for prohibited down to 0 for permitted.
export function severityOf(verdict) {
  const known = codesOf("verdict");
  return known.includes(verdict) ? known.length - 1 - known.indexOf(verdict) : 0;
}

export function verdictSign(verdict) {
  return codeSign("verdict", verdict || "insufficient_data");
}

export function verdictWords(verdict) {
  return verdict ? codeName("verdict", verdict) : t("尚未筛查");
}

export function verdictBadge(verdict) {
  return element(
    "span",
    { className: `badge is-${verdict}` },
    element("span", { textContent: verdictSign(verdict) }),
    verdictWords(verdict),
  );
}

// Where nothing of the site was surveyed for a theme, a mild grade of its zones tells nothing; a rule that is touched does.
export function isUnknown({ status, covered_share, findings }) {
  return status === "no_data" && !covered_share && !findings.some(({ rule }) => rule);
}
