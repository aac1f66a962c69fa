// What a report says for the console and the page alike, as the page says it: a field by its label, never an option of a command.
import { t } from "./words.js";

const ASIDE = /[（(][^（()）]*--[a-z-]+[）)]/g; // what is said to the console alone ends with its option
const OPTION = /--([a-z]+(?:-[a-z]+)*)/g;

export function onPage(words) {
  return (words ?? "").replace(ASIDE, "").replace(OPTION, (whole, option) => {
    const label = document.querySelector(`label[data-option="${option}"]`);
    return label ? t("「{label}」", { label: label.textContent.replace(/[（(].*/, "").trim() }) : whole;
  });
}
