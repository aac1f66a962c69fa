// The four words a screening can end with, each with its sign; none of them is a permit.
import { t } from "./words.js";

const VERDICTS = {
  prohibited: { sign: "✕", words: "触发禁止性规则" },
  restricted: { sign: "!", words: "需论证" },
  insufficient_data: { sign: "?", words: "资料不足" },
  permitted: { sign: "–", words: "未触发已加载规则" },
};

export const FLAGGED = ["prohibited", "restricted", "insufficient_data"];

export function verdictSign(verdict) {
  return (VERDICTS[verdict] || VERDICTS.insufficient_data).sign;
}

export function verdictWords(verdict) {
  return t((VERDICTS[verdict] || { words: "尚未筛查" }).words);
}
