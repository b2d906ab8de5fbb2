/** The map's layers. No tiles, no glyph server, no sprites: texts are drawn with the fonts of the machine. */
import type { ExpressionSpecification, StyleSpecification } from "maplibre-gl";

import { colour, html, letterHeight } from "../shared/dom.ts";
import type { Metric } from "./tones.ts";
import { spread } from "./tones.ts";

const NOTHING = { type: "FeatureCollection", features: [] } as const;
const SIZE = 22;

export function style(metric: Metric, lower: number[]): StyleSpecification {
  return {
    version: 8,
    sources: {
      areas: { type: "geojson", data: { ...NOTHING, features: [] } },
      points: { type: "geojson", data: { ...NOTHING, features: [] } },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("ground") } },
      { id: "area", type: "fill", source: "areas", paint: { "fill-color": fillColour(metric, lower), "fill-opacity": 0.9 } },
      { id: "border", type: "line", source: "areas", paint: { "line-color": colour("edge"), "line-width": 1 } },
      {
        id: "name",
        type: "symbol",
        source: "areas",
        layout: {
          "text-field": areaLabel(metric),
          "text-size": letterHeight(),
          "text-padding": 4,
        },
        paint: { "text-color": colour("ink"), "text-halo-color": colour("paper"), "text-halo-width": 1.6 },
      },
      {
        id: "point",
        type: "symbol",
        source: "points",
        layout: {
          "icon-image": ["get", "kind"],
          "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.35, 12, 0.6, 15, 1],
          "icon-allow-overlap": true,
          "text-field": ["get", "label"],
          "text-size": letterHeight() - 1,
          "text-offset": [0.9, 0],
          "text-anchor": "left",
          "text-optional": true,
        },
        paint: { "text-color": colour("ink"), "text-halo-color": colour("paper"), "text-halo-width": 1.4 },
      },
    ],
  };
}

/** The name of an area and, below it, its count where there is one. */
export function areaLabel(metric: Metric): ExpressionSpecification {
  const below: ExpressionSpecification = ["concat", "\n", ["to-string", count(metric)]];
  return ["concat", ["get", "name"], ["case", [">", count(metric), 0], below, ""]];
}

function count(metric: Metric): ExpressionSpecification {
  return ["coalesce", ["get", metric], 0];
}

export function fillColour(metric: Metric, lower: number[]): ExpressionSpecification | string {
  if (lower.length === 0) return colour("tone-0");
  const steps = lower.flatMap((bound, i) => [bound, colour(`tone-${spread(i + 1, lower.length)}`)]);
  return ["step", count(metric), colour("tone-0"), ...steps] as unknown as ExpressionSpecification;
}

/** Circle, square and diamond: the kind of a point is told by its shape, its colour only helps. */
export function icon(kind: string): ImageData | null {
  const canvas = html("canvas", { width: SIZE, height: SIZE });
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  const middle = SIZE / 2;
  pen.beginPath();
  if (kind === "place") pen.rect(4, 4, SIZE - 8, SIZE - 8);
  else if (kind === "order") {
    pen.moveTo(middle, 2);
    pen.lineTo(SIZE - 2, middle);
    pen.lineTo(middle, SIZE - 2);
    pen.lineTo(2, middle);
    pen.closePath();
  } else pen.arc(middle, middle, 8, 0, 2 * Math.PI);
  pen.fillStyle = colour(`mark-${kind}`) || colour("mark-case");
  pen.strokeStyle = colour("paper");
  pen.lineWidth = 2;
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, SIZE, SIZE);
}
