// The lake over HTTP: its tables, and queries that end when they are let go.

export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface TableColumn extends Column {
  readonly comment: string;
  readonly partition: string;
}

export interface Table {
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly TableColumn[];
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly committed: string | null;
}

export interface Limits {
  readonly rows: number;
  readonly seconds: number;
  readonly memory_mb: number;
}

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

export interface Answer {
  readonly row_count: number;
  readonly truncated: boolean;
  readonly seconds: number;
  readonly snapshot: string | null;
  readonly table_bytes: number;
  readonly limits: Limits;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
}

/** Why there is no answer; line and column count from 1 within the query. */
export class Refusal extends Error {
  constructor(
    detail: string,
    readonly status: number,
    readonly line: number | null = null,
    readonly column: number | null = null,
  ) {
    super(detail);
  }
}

/** What is asked: the lake (DuckDB) or the warehouse (PostgreSQL). */
export type Source = "lake" | "warehouse";

export async function tables(source: Source): Promise<{ tables: Table[]; limits: Limits }> {
  return (await (await answered(`/api/v1/${source}/tables`, {})).json()) as { tables: Table[]; limits: Limits };
}

export async function query(source: Source, sql: string, csrf: string, signal: AbortSignal): Promise<Answer> {
  return (await (await post(source, { sql }, csrf, signal)).json()) as Answer;
}

export async function plan(source: Source, sql: string, csrf: string, signal: AbortSignal): Promise<string> {
  const told = (await (await post(source, { sql, explain: "analyze" }, csrf, signal)).json()) as { plan: string };
  return told.plan;
}

export async function download(source: Source, sql: string, format: "csv" | "parquet", csrf: string, signal: AbortSignal): Promise<Blob> {
  return (await post(source, { sql, format }, csrf, signal)).blob();
}

function post(source: Source, body: Record<string, string>, csrf: string, signal: AbortSignal): Promise<Response> {
  return answered(`/api/v1/${source}/query`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
    signal,
  });
}

async function answered(address: string, how: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, how);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal("Headquarters does not answer. Try again in a few seconds.", 0);
  }
  if (response.ok) return response;
  const told = (await response.json().catch(() => ({}))) as { detail?: string; line?: number | null; column?: number | null };
  throw new Refusal(told.detail ?? `Headquarters answered with ${response.status}. Try again.`, response.status, told.line, told.column);
}
