// @ts-check
// What was done on a page, command by command: undone, redone, and kept through a reload of the page.
import { debounce } from "./debounce.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Values} Values */
/** @typedef {{name: string, before: Values, after: Values, join: string | null, number: number}} Command */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Shelf */

const MOST_COMMANDS = 200;
const MOST_CHARACTERS = 1_500_000; // of what is kept: browsers give a page some five million
const SETTLE_MS = 300; // until a change is kept
const JOINED_MS = 1500; // until the next change of the same kind is a command of its own

export class History extends EventTarget {
  /** @type {Command[]} */
  #commands = [];
  #place = 0; // how many of them are done
  #number = 0;
  #saved = 0;
  #floor = 0; // the number of the newest command forgotten for want of room
  /** @type {Set<string>} */
  #touched = new Set();
  #last_ms = -Infinity;
  /** Whether a step back or forth is being taken, or kept work brought back. */
  isStepping = false;
  /** Whether the work on the page would be there again after a reload. */
  isKept = true;

  /**
   * @param {Store} store
   * @param {{shelf?: Shelf | null, key?: string, clock?: () => number}} options shelf and key: where the work is kept
   */
  constructor(store, { shelf = null, key = "", clock = Date.now } = {}) {
    super();
    this.store = store;
    this.shelf = shelf;
    this.key = key;
    this.clock = clock;
    this.keepSoon = debounce(() => this.keep(), SETTLE_MS);
  }

  /** The command that undo would take back. */
  get last() {
    return this.#commands[this.#place - 1] ?? null;
  }

  /** The command that redo would do again. */
  get next() {
    return this.#commands[this.#place] ?? null;
  }

  get #here() {
    return this.last?.number ?? this.#floor;
  }

  /** Whether something was done that is not saved. */
  get isDirty() {
    return this.#here !== this.#saved;
  }

  /**
   * What the page starts with: no command, but kept with those that follow.
   * @param {Values} values
   */
  begin(values) {
    for (const name of Object.keys(values)) this.#touched.add(name);
    this.store.change(values);
  }

  /**
   * Does a command: changes the state, and can change it back.
   * @param {string} name what people call it
   * @param {Values} changes
   * @param {{join?: string | null, pause_ms?: number}} options commands of one `join` are one where no more than the pause is
   *   between them
   */
  do(name, changes, { join = null, pause_ms = JOINED_MS } = {}) {
    const before = picked(this.store.values, changes);
    if (alike(before, changes)) return;
    this.#commands.length = this.#place;
    const last = this.last;
    if (last && join && last.join === join && this.#follows(last, pause_ms)) this.#extend(last, changes);
    else this.#add({ name, before, after: { ...changes }, join, number: ++this.#number });
    this.#last_ms = this.clock();
    this.#changed(changes);
  }

  undo() {
    const command = this.last;
    if (!command) return null;
    this.#place -= 1;
    this.#step(command.before);
    return command;
  }

  redo() {
    const command = this.next;
    if (!command) return null;
    this.#place += 1;
    this.#step(command.after);
    return command;
  }

  /** The next command stands by itself, whatever it would join. */
  seal() {
    this.#last_ms = -Infinity;
  }

  /** What is there now is saved elsewhere. */
  saved() {
    this.#saved = this.#here;
    this.seal();
    this.keepSoon();
    this.#tell();
  }

  /** Forgets all commands; the state stays. */
  forget() {
    this.isKept = true;
    this.#commands = [];
    this.#place = this.#number = this.#saved = this.#floor = 0;
    this.#touched.clear();
    this.seal();
    this.keepSoon.cancel();
    this.shelf?.removeItem(this.key);
    this.#tell();
  }

  /** Keeps everything for a reload; the oldest commands go where there is too much of it. */
  keep() {
    this.keepSoon.cancel();
    if (!this.shelf) return;
    let text = this.#written();
    while (text.length > MOST_CHARACTERS && this.#place > 1) {
      this.#drop(Math.ceil(this.#place / 2));
      text = this.#written();
    }
    try {
      this.shelf.setItem(this.key, text);
      this.isKept = true;
    } catch {
      this.isKept = false;
    }
  }

  /** Brings back what was kept: true where there was work to bring back. */
  restore() {
    const kept = readKept(this.shelf, this.key);
    if (!kept?.commands.length) return false;
    this.#commands = kept.commands;
    this.#place = kept.place;
    this.#saved = kept.saved;
    this.#floor = kept.floor;
    this.#number = Math.max(...kept.commands.map(({ number }) => number));
    this.#step(kept.values);
    return true;
  }

  /**
   * Keeps what is there when the page is left, and asks first where it is not saved and would be lost.
   * @param {Window} page
   * @param {{asks?: boolean}} options asks: also where a reload would bring it back
   */
  guard(page, { asks = false } = {}) {
    page.addEventListener("pagehide", () => this.keepSoon.now());
    page.addEventListener("beforeunload", (event) => {
      this.keepSoon.now();
      if (this.isDirty && (asks || !this.isKept)) event.preventDefault();
    });
  }

  /** @param {Command} last @param {number} pause_ms */
  #follows(last, pause_ms) {
    return last.number !== this.#saved && this.clock() - this.#last_ms < pause_ms;
  }

  /** @param {Command} last @param {Values} changes */
  #extend(last, changes) {
    const before = { ...picked(this.store.values, changes), ...last.before };
    Object.assign(last, { before, after: { ...last.after, ...changes } });
    if (alike(before, last.after)) this.#commands.length = --this.#place;
  }

  /** @param {Command} command */
  #add(command) {
    this.#commands.push(command);
    this.#place += 1;
    if (this.#place > MOST_COMMANDS) this.#drop(1);
  }

  /** @param {number} count of the oldest commands */
  #drop(count) {
    this.#floor = this.#commands.splice(0, count).at(-1)?.number ?? this.#floor;
    this.#place -= count;
  }

  /** @param {Values} changes */
  #step(changes) {
    this.seal();
    this.isStepping = true;
    try {
      this.#changed(changes);
    } finally {
      this.isStepping = false;
    }
  }

  /** @param {Values} changes */
  #changed(changes) {
    for (const name of Object.keys(changes)) this.#touched.add(name);
    this.store.change(changes);
    this.keepSoon();
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }

  #written() {
    const values = Object.fromEntries([...this.#touched].map((name) => [name, this.store.values[name] ?? null]));
    const [commands, place, saved, floor] = [this.#commands, this.#place, this.#saved, this.#floor];
    return JSON.stringify({ values, commands, place, saved, floor });
  }
}

/**
 * @param {Shelf | null} shelf
 * @param {string} key
 * @returns {{values: Values, commands: Command[], place: number, saved: number, floor: number} | null}
 */
function readKept(shelf, key) {
  try {
    return JSON.parse(shelf?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Values} values @param {Values} names whose names are wanted @returns {Values} */
function picked(values, names) {
  return Object.fromEntries(Object.keys(names).map((name) => [name, values[name] ?? null]));
}

/** @param {Values} one @param {Values} other of the same names */
function alike(one, other) {
  return Object.keys(one).every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name] ?? null));
}

/** Where a page may keep work through a reload; null where the browser lets it keep nothing. */
export function shelfOfBrowser() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
