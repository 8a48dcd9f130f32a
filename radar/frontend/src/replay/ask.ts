// Questions to the record, one after the other; what goes wrong comes as a sentence.

/** A refusal: its status, and what the server says of it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

const ROOT = "/api/v1/radar/replay";
const AGAIN_MS = 1_500;
const MOST_TRIES = 4;

/** Asks, and asks again while the server is busy. */
export async function ask(path: string, query: Record<string, string | number>, signal: AbortSignal): Promise<Response> {
  const address = `${ROOT}${path}?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`;
  for (let tries = 1; ; tries++) {
    const answer = await fetch(address, { signal });
    if (answer.ok) return answer;
    if (answer.status !== 429 || tries === MOST_TRIES) throw new Refused(answer.status, await detailOf(answer));
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function detailOf(answer: Response): Promise<string> {
  try {
    return ((await answer.json()) as { detail: string }).detail;
  } catch {
    return `The server answered ${answer.status}.`;
  }
}

/** ISO 8601 of a moment, as the API takes it. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}
