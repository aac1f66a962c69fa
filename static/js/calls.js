// Calls to villages: whom to call, where each village stands in the incident in hand, and what came of a call. Nobody
// answered until somebody says so: an attempt is one press, an answer is another.
import { codeName } from "./codes.js";
import { send } from "./core/api.js";
import { keyboard } from "./core/keyboard.js";
import { telephoneParts } from "./core/telephone.js";
import { toast } from "./core/toast.js";
import { troubleWords } from "./duty.js";
import { element, t } from "./words.js";

// What stands under a village that is cut off: where it stands, then everybody to call.
export function callParts({ id, name, call }, contacts) {
  const state = call && element("span", { className: call.state === "answered" ? "also" : "also lacking", textContent: stateWords(call) });
  const people = contacts.filter(({ village }) => village === id);
  const none = !people.length && element("span", { className: "also lacking", textContent: t("没有登记联系人") });
  return [state, none, ...people.map((one) => contactLine(one, name))].filter(Boolean);
}

export function stateWords({ state, attempts, since, who, at }) {
  if (state === "answered") return t("已叫应：{who}，{at}", { who, at: clock(at) });
  if (state === "no_answer") return t("无人接听 {n} 次，{since} 起", { n: attempts, since: clock(since) });
  return codeName("call_state", state);
}

function contactLine({ role, name, contact_phone, satellite_phone, village_code }, village) {
  const button = (words, answered) => {
    const made = element("button", { type: "button", className: "button small", textContent: words, ariaLabel: `${words}：${village} ${name}` });
    made.dataset.call = JSON.stringify({ village, village_code, who: name, answered });
    return made;
  };
  const satellite = satellite_phone ? [" ", t("卫星电话"), " ", ...telephoneParts(satellite_phone)] : [];
  return element("span", { className: "also contact-line" }, codeName("contact_role", role), " ", name, " ", ...telephoneParts(contact_phone), ...satellite, button(t("没人接"), false), button(t("已接听"), true));
}

// A call goes into the log of the incident in hand; L goes from village to village that nobody has heard of yet.
export function bindCalls(cases, onLogged) {
  document.addEventListener("click", async ({ target }) => {
    const button = /** @type {HTMLElement} */ (target).closest?.("[data-call]");
    if (!(button instanceof HTMLElement)) return;
    if (!cases.incident) return toast(t("先接报或打开一个事件，叫应才有处可记。"));
    const called = JSON.parse(button.dataset.call || "{}");
    const { village, who, answered } = called;
    try {
      await send("/api/incidents/{number}/calls", called, { path: { number: cases.incident.id } });
      toast(answered ? t("{village} {who}：已叫应。", { village, who }) : t("{village} {who}：没人接，已记录。", { village, who }));
      await onLogged();
      const again = document.querySelector(`[data-call=${CSS.escape(button.dataset.call || "")}]`);
      if (again instanceof HTMLElement) again.focus();
    } catch (trouble) {
      toast(troubleWords(trouble));
    }
    return null;
  });
  keyboard.add({ keys: ["L"], title: t("到下一个没有叫应的村"), run: toNext, isOn: () => waiting().length > 0 });
}

function waiting() {
  return [...document.querySelectorAll("li[data-unheard]")].map((row) => row.querySelector("[data-call]")).filter((button) => button instanceof HTMLElement);
}

function toNext() {
  const buttons = waiting();
  const at = buttons.findIndex((button) => button.closest("li")?.contains(document.activeElement));
  buttons[(at + 1) % buttons.length].focus();
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 5);
}
