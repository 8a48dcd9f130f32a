// A ship's readings in the past, for its panel: the last three minutes before the replayed moment.
import type { Newest } from "../protocol";
import { readingsOf, type Readings } from "../series";
import { ask, iso } from "./ask";

const SPAN_MS = 180_000;
/** Asked for in pieces of so much, each with the three minutes before it. */
const PIECE_MS = 300_000;
const AGAIN_MS = 5_000;
/** The first columns are those of the live history; seq and the health of the parts follow. */
const READINGS = 10;

interface Piece {
  ship: string;
  mission: number;
  begin: number;
  columns: string[];
  rows: (number | null)[][];
  asked: number;
}

export class ShipFeed {
  private piece: Piece | null = null;
  private asking: { key: string; stop: AbortController } | null = null;
  private notBefore = 0;

  /** Sees to it that a ship's readings at a moment are here; to be called often. */
  see(ship: string, mission: number, at: number, latest: number): void {
    const begin = Math.floor(at / PIECE_MS) * PIECE_MS;
    const now = performance.now();
    const { piece } = this;
    const held = piece?.mission === mission && piece.begin === begin;
    // What was asked for at the record's edge goes on there.
    const old = held && begin + PIECE_MS > latest && (piece.rows.at(-1)?.[0] ?? 0) < at - 2_000 && now - piece.asked > AGAIN_MS;
    const key = `${mission}/${begin}`;
    if ((held && !old) || this.asking?.key === key || now < this.notBefore) return;
    this.asking?.stop.abort();
    void this.fetch(ship, mission, begin, key);
  }

  clear(): void {
    this.asking?.stop.abort();
    this.asking = this.piece = null;
  }

  /** The readings up to a moment, as the panel shows them; null while they are not here. */
  readings(mission: number, at: number): Readings | null {
    const piece = this.of(mission);
    if (!piece) return null;
    const rows = piece.rows.filter(([time]) => (time ?? 0) <= at && (time ?? 0) > at - SPAN_MS);
    const columns = piece.columns.slice(0, READINGS);
    return readingsOf({ t: "history", ship: piece.ship, mission, columns, rows: rows.map((row) => row.slice(0, READINGS).map((value) => value ?? NaN)) });
  }

  /** The ship's newest message at a moment. */
  newest(mission: number, at: number): Newest | null {
    const piece = this.of(mission);
    const row = piece?.rows.filter(([time]) => (time ?? 0) <= at).at(-1);
    if (!piece || !row) return null;
    const value = (column: string): number => row[piece.columns.indexOf(column)] ?? 0;
    const seq = row[piece.columns.indexOf("seq")] ?? null;
    const health = ["motor", "engine", "core", "fuel"].map((part) => value(`health_${part}`)) as Newest["health"];
    const told = Object.fromEntries(["at", "x", "y", "z", "dist", "fuel", "motor", "engine", "core", "signal"].map((column) => [column, value(column)]));
    return { ...(told as Omit<Newest, "ship" | "mission" | "seq" | "health">), ship: piece.ship, mission, seq, health };
  }

  private of(mission: number): Piece | null {
    return this.piece?.mission === mission ? this.piece : null;
  }

  private async fetch(ship: string, mission: number, begin: number, key: string): Promise<void> {
    const stop = new AbortController();
    const mine = (this.asking = { key, stop });
    try {
      const query = { mission, from: iso(begin - SPAN_MS), seconds: (PIECE_MS + SPAN_MS) / 1000 };
      const answer = await ask("/ship", query, stop.signal);
      const { columns, rows } = (await answer.json()) as Pick<Piece, "columns" | "rows">;
      if (!stop.signal.aborted) this.piece = { ship, mission, begin, columns, rows, asked: performance.now() };
    } catch {
      // The panel shows no readings then; it is tried again.
      this.notBefore = performance.now() + AGAIN_MS;
    } finally {
      if (this.asking === mine) this.asking = null;
    }
  }
}
