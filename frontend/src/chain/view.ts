/** The part of the tree that is on the screen: two scales and an offset, in CSS pixels. */

export interface View {
  scaleX: number;
  scaleY: number;
  left: number;
  top: number;
}

export interface Extent {
  minX: number;
  maxX: number;
  minY: number;
  maxY: number;
}

export interface Size {
  width: number;
  height: number;
}

export const MARGIN = { left: 24, right: 110, top: 34, bottom: 18 };
const LARGEST_ROW = 60;
const LARGEST_STRETCH = 12;

export function extentOf(x: ArrayLike<number>, y: ArrayLike<number>, visible: ArrayLike<number>): Extent {
  const found = { minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity };
  for (let i = 0; i < x.length; i += 1) {
    if (!visible[i]) continue;
    found.minX = Math.min(found.minX, x[i]!);
    found.maxX = Math.max(found.maxX, x[i]!);
    found.minY = Math.min(found.minY, y[i]!);
    found.maxY = Math.max(found.maxY, y[i]!);
  }
  return found.minX === Infinity ? { minX: 0, maxX: 1, minY: 0, maxY: 1 } : found;
}

/** The whole extent inside the margins; rows never stand farther apart than reads well. */
export function fit(extent: Extent, size: Size): View {
  const width = Math.max(1, size.width - MARGIN.left - MARGIN.right);
  const height = Math.max(1, size.height - MARGIN.top - MARGIN.bottom);
  const spanX = extent.maxX - extent.minX || 1;
  const spanY = extent.maxY - extent.minY || 1;
  const scaleX = width / spanX;
  const scaleY = Math.min(height / spanY, LARGEST_ROW);
  const rest = height - scaleY * (extent.maxY - extent.minY);
  return {
    scaleX,
    scaleY,
    left: MARGIN.left - extent.minX * scaleX,
    top: MARGIN.top + Math.max(0, rest / 2) - extent.minY * scaleY,
  };
}

/** Closer by a factor around a point that stays where it is. Time stretches less than the rows do. */
export function zoom(view: View, factor: number, x: number, y: number, whole: View): View {
  const scaleY = clamp(view.scaleY * factor, whole.scaleY * 0.8, Math.max(LARGEST_ROW, whole.scaleY));
  const scaleX = clamp(view.scaleX * Math.sqrt(factor), whole.scaleX * 0.8, whole.scaleX * LARGEST_STRETCH);
  return {
    scaleX,
    scaleY,
    left: x - ((x - view.left) * scaleX) / view.scaleX,
    top: y - ((y - view.top) * scaleY) / view.scaleY,
  };
}

export function shift(view: View, dx: number, dy: number): View {
  return { ...view, left: view.left + dx, top: view.top + dy };
}

/** Moved just so far that a point is inside the margins. */
export function reveal(view: View, x: number, y: number, size: Size): View {
  const at = { x: x * view.scaleX + view.left, y: y * view.scaleY + view.top };
  const dx = clamp(at.x, MARGIN.left, size.width - MARGIN.right) - at.x;
  const dy = clamp(at.y, MARGIN.top + 8, size.height - MARGIN.bottom) - at.y;
  return shift(view, dx, dy);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
