// The opinion as the server tells it: a piece of the page, and in it the answer it was written from, for the map.
import { piece, Problem } from "./core/api.js";
import { csrfHeader, fetchWithSession } from "./session.js";
import { language } from "./words.js";

// Asks for the opinion on a site; one question is one judgement and, of whoever is signed in, one number.
// within_m: keep the places to compare with that far in it.
export async function askOpinion(feature, within_m = null) {
  const body = await (within_m ? piece("/siting/places/opinion", { ...feature, within_m, count: 3 }) : piece("/siting/opinion", feature));
  const facts = body.querySelector("script.opinion-facts");
  facts.remove();
  return { parts: [...body.children], opinion: JSON.parse(facts.textContent) };
}

// What a told opinion answers to: its rows show their zones on the map, its buttons print it or fetch it as a file.
export function bindOpinion(place, { onZone, onTrouble, feature, record, hasVisits }) {
  place.querySelector("[data-print]").addEventListener("click", () => window.print());
  for (const button of place.querySelectorAll("[data-report]"))
    button.addEventListener("click", () => takeReport(button, { feature, record, hasVisits }).catch(onTrouble));
  for (const row of place.querySelectorAll("tr[data-zone]")) {
    const { zone } = row.dataset;
    const name = row.querySelector(".zone-link");
    row.addEventListener("mouseenter", () => onZone(zone, { fly: false }));
    row.addEventListener("mouseleave", () => onZone(null, { fly: false }));
    name.addEventListener("click", () => onZone(zone, { fly: true }));
    name.addEventListener("focus", () => onZone(zone, { fly: false }));
  }
}

// The opinion on record as a file; a guest's, which is on none, is judged again for it.
async function takeReport(button, { feature, record, hasVisits }) {
  const kind = button.dataset.report;
  const more = new URLSearchParams(hasVisits ? { visits: "true" } : {});
  const address = record
    ? `/api/siting/checks/${encodeURIComponent(record.number)}/report.${kind}?${more}`
    : `/api/siting/report?${new URLSearchParams([["format", kind], ...more])}`;
  const order = record ? {} : { method: "POST", body: JSON.stringify(feature) };
  const headers = () => ({ "Content-Type": "application/json", "Accept-Language": language, ...csrfHeader(order.method) });
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetchWithSession(() => fetch(address, { ...order, headers: headers() }));
    if (!answer.ok) throw new Problem(await answer.json().catch(() => ({})), answer.status);
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))[1];
    keep(await answer.blob(), name);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function keep(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
