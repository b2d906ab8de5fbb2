/** Two things a tree can be drawn on: a canvas, and a text that is an SVG file. */

export type Shape = "dot" | "ring" | "square" | "diamond" | "triangle" | "cross";

export interface Ink {
  colour: string;
  alpha: number;
  width?: number;
  dashed?: boolean;
  /** Colour of a rim that keeps a text readable on lines. */
  rim?: string;
}

export interface Sheet {
  /** Curves given as x1, y1, x2, y2 one after another. */
  curves(ends: number[], ink: Ink): void;
  /** Straight vertical lines given as x, top, bottom. */
  verticals(lines: number[], ink: Ink): void;
  /** Marks of one shape given as x, y one after another. */
  marks(shape: Shape, places: number[], radius: number, ink: Ink): void;
  text(x: number, y: number, words: string, size: number, ink: Ink): void;
}

const RIM = 3;

/** Corners of a shape around nothing; null for round ones. */
function corners(shape: Shape, r: number): [number, number][] | null {
  if (shape === "square") return [[-r, -r], [r, -r], [r, r], [-r, r]];
  if (shape === "diamond") return [[0, -r * 1.3], [r * 1.3, 0], [0, r * 1.3], [-r * 1.3, 0]];
  if (shape === "triangle") return [[0, -r * 1.2], [r * 1.15, r * 0.9], [-r * 1.15, r * 0.9]];
  return null;
}

export class CanvasSheet implements Sheet {
  private readonly pen: CanvasRenderingContext2D;
  private readonly font: string;

  constructor(pen: CanvasRenderingContext2D, font: string) {
    this.pen = pen;
    this.font = font;
  }

  curves(ends: number[], ink: Ink): void {
    this.begin(ink);
    for (let i = 0; i < ends.length; i += 4) {
      const [x1, y1, x2, y2] = [ends[i]!, ends[i + 1]!, ends[i + 2]!, ends[i + 3]!];
      const middle = (x1 + x2) / 2;
      this.pen.moveTo(x1, y1);
      this.pen.bezierCurveTo(middle, y1, middle, y2, x2, y2);
    }
    this.pen.stroke();
  }

  verticals(lines: number[], ink: Ink): void {
    this.begin(ink);
    for (let i = 0; i < lines.length; i += 3) {
      this.pen.moveTo(lines[i]!, lines[i + 1]!);
      this.pen.lineTo(lines[i]!, lines[i + 2]!);
    }
    this.pen.stroke();
  }

  marks(shape: Shape, places: number[], radius: number, ink: Ink): void {
    const { pen } = this;
    this.begin(ink);
    const points = corners(shape, radius);
    for (let i = 0; i < places.length; i += 2) {
      const [x, y] = [places[i]!, places[i + 1]!];
      if (shape === "cross") {
        pen.moveTo(x - radius, y - radius);
        pen.lineTo(x + radius, y + radius);
        pen.moveTo(x + radius, y - radius);
        pen.lineTo(x - radius, y + radius);
      } else if (points) {
        points.forEach(([dx, dy], k) => (k === 0 ? pen.moveTo(x + dx, y + dy) : pen.lineTo(x + dx, y + dy)));
        pen.closePath();
      } else {
        pen.moveTo(x + radius, y);
        pen.arc(x, y, radius, 0, 2 * Math.PI);
      }
    }
    if (shape === "cross" || shape === "ring") pen.stroke();
    else pen.fill();
  }

  text(x: number, y: number, words: string, size: number, ink: Ink): void {
    this.pen.globalAlpha = ink.alpha;
    this.pen.fillStyle = ink.colour;
    this.pen.font = `${size}px ${this.font}`;
    if (ink.rim) {
      this.pen.strokeStyle = ink.rim;
      this.pen.lineWidth = RIM;
      this.pen.lineJoin = "round";
      this.pen.setLineDash([]);
      this.pen.strokeText(words, x, y);
    }
    this.pen.fillText(words, x, y);
  }

  private begin(ink: Ink): void {
    const { pen } = this;
    pen.globalAlpha = ink.alpha;
    pen.strokeStyle = ink.colour;
    pen.fillStyle = ink.colour;
    pen.lineWidth = ink.width ?? 1;
    pen.setLineDash(ink.dashed ? [4, 3] : []);
    pen.beginPath();
  }
}

export class SvgSheet implements Sheet {
  private readonly parts: string[] = [];

  curves(ends: number[], ink: Ink): void {
    let path = "";
    for (let i = 0; i < ends.length; i += 4) {
      const middle = round((ends[i]! + ends[i + 2]!) / 2);
      const [y1, x2, y2] = [round(ends[i + 1]!), round(ends[i + 2]!), round(ends[i + 3]!)];
      path += `M${round(ends[i]!)} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
    }
    this.stroke(path, ink);
  }

  verticals(lines: number[], ink: Ink): void {
    let path = "";
    for (let i = 0; i < lines.length; i += 3) path += `M${round(lines[i]!)} ${round(lines[i + 1]!)}V${round(lines[i + 2]!)}`;
    this.stroke(path, ink);
  }

  marks(shape: Shape, places: number[], r: number, ink: Ink): void {
    const points = corners(shape, r);
    let path = "";
    for (let i = 0; i < places.length; i += 2) {
      const [x, y] = [places[i]!, places[i + 1]!];
      if (shape === "cross") path += `M${round(x - r)} ${round(y - r)}l${2 * r} ${2 * r}M${round(x + r)} ${round(y - r)}l${-2 * r} ${2 * r}`;
      else if (points) path += `M${points.map(([dx, dy]) => `${round(x + dx)} ${round(y + dy)}`).join("L")}Z`;
      else path += `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    }
    if (shape === "cross" || shape === "ring") this.stroke(path, ink);
    else if (path) this.parts.push(`<path d="${path}" fill="${ink.colour}" opacity="${ink.alpha}"/>`);
  }

  text(x: number, y: number, words: string, size: number, ink: Ink): void {
    const rim = ink.rim ? ` stroke="${ink.rim}" stroke-width="${RIM}" paint-order="stroke"` : "";
    const place = `x="${round(x)}" y="${round(y)}" font-size="${size}"`;
    this.parts.push(`<text ${place} fill="${ink.colour}" opacity="${ink.alpha}"${rim}>${escape(words)}</text>`);
  }

  file(width: number, height: number, paper: string, font: string): string {
    const box = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    const ground = `<rect width="100%" height="100%" fill="${paper}"/>`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${box} font-family="${escape(font)}">${ground}${this.parts.join("\n")}</svg>\n`;
  }

  private stroke(path: string, ink: Ink): void {
    if (!path) return;
    const dash = ink.dashed ? ` stroke-dasharray="4 3"` : "";
    this.parts.push(`<path d="${path}" fill="none" stroke="${ink.colour}" stroke-width="${ink.width ?? 1}" opacity="${ink.alpha}"${dash}/>`);
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
