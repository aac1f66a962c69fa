// Places to compare with: asked for under an opinion, shown on the map, taken as the outline by whoever wants to. Each is
// {geometry, parts}, with the parts of the site where they would lie.
import { piece } from "./core/api.js";
import { t } from "./words.js";

// onShow: shows places on the map and the one that is meant; onTake: makes one the outline of the request; onKeep: has the
// site judged again with them on its record.
export function bindPlaces(place, { feature, onShow, onTake, onKeep, onTrouble }) {
  const button = place.querySelector("[data-compare]");
  if (!button) return;
  const told = place.querySelector(".places-told");
  button.addEventListener("click", async () => {
    button.disabled = true;
    told.textContent = t("正在试各处范围…");
    try {
      const within_m = Number(place.querySelector("#places-within").value);
      const body = await piece("/siting/places", { ...feature, within_m, count: 3 });
      const facts = takeFacts(body);
      told.replaceChildren(...body.children);
      onShow(facts, null);
      bindRows(told, facts, { onShow, onTake });
      told.querySelector("[data-keep]").addEventListener("click", () => onKeep(within_m));
    } catch (trouble) {
      told.textContent = "";
      onTrouble(trouble);
    } finally {
      button.disabled = false;
    }
  });
}

function takeFacts(body) {
  const script = body.querySelector("script.places-facts");
  script.remove();
  return JSON.parse(script.textContent);
}

function bindRows(told, facts, { onShow, onTake }) {
  const placeOf = (key) => (key === "move" ? facts.move : facts.places[Number(key)]);
  for (const name of told.querySelectorAll("[data-place]")) {
    const show = () => onShow(facts, placeOf(name.dataset.place));
    name.addEventListener("click", show);
    name.addEventListener("focus", show);
  }
  for (const take of told.querySelectorAll("[data-take]"))
    take.addEventListener("click", () => onTake(placeOf(take.dataset.take)));
}
