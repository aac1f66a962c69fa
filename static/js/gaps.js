// Ground nobody surveyed for a theme: the card that says where it is, who lives there and what to do about it.
import { facts, showCard } from "./card.js";
import { areaWords, element, t } from "./words.js";

const MOST_NAMES = 3;

export function gapParts(legend, ground) {
  const told = sumOf(ground);
  const due = named(legend, told.lacking);
  return [
    element("header", {}, element("h2", { className: "gap-title", textContent: gapWords(legend, ground) })),
    facts([
      [t("未调查专题"), due],
      [t("影响的专题"), told.lacking.includes(told.hazard) ? null : legend.hazardName(told.hazard)],
      [t("所在村"), told.villages.join(t("、")) || t("村名未知")],
      [t("面积"), areaWords(told.area_m2)],
      [t("居住人口"), told.people == null ? t("没有完整的人口数") : t("{n} 人", { n: Math.round(told.people) })],
      [t("应做"), t("补充{due}调查并导入成果", { due })],
    ]),
    element("p", { className: "quiet", textContent: t("未调查不等于安全：此处不判等级，选址按“资料不足”处理。") }),
  ];
}

// The whole of it in one line: theme, villages, area, people and what to do, parted by middle dots.
export function gapWords(legend, ground) {
  const { lacking, villages, area_m2, people } = sumOf(ground);
  const some = villages.length > MOST_NAMES;
  const where = some ? t("{name}等 {n} 个村", { name: villages[0], n: villages.length }) : villages.join(t("、"));
  return t("未调查：{themes} · {where} · {area} · {people} · 应补调查", {
    themes: named(legend, lacking),
    where: where || t("村名未知"),
    area: areaWords(area_m2),
    people: people == null ? t("人口不详") : t("{n} 人", { n: Math.round(people) }),
  });
}

// Pieces never share ground, so areas and people add up; one piece of unknown people leaves the sum unknown.
function sumOf(ground) {
  const told = ground.map(({ properties }) => properties);
  const every = (name) => [...new Set(told.flatMap((piece) => piece[name] ?? []))];
  const sum = (name) => told.reduce((whole, piece) => whole + piece[name], 0);
  const counted = told.every(({ people }) => people != null);
  return {
    hazard: told[0].hazard,
    lacking: every("lacking"),
    villages: every("villages"),
    area_m2: sum("area_m2"),
    people: counted ? sum("people") : null,
  };
}

function named(legend, hazards) {
  return hazards.map((hazard) => legend.hazardName(hazard)).join(t("、"));
}

// A piece of hatch answers a click and, with the keyboard, Enter or the space bar; whatever lies under it does not.
export function answersFor(layer, { words, act, busy }) {
  layer.on("click", (event) => {
    if (busy()) return;
    L.DomEvent.stop(event);
    act();
  });
  layer.on("add", () => {
    const path = layer.getElement?.();
    if (!path) return;
    for (const [name, value] of Object.entries({ tabindex: "0", role: "button", "aria-label": words }))
      path.setAttribute(name, value);
    path.addEventListener("keydown", (event) => {
      if (busy() || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      act();
    });
  });
}

// The buttons that name a gap: each shows its theme where there is one, frames the ground and opens its card.
export function bindGaps(zones, themes, panel) {
  const buttons = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-unsurveyed], [data-legend-gap]"))];
  const hazardOf = ({ dataset }) => dataset.unsurveyed || dataset.legendGap;
  const press = (hazard) => {
    for (const button of buttons) button.ariaPressed = String(hazardOf(button) === hazard);
  };
  for (const button of buttons)
    button.addEventListener("click", async () => {
      const hazard = hazardOf(button);
      if (button.ariaPressed === "true") return zones.onGap(null);
      const theme = zones.theme?.hazard === hazard ? null : themes.find((one) => one.hazard === hazard);
      const radio = theme && panel.querySelector(`[name=theme][value="${CSS.escape(theme.key)}"]`);
      if (radio && !radio.checked) {
        radio.checked = true;
        radio.dispatchEvent(new Event("change", { bubbles: true }));
      }
      document.querySelector(".folium-map").scrollIntoView({ block: "nearest" });
      return zones.openGap(hazard);
    });
  zones.onPress = press;
}

// A map without a selection of its own shows the card and lets it go again.
export function gapCard({ card, legend, zones }) {
  const close = () => {
    card.hidden = true;
    zones.leaveGap();
  };
  return (ground) => (ground ? showCard(card, gapParts(legend, ground), close) : close());
}
