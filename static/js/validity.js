// Whether the opinion on the page still answers what stands in the form: a changed request makes it void, at once.
import { element, t } from "./words.js";

export class Validity {
  request;
  place;

  // place: the section of the opinion; request(): what would be asked now, {where, what} as plain values.
  constructor({ place, request }) {
    Object.assign(this, { place, request, judged: null });
  }

  // What stands in the form at this moment, to be handed back with the opinion given on it.
  seen() {
    const { where, what } = this.request();
    return { where: JSON.stringify(where), what: JSON.stringify(what) };
  }

  given(seen) {
    this.judged = seen;
    this.check();
  }

  // No opinion stands any more.
  withdraw() {
    this.given(null);
  }

  check() {
    const now = this.seen();
    const moved = this.judged !== null && this.judged.where !== now.where;
    const changed = moved || (this.judged !== null && this.judged.what !== now.what);
    this.place.classList.toggle("is-void", changed);
    for (const button of this.place.querySelectorAll("[data-needs-validity]")) button.disabled = changed;
    this.note?.remove();
    this.note = null;
    if (!changed) return;
    const words = moved ? t("拟选址范围已改动，本意见已失效；请重新筛查。") : t("项目信息已改动，本意见已失效；请重新筛查。");
    this.note = element("p", { className: "void-note", role: "alert", textContent: words });
    this.place.prepend(this.note);
  }
}
