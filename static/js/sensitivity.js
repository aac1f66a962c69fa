// How firm a verdict is: the verdicts if every boundary lay a little further out or in, on one scale with today's in the middle.
import { verdictSign, verdictWords } from "./verdicts.js";
import { element, t } from "./words.js";

export function sensitivityScale({ sensitivity, verdict, borderline }) {
  if (!sensitivity?.length) return null;
  const steady = sensitivity.every((shift) => shift.verdict === verdict);
  const steps = [...sensitivity, { shift_m: 0, verdict }].sort((one, other) => one.shift_m - other.shift_m);
  const words = steady ? t("区划边界移动后结论不变") : t("区划边界移动后结论会变");
  return element(
    "section",
    { className: "opinion-part" },
    element(
      "h3",
      {},
      t("边界误差敏感性"),
      element("small", { textContent: words }),
      borderline ? element("span", { className: "badge is-borderline", textContent: t("临界") }) : null,
    ),
    element("ol", { className: "scale" }, steps.map(stepOf)),
    element("p", { className: "quiet", textContent: t("假定全部区划边界向外（正）或向内（负）移动这么多米，结论会是什么。") }),
  );
}

function stepOf({ shift_m, verdict }) {
  const moved = shift_m === 0 ? t("现状") : `${shift_m > 0 ? "+" : "−"}${Math.abs(shift_m)} m`;
  return element(
    "li",
    { className: `is-${verdict}${shift_m === 0 ? " now" : ""}` },
    element("span", { className: "shift", textContent: moved }),
    element("b", { textContent: verdictSign(verdict), ariaHidden: "true" }),
    element("span", { className: "word", textContent: verdictWords(verdict) }),
  );
}
