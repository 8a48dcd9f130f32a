// The ships that somebody has starred, kept in the browser.
import { keep, kept, type Store } from "./stored";

export const FAVOURITES_KEY = "radar-favourites";
const MOST = 1_000;

export class Favourites {
  private names: Set<string>;

  constructor(private readonly store: Store) {
    this.names = read(kept(store, FAVOURITES_KEY));
  }

  get all(): ReadonlySet<string> {
    return this.names;
  }

  /** Star a ship, or take its star away; the oldest star goes when there are too many. */
  toggle(ship: string): void {
    // Another tab may have changed them since.
    this.reload();
    if (!this.names.delete(ship)) this.names.add(ship);
    this.names = new Set([...this.names].slice(-MOST));
    keep(this.store, FAVOURITES_KEY, JSON.stringify([...this.names]));
  }

  reload(): void {
    const text = kept(this.store, FAVOURITES_KEY);
    if (text !== null) this.names = read(text);
  }
}

function read(text: string | null): Set<string> {
  try {
    const names: unknown = JSON.parse(text ?? "[]");
    return new Set(Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : []);
  } catch {
    return new Set();
  }
}
