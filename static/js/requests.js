// What goes with every request of htmx: the token of the sign-in on writes, and words where one does not succeed.
import { csrfHeader } from "./session.js";
import { t } from "./words.js";

export function watchRequests(say) {
  document.body.addEventListener("htmx:configRequest", ({ detail }) => Object.assign(detail.headers, csrfHeader(detail.verb)));
  document.body.addEventListener("htmx:responseError", ({ detail }) => say(t("没有载入：{reason}", { reason: reasonOf(detail.xhr) })));
  document.body.addEventListener("htmx:sendError", () => say(t("没有载入：{reason}", { reason: t("服务没有回应") })));
  document.body.addEventListener("htmx:afterSwap", () => say(""));
}

function reasonOf({ responseText, status }) {
  try {
    return JSON.parse(responseText).detail;
  } catch {
    return `HTTP ${status}`;
  }
}

const trouble = document.getElementById("requests-trouble");
if (trouble)
  watchRequests((words) => {
    trouble.textContent = words;
    trouble.hidden = !words;
  });
