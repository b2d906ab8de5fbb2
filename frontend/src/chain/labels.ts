/** Which labels can be written without covering one another. */

const CELL_Y = 8;

/** Width of a text in pixels, near enough to keep texts apart: Chinese letters are square, others narrower. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += letter.charCodeAt(0) > 0x2e80 ? size : size * 0.58;
  return width;
}

/** Takes room on a sheet first come, first served. */
export class Room {
  private readonly taken = new Map<number, [number, number][]>();

  take(x: number, y: number, width: number, height: number): boolean {
    const first = Math.floor(y / CELL_Y);
    const last = Math.floor((y + height - 0.01) / CELL_Y);
    for (let row = first; row <= last; row += 1) {
      if (this.taken.get(row)?.some(([from, to]) => x < to && from < x + width)) return false;
    }
    for (let row = first; row <= last; row += 1) {
      const spans = this.taken.get(row);
      if (spans) spans.push([x, x + width]);
      else this.taken.set(row, [[x, x + width]]);
    }
    return true;
  }
}
