// What a returned draft is told about, at its places on the map: a number each, the words when it is chosen.
import { boxOf } from "../topology/plane.js";
import { element, t } from "../words.js";

export class Pins {
  map;
  work;

  constructor({ map, work }) {
    Object.assign(this, { map, work });
    this.drawn = L.layerGroup().addTo(map);
    work.store.watch(["draft", "theme"], () => this.show());
  }

  show() {
    this.drawn.clearLayers();
    for (const [i, one] of pinnedIn(this.work.values.draft).entries()) {
      const place = one.place ?? middleOf(this.work.values.coverage.shape(String(one.zone)));
      if (!place) continue;
      const icon = L.divIcon({ className: "comment-pin", html: element("span", { textContent: String(i + 1) }), iconSize: [0, 0] });
      const pin = L.marker([place[1], place[0]], { icon, pane: "objects", keyboard: false, title: one.text, alt: t("意见 {n}：{words}", { n: i + 1, words: one.text }) });
      pin.on("click", () => this.work.dispatchEvent(new CustomEvent("lead", { detail: { place, zones: one.zone ? [String(one.zone)] : [] } })));
      this.drawn.addLayer(pin);
    }
  }
}

// The comments of the last return, in their order; once it is submitted anew they are history.
export function pinnedIn(draft) {
  const last = [...(draft?.history ?? [])].reverse().find(({ step }) => step === "return" || step === "submit" || step === "approve");
  return last?.step === "return" ? (last.content?.comments ?? []) : [];
}

function middleOf(shape) {
  const box = boxOf(shape ?? []);
  return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}
