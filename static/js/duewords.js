// @ts-check
// How long until a report is due, in words; past it by how much.
import { codeName } from "./codes.js";
import { t } from "./words.js";

const MINUTE_MS = 60_000;

/** @param {string} kind @param {number} left milliseconds */
export function dueWords(kind, left) {
  const minutes = Math.ceil(Math.abs(left) / MINUTE_MS);
  const n = minutes >= 120 ? t("{n} 小时", { n: Math.floor(minutes / 60) }) : t("{n} 分钟", { n: minutes });
  const report = codeName("report_kind", kind);
  return left < 0 ? { words: t("{report}已超时 {n}", { report, n }), isLate: true } : { words: t("{report}还剩 {n}", { report, n }), isLate: false };
}
