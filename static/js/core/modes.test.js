import assert from "node:assert/strict";
import { test } from "node:test";
import { Keyboard } from "./keyboard.js";
import { Modes } from "./modes.js";

function begun() {
  const keyboard = new Keyboard();
  const board = { dataset: {}, contains: () => true };
  const modes = new Modes(board, keyboard);
  const told = [];
  const tool = (id, more = {}) => {
    const button = new EventTarget();
    modes.add({ id, title: id, button, start: () => told.push(`+${id}`), stop: () => told.push(`-${id}`), ...more });
    return button;
  };
  const press = (key) => keyboard.press({ key, target: null, preventDefault: () => null });
  return { modes, board, told, tool, press };
}

test("one tool is in hand at a time, and the map is moved while there is none", () => {
  const { modes, told, tool } = begun();
  tool("draw");
  tool("measure");
  assert.deepEqual([modes.active, modes.isBusy], ["pan", false]);
  modes.start("draw");
  modes.start("measure");
  assert.deepEqual([modes.active, modes.isBusy], ["measure", true]);
  modes.stop();
  modes.stop();
  assert.deepEqual(told, ["+draw", "-draw", "+measure", "-measure"]);
  assert.equal(modes.active, "pan");
});

test("its button, its key and Escape say the same", () => {
  const { modes, board, tool, press } = begun();
  const button = tool("measure", { key: "M", cursor: "cross" });
  assert.equal(button.ariaPressed, "false");
  button.dispatchEvent(new Event("click"));
  assert.deepEqual([button.ariaPressed, board.dataset.tool, board.dataset.cursor], ["true", "measure", "cross"]);
  press("Escape");
  assert.deepEqual([button.ariaPressed, board.dataset.tool, board.dataset.cursor], ["false", "pan", ""]);
  press("m");
  assert.equal(modes.active, "measure");
  press("m");
  assert.equal(modes.active, "pan");
});

test("a step is taken back in the tool in hand, and nowhere where it has none", () => {
  const { modes, tool } = begun();
  const points = [1, 2];
  tool("draw", { undo: () => points.pop() !== undefined });
  tool("edit");
  assert.equal(modes.undo(), false);
  modes.start("draw");
  assert.deepEqual([modes.undo(), modes.undo(), modes.undo(), modes.redo()], [true, true, false, false]);
  modes.start("edit");
  assert.equal(modes.undo(), false);
});

test("keys of a tool work while it is in hand, and two tools may use the same", () => {
  const { modes, tool, press } = begun();
  const done = [];
  for (const id of ["draw", "measure"]) tool(id, { steps: [{ keys: ["Enter"], title: "add", run: () => done.push(id) }] });
  press("Enter");
  modes.start("measure");
  press("Enter");
  modes.start("draw");
  press("Enter");
  assert.deepEqual(done, ["measure", "draw"]);
});

test("a tool that puts itself away while it starts leaves the map movable", () => {
  const { modes, tool } = begun();
  tool("point", { start: () => modes.stop() });
  modes.start("point");
  assert.equal(modes.active, "pan");
});

test("two tools of one name, and a tool nobody added, are faults", () => {
  const { modes, tool } = begun();
  tool("draw");
  assert.throws(() => tool("draw"), /two tools/);
  assert.throws(() => modes.start("split"), /no tool/);
});
