// What this browser keeps: the open tabs and the saved queries, of lake and warehouse each.
import type { Source } from "./api";

export interface Piece {
  title: string;
  sql: string;
  /** When it last ran, in ms. */
  ran?: number;
}

export interface Kept {
  tabs: Piece[];
  open: number;
  saved: Piece[];
}

export function load(source: Source): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(source) ?? "{}") as Partial<Kept>;
    const tabs = pieces(kept.tabs);
    return { tabs, open: Math.max(0, Math.min(Number(kept.open) || 0, tabs.length - 1)), saved: pieces(kept.saved) };
  } catch {
    return { tabs: [], open: 0, saved: [] };
  }
}

export function keep(source: Source, kept: Kept): void {
  try {
    localStorage.setItem(source, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing has them for this visit only.
  }
}

/** A title for a query: its first comment, else the given one. */
export function titled(sql: string, otherwise: string): string {
  const said = /^\s*--\s*([^\n:?.,]{3,40})/.exec(sql)?.[1]?.trim();
  return said ?? otherwise;
}

function pieces(value: unknown): Piece[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Piece => typeof one?.title === "string" && typeof one?.sql === "string").slice(0, 50);
}
