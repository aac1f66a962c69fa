// @ts-check
// The tool in hand: one at a time, or none, and then the map is moved. It says the cursor and whose a click is.

/** @typedef {import("./keyboard.js").Keyboard} Keyboard */
/**
 * @typedef {object} Tool
 * @property {string} id
 * @property {string} title what people call it
 * @property {() => unknown} start
 * @property {() => unknown} stop
 * @property {string} [key] its letter while the focus is on the map
 * @property {string} [cursor] "cross", or the usual one
 * @property {HTMLButtonElement} [button] takes it in hand and puts it away
 * @property {{keys: string[], title: string, run: () => unknown}[]} [steps] its keys while it is in hand
 * @property {() => boolean} [undo] takes back a step of its own; false where there is none
 * @property {() => boolean} [redo]
 */

export class Modes extends EventTarget {
  /** @type {Map<string, Tool>} */
  #tools = new Map();
  /** @type {Tool | null} */
  #inHand = null;

  /**
   * @param {HTMLElement} board the map, which shows the cursor of the tool
   * @param {Keyboard} keyboard
   */
  constructor(board, keyboard) {
    super();
    this.board = board;
    this.keyboard = keyboard;
    keyboard.lets({ layer: "tool", isOpen: () => this.isBusy, close: () => this.stop() });
  }

  /** Whether clicks on the map belong to a tool. */
  get isBusy() {
    return this.#inHand !== null;
  }

  /** The name of the tool in hand: "pan" where the map is moved. */
  get active() {
    return this.#inHand?.id ?? "pan";
  }

  /** @param {Tool} tool */
  add(tool) {
    if (this.#tools.has(tool.id)) throw new Error(`two tools are called ${tool.id}`);
    this.#tools.set(tool.id, tool);
    tool.button?.addEventListener("click", () => this.toggle(tool.id));
    if (tool.button) tool.button.ariaPressed = "false";
    if (tool.key)
      this.keyboard.add({ keys: [tool.key], title: tool.title, run: () => this.toggle(tool.id), within: this.board });
    for (const step of tool.steps ?? [])
      this.keyboard.add({ ...step, isOn: () => this.#inHand === tool, within: this.board });
  }

  /** @param {string} id */
  start(id) {
    const tool = this.#tools.get(id);
    if (!tool) throw new Error(`no tool is called ${id}`);
    if (this.#inHand) this.#putAway(this.#inHand);
    this.#inHand = tool;
    tool.start();
    if (this.#inHand === tool) this.#show();
  }

  stop() {
    if (!this.#inHand) return;
    this.#putAway(this.#inHand);
    this.#show();
  }

  /** @param {string} id */
  toggle(id) {
    this.active === id ? this.stop() : this.start(id);
  }

  /** Takes back a step of the tool in hand; false where it has none. */
  undo() {
    return this.#inHand?.undo?.() ?? false;
  }

  redo() {
    return this.#inHand?.redo?.() ?? false;
  }

  /** @param {Tool} tool */
  #putAway(tool) {
    this.#inHand = null;
    tool.stop();
  }

  #show() {
    for (const { id, button } of this.#tools.values()) if (button) button.ariaPressed = String(id === this.active);
    this.board.dataset.tool = this.active;
    this.board.dataset.cursor = this.#inHand?.cursor ?? "";
    this.dispatchEvent(new Event("change"));
  }
}
