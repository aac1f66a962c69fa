// The four words a screening can end with, each with its sign; none of them is a permit.
import { element, t } from "./words.js";

const VERDICTS = {
  prohibited: { sign: "✕", words: "触发禁止性规则" },
  restricted: { sign: "!", words: "需论证" },
  insufficient_data: { sign: "?", words: "资料不足" },
  permitted: { sign: "–", words: "未触发已加载规则" },
};

export const FLAGGED = ["prohibited", "restricted", "insufficient_data"];

// 3 for prohibited down to 0 for permitted.
export function severityOf(verdict) {
  return verdict in VERDICTS ? 3 - Object.keys(VERDICTS).indexOf(verdict) : 0;
}

export function verdictSign(verdict) {
  return (VERDICTS[verdict] || VERDICTS.insufficient_data).sign;
}

export function verdictWords(verdict) {
  return t((VERDICTS[verdict] || { words: "尚未筛查" }).words);
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
export function isUnknown({ status, covered_share }, { rule }) {
  return status === "no_data" && !covered_share && !rule;
}
