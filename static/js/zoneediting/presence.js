// Who else works on zones, in this draft or another: told with its age, in nobody's way.
import { debounce } from "../core/debounce.js";
import { element, t } from "../words.js";

const SETTLE_MS = 1500;
const AGAIN_MS = 60_000;
const MINUTE_MS = 60_000;
const MOST = 3;

export class Presence {
  place;
  work;
  told = "";

  constructor({ place, work }) {
    Object.assign(this, { place, work });
    this.soon = debounce(() => this.tell(), SETTLE_MS);
    work.store.watch(["selected"], () => this.soon());
    work.addEventListener("answered", () => {
      this.told = "";
      this.soon();
    });
    setInterval(() => document.visibilityState === "visible" && this.ask(() => work.service.presence()), AGAIN_MS);
  }

  // What is chosen is told once; what was chosen before is let go.
  tell() {
    const zones = this.work.values.selected.map(Number);
    const told = zones.join(" ");
    if (!this.work.mayEdit || told === this.told) return this.ask(() => this.work.service.presence());
    this.told = told;
    return this.ask(() => this.work.service.bePresent(zones));
  }

  async ask(asking) {
    try {
      this.show((await asking()).items);
    } catch {
      this.place.replaceChildren(); // nobody is held up by it
    }
  }

  show(items) {
    const { selected } = this.work.values;
    const meets = ({ zones }) => zones.some((zone) => selected.includes(zone));
    const first = [...items].sort((one, other) => Number(meets(other)) - Number(meets(one)));
    this.place.replaceChildren(...first.slice(0, MOST).map((one) => element("li", { className: meets(one) ? "is-here" : "", textContent: this.words(one) })));
    this.place.hidden = !items.length;
  }

  words({ by, zones, seen_at, draft, draft_name }) {
    const minutes = Math.floor((Date.now() - Date.parse(seen_at)) / MINUTE_MS);
    const age = minutes < 1 ? t("刚才") : t("{n} 分钟前", { n: minutes });
    const named = { by, age, zones: zones.slice(0, MOST).join(t("、")) };
    return draft === this.work.service.number ? t("{by} {age}在改区 {zones}", named) : t("{by} {age}在草稿“{draft}”里改区 {zones}", { ...named, draft: draft_name });
  }
}
