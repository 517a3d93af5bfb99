// Lets others have their turn: signals, timers, answers. What only awaits what is there already would keep them waiting.

/** Resolves in the next turn of the event loop; no time passes. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
