// @ts-check
// The keyboard of a page: one listener for Escape and for every shortcut. What is registered is what "?" shows.

// Escape lets one thing go: the first of these that is open. A dialog closes by itself before all of them.
const ESCAPE_ORDER = ["suggestions", "drawer", "drawing", "tool", "selection"];
const ESCAPE = "Escape";
const CHARACTER = /^(?:Shift\+)?.$/; // what is said by speech input may be taken for one

/** @typedef {{contains(target: any): boolean}} Place */
/** @typedef {{layer: string, isOpen: () => boolean, close: () => unknown, within?: Place}} Escapable */
/**
 * @typedef {object} Shortcut
 * @property {string[]} keys any of these: "M", "Ctrl+Z", "Shift+Enter", "?"
 * @property {string} title what people call what it does
 * @property {(event: KeyboardEvent) => unknown} [run] what it does; without it somebody else does it
 * @property {() => boolean} [isOn] whether it works now
 * @property {Place} [within] it works only where the focus is in here, then in text fields too if a modifier is held
 */

export class Keyboard {
  /** @type {Escapable[]} */
  #escapables = [];
  /** @type {Shortcut[]} */
  #shortcuts = [];
  /** Whether a single key without a modifier does something wherever the focus is; people who speak their input switch it off. */
  singleKeys = true;

  /** @param {{addEventListener(kind: string, react: (event: any) => void): void}} target */
  listen(target) {
    target.addEventListener("keydown", (event) => this.press(event));
  }

  /**
   * Tells what Escape may close. With `within` it does so only while the focus is in there.
   * @param {Escapable} escapable
   */
  lets(escapable) {
    if (!ESCAPE_ORDER.includes(escapable.layer)) throw new Error(`no layer of Escape: ${escapable.layer}`);
    this.#escapables.push(escapable);
    this.#escapables.sort((one, other) => ESCAPE_ORDER.indexOf(one.layer) - ESCAPE_ORDER.indexOf(other.layer));
  }

  /** @param {Shortcut} shortcut */
  add(shortcut) {
    const taken = shortcut.run && this.#shortcuts.find((one) => clash(one, shortcut));
    if (taken) throw new Error(`${shortcut.keys} is taken: ${taken.title}`);
    this.#shortcuts.push(shortcut);
  }

  /** Everything registered, as people read it; what two tools do alike stands there once. */
  get shortcuts() {
    const told = this.#shortcuts.map(({ keys, title }) => ({ keys, title }));
    return [...new Map(told.map((one) => [JSON.stringify(one), one])).values()];
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.defaultPrevented || event.isComposing || isUnderDialog()) return;
    if (event.key === ESCAPE) this.#escape(event);
    else this.#run(event);
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    const open = this.#escapables.find(
      ({ within, isOpen }) => (!within || within.contains(event.target)) && isOpen(),
    );
    if (!open) return;
    event.preventDefault();
    open.close();
  }

  /** @param {KeyboardEvent} event */
  #run(event) {
    const pressed = keysOf(event);
    const found = this.#shortcuts.find(
      ({ keys, run, within, isOn }) =>
        run && (this.singleKeys || within || !CHARACTER.test(pressed)) && keys.includes(pressed) && (!isOn || isOn()) && reaches(event, within, pressed),
    );
    if (!found) return;
    event.preventDefault();
    found.run?.(event);
  }
}

/**
 * What was pressed, as shortcuts spell it. A sign that needs Shift is named by itself.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 */
export function keysOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const named = key.length === 1 ? key.toUpperCase() : key;
  const isSign = named.length === 1 && !/[A-Z]/.test(named);
  const held = [(ctrlKey || metaKey) && "Ctrl", altKey && "Alt", shiftKey && !isSign && "Shift"];
  return [...held.filter(Boolean), named].join("+");
}

/** @param {Shortcut} one @param {Shortcut} other */
function clash(one, other) {
  if (!one.run || one.isOn || other.isOn) return false; // of what works at times, only one is on
  return one.within === other.within && one.keys.some((key) => other.keys.includes(key));
}

/** @param {KeyboardEvent} event @param {Place | undefined} within @param {string} pressed */
function reaches({ target }, within, pressed) {
  const isWriting = /** @type {HTMLElement | null} */ (target)?.matches?.("input, textarea, select, [contenteditable]");
  if (within) return within.contains(target) && !(isWriting && !pressed.includes("+"));
  return !isWriting;
}

function isUnderDialog() {
  return typeof document !== "undefined" && document.querySelector(":modal") !== null;
}

/** The keyboard of this page. */
export const keyboard = new Keyboard();
if (typeof document !== "undefined") keyboard.listen(document);
