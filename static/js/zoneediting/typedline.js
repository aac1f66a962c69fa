// Coordinates typed line by line for the tool in hand: longitude and latitude in degrees, CGCS2000.
import { t } from "../words.js";

const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s;；]\s*(-?\d+(?:\.\d+)?)\s*$/;

export class TypedLine {
  constructor({ form, sketching, modes, tell }) {
    const show = () => {
      form.hidden = !sketching.purpose;
    };
    modes.addEventListener("change", show);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const lines = form.points.value.split("\n").filter((line) => line.trim());
      const points = lines.map((line) => PAIR.exec(line)?.slice(1).map(Number) ?? null);
      const wrong = points.findIndex((point) => !point || Math.abs(point[0]) > 180 || Math.abs(point[1]) > 90);
      if (wrong >= 0) return tell(t("第 {line} 行读不出经度和纬度：{words}", { line: wrong + 1, words: lines[wrong].slice(0, 60) }));
      if (points.length < 2) return tell(t("至少要有两个点。"));
      form.points.value = "";
      return sketching.takeTyped(points);
    });
    show();
  }
}
