// Every word that the pages say stands in words/en.json, so that one file is translated. {name} is a parameter, and
// {n, one: take, other: takes} chooses by the language's own plural.
import english from '../words/en.json';

export type Word = keyof typeof english;
export type Parameters = Record<string, string | number>;

const language = 'en';
const plural = new Intl.PluralRules(language);

export function say(word: Word, parameters: Parameters = {}): string {
  return english[word].replace(/\{(\w+)(?:,([^}]*))?\}/g, (_all: string, name: string, forms?: string) => {
    const value = parameters[name];
    if (value === undefined) return name;
    if (forms === undefined) return String(value);
    const category = plural.select(Number(value));
    const rows = forms.split(',').map((form) => form.split(':').map((part) => part.trim()));
    return (rows.find((row) => row[0] === category) ?? rows[rows.length - 1])?.[1] ?? '';
  });
}

/** A word that may not be in the catalogue (a dimension of a course of one's own): it is said as it is. */
export function sayIfKnown(word: string, otherwise: string): string {
  return word in english ? say(word as Word) : otherwise;
}

const percentFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });

/** A share as whole per cent. Never rounded up to a target: 89.9 is 89. */
export function percent(share: number): string {
  return percentFormat.format(Math.floor(share * 100 + 1e-6));
}

/** With a real minus sign. */
export function signed(value: number): string {
  const r = Math.round(value);
  return r > 0 ? `+${r}` : r < 0 ? `−${-r}` : '0';
}

export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

export function day(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime())
    ? text
    : date.toLocaleString(language, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
}

/** A sentence's first letter large. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function firstSentence(text: string): string {
  const cut = text.search(/[.!?:] /);
  return cut < 0 ? text : `${text.slice(0, cut).replace(/:$/, '')}.`;
}
