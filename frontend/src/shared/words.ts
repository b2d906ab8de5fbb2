/** Sentences of the islands. They live with all others in `terms/texts`; the build hands them over as data. */
import words from "../generated/words.json" with { type: "json" };

export type Language = "en" | "zh";
export type Key = keyof (typeof words)["en"];
export type Values = Record<string, string | number>;

export function fill(sentence: string, values: Values = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export function say(key: Key, lang: Language, values?: Values): string {
  return fill(words[lang][key], values);
}

/** The word of a state as data names it; an unknown one is shown as it is rather than hidden. */
export function stateWord(state: string, lang: Language): string {
  const table: Record<string, string> = words[lang];
  return table[`state_${state}`] ?? state;
}

export function languageOf(element: Element): Language {
  const named = element.closest<HTMLElement>("[data-lang]")?.dataset["lang"] ?? document.documentElement.lang;
  return named.toLowerCase().startsWith("zh") ? "zh" : "en";
}
