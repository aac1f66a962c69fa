// The overview's hazards laid over the siting map, folded; they give way to what an opinion speaks of.
import { piece } from "./core/api.js";
import { bindLayers } from "./layers.js";
import { element } from "./words.js";
import { Zones } from "./zones.js";

export class SiteLayers {
  box;
  key;
  tell;

  constructor({ map, legend, sources, labels, modes, tell, box, key }) {
    Object.assign(this, { box, key, tell, away: [], lines: [] });
    this.zones = new Zones({ map, legend, sources, labels, modes, onSelect: null, onGap: null, onTrouble: tell });
  }

  async draw() {
    this.box.replaceChildren(...(await piece("/maps/overlays")).children);
    await bindLayers(this.box, this.zones, []);
    this.box.addEventListener("change", () => this.drawKey());
    this.drawKey();
  }

  // The list is folded; what of it lies on the map stands in the map's key.
  drawKey() {
    for (const line of this.lines) line.remove();
    const shown = [...this.box.querySelectorAll("li:has([name=overlay]:checked)")];
    this.lines = shown.map((one) =>
      element("li", { className: "laid-over" }, one.querySelector("svg").cloneNode(true), one.querySelector(".name").firstChild.textContent),
    );
    this.key.append(...this.lines);
  }

  // While an opinion stands the map shows its zones alone; whoever wants more switches it on again.
  giveWay() {
    const shown = [...this.box.querySelectorAll("[name=overlay]:checked")];
    for (const one of shown) this.switch(one, false);
    this.away = [...new Set([...this.away, ...shown])];
  }

  comeBack() {
    for (const one of this.away.splice(0)) this.switch(one, true);
  }

  switch(one, on) {
    one.checked = on;
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
