// A form with a position: coordinates and map say the same place.
import { mountMap } from "../core/page.js";
import { Drawing } from "../drawing.js";
import { asOutline, Outline } from "../outline.js";
import { RegisterForm } from "../forms.js";
import { SiteMap } from "../sitemap.js";
import { remoteSources } from "../sources.js";
import { showUnderstood } from "../understood.js";

export function attach(map, { legend }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    const form = document.querySelector("form[data-form]");
    const site = new SiteMap({ ...page, key: document.getElementById("map-key") });
    const { draft, outline } = new RegisterForm(form, (made) => new Outline(made));
    const drawing = new Drawing({ ...page, toolbar: document.getElementById("draw-tools"), draft, outline, site });
    draft.store.watch(["reading"], () => showReading({ form, outline, site }, drawing));
    await page.ground();
    const { geometry } = draft.values.base;
    if (draft.begin() || !geometry) return;
    draft.history.begin(asOutline(geometry, "project"));
    await outline.reading;
  });
}

function showReading({ form, outline, site }, drawing) {
  const { geometry, source, isRead } = outline.told;
  if (isRead) showUnderstood(form.querySelector("[data-understood]"), outline);
  if (geometry && geometry === site.standing) return;
  site.showSite(geometry, { fly: !["drawn", "step"].includes(source) });
  drawing.redrawn();
}
