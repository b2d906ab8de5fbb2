/** The canvas of the tree and the hands on it: dragging, wheel, pinch, pointing. It knows pixels, not people. */
import type { View } from "./view.ts";
import { shift } from "./view.ts";

export interface Hands {
  view(): View;
  moved(view: View): void;
  zoomed(factor: number, x: number, y: number): void;
  pointed(x: number, y: number): void;
  clicked(x: number, y: number): void;
  left(): void;
}

const CLICK_PX = 5;

export function watchHands(canvas: HTMLCanvasElement, hands: Hands): void {
  const down = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, at(event));
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const here = at(event);
    const before = down.get(event.pointerId);
    if (!before) {
      hands.pointed(here.x, here.y);
      return;
    }
    travelled += Math.hypot(here.x - before.x, here.y - before.y);
    if (down.size === 2) pinch(down, event.pointerId, here, hands);
    else if (travelled > CLICK_PX) hands.moved(shift(hands.view(), here.x - before.x, here.y - before.y));
    down.set(event.pointerId, here);
  });
  const release = (event: PointerEvent): void => {
    const single = down.size === 1;
    if (!down.delete(event.pointerId)) return;
    if (event.type === "pointerup" && single && travelled <= CLICK_PX) hands.clicked(at(event).x, at(event).y);
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => hands.left());
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
      hands.zoomed(Math.exp(-step / 300), at(event).x, at(event).y);
    },
    { passive: false },
  );
}

function at(event: MouseEvent): { x: number; y: number } {
  return { x: event.offsetX, y: event.offsetY };
}

function pinch(down: Map<number, { x: number; y: number }>, moving: number, here: { x: number; y: number }, hands: Hands): void {
  const before = down.get(moving);
  const other = [...down].find(([id]) => id !== moving)?.[1];
  if (!before || !other) return;
  const factor = Math.hypot(here.x - other.x, here.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
  hands.zoomed(factor, (here.x + other.x) / 2, (here.y + other.y) / 2);
}
