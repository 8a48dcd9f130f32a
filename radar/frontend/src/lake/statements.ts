// Which statement of a text the cursor stands in: pieces end at semicolons outside of quotes and comments.

export interface Statement {
  /** Where it begins in the text, in UTF-16 units, without the blank before it. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const TOKEN = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|(\$\w*\$)[\s\S]*?(?:\1|$)|;/g;

/** All statements; those of nothing but blanks are left out. */
export function statements(text: string): Statement[] {
  const found: Statement[] = [];
  let from = 0;
  for (const token of text.matchAll(TOKEN)) {
    if (token[0] !== ";") continue;
    add(found, text, from, token.index);
    from = token.index + 1;
  }
  add(found, text, from, text.length);
  return found;
}

/** The statement at a position: the one that holds it, else the one before it, else the first. */
export function statementAt(text: string, position: number): Statement | null {
  const all = statements(text);
  return all.find((one) => position >= one.from && position <= one.to + 1) ?? all.filter((one) => one.to < position).at(-1) ?? all[0] ?? null;
}

/** The place of line and column (both from 1, columns in characters) of a statement within the whole text. */
export function offsetOf(statement: Statement, line: number, column: number): number {
  const lines = statement.text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const characters = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  return Math.min(statement.from + before + characters, statement.to);
}

function add(found: Statement[], text: string, from: number, to: number): void {
  const piece = text.slice(from, to);
  const trimmed = piece.trim();
  if (!trimmed) return;
  const start = from + piece.indexOf(trimmed);
  found.push({ from: start, to: start + trimmed.length, text: trimmed });
}
