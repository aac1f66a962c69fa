// @ts-check
// A word to the reader that needs no answer: one at a time at the foot of the page, with at most one thing to do about it.
import { element, t } from "../words.js";

/**
 * @param {string} words
 * @param {{act?: {words: string, run: () => unknown}}} options
 */
export function toast(words, { act } = {}) {
  const place = document.getElementById("toast") ?? element("div", { id: "toast", className: "toast", role: "status" });
  if (!place.isConnected) document.body.append(place);
  const button = act && element("button", { type: "button", className: "button", textContent: act.words });
  const close = element("button", { type: "button", className: "close", ariaLabel: t("关闭"), textContent: "×" });
  const end = () => place.replaceChildren();
  close.addEventListener("click", end);
  button?.addEventListener("click", () => {
    end();
    act?.run();
  });
  place.replaceChildren(element("span", { textContent: words }), ...(button ? [button] : []), close);
}
