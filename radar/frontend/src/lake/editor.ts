// The SQL editor: CodeMirror in a shadow root, whose style sheet it can then construct; the page's policy takes no
// style element. Custom properties, and so the theme, reach into it.
import { autocompletion, closeBrackets, closeCompletion, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, sql, type SQLNamespace } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec, StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, type DecorationSet } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Source, Table } from "./api";
import { DuckDB } from "./dialect";

const setError = StateEffect.define<{ from: number; to: number } | null>();

const errorMark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    let now = change.docChanged ? Decoration.none : marks;
    for (const effect of change.effects) {
      if (!effect.is(setError)) continue;
      now = effect.value ? Decoration.set(Decoration.mark({ class: "cm-error" }).range(effect.value.from, effect.value.to)) : Decoration.none;
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.typeName, tags.operatorKeyword, tags.bool, tags.null], color: "var(--syn-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--syn-str)" },
  { tag: tags.number, color: "var(--syn-num)" },
  { tag: tags.standard(tags.name), color: "var(--syn-fn)" },
  { tag: tags.comment, color: "var(--syn-com)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--text-1)", backgroundColor: "var(--bg)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" }, // the page draws it around the host
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px", fontVariantLigatures: "none" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--accent)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "1.5px" },
  ".cm-gutters": { color: "var(--text-3)", backgroundColor: "var(--bg)", border: "none", paddingLeft: "8px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--surface-2)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--surface-3)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--surface-3)" },
  ".cm-error": { textDecoration: "underline wavy var(--bad) 1.5px", backgroundColor: "var(--bad-soft)" },
  ".cm-tooltip": { color: "var(--text-1)", backgroundColor: "var(--surface-2)", border: "1px solid var(--line-2)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", fontSize: "12px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--text-1)", background: "var(--accent-soft)" },
  ".cm-completionDetail": { color: "var(--text-3)", fontStyle: "normal" },
});

const SPOKEN = {
  upperCaseKeywords: true,
  keywordCompletion: (label: string, type: string) => ({ label: type === "keyword" ? label : label.toLowerCase(), type, boost: -1 }),
};

export class Editor {
  private readonly view: EditorView;
  private readonly language = new Compartment();
  private readonly extensions: Extension;
  private spoken: Extension;

  constructor(host: HTMLElement, text: string, private readonly source: Source, on: { run: () => void; changed: () => void }) {
    this.spoken = this.speak({});
    const run = { key: "Mod-Enter", run: (view: EditorView) => (closeCompletion(view), on.run(), true), preventDefault: true };
    this.extensions = [
      Prec.highest(keymap.of([run])),
      lineNumbers(),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      highlightActiveLine(),
      errorMark,
      LOOK,
      syntaxHighlighting(COLOURS),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "SQL editor. Control Enter runs the statement at the cursor.", spellcheck: "false" }),
      EditorView.domEventHandlers({ beforeinput: replaceChosen }),
      EditorView.updateListener.of((update) => update.docChanged && on.changed()),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
    ];
    const root = host.attachShadow({ mode: "open", delegatesFocus: true });
    this.view = new EditorView({ state: this.state(text), root, parent: root });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  get cursor(): number {
    return this.view.state.selection.main.head;
  }

  /** Shows another text, with a history of its own. */
  open(text: string): void {
    this.view.setState(this.state(text));
  }

  /** Puts words in at the cursor. */
  insert(words: string): void {
    this.view.dispatch(this.view.state.replaceSelection(words));
    this.focus();
  }

  focus(): void {
    this.view.focus();
  }

  /** Marks a place as wrong, up to the end of its word; null takes the mark away. */
  mark(at: number | null): void {
    if (at === null) return this.view.dispatch({ effects: setError.of(null) });
    const from = Math.min(at, this.view.state.doc.length);
    const to = this.view.state.wordAt(from)?.to ?? Math.min(from + 1, this.view.state.doc.length);
    const [first, last] = from < to ? [from, to] : [Math.max(0, from - 1), from];
    if (first < last) this.view.dispatch({ effects: [setError.of({ from: first, to: last }), EditorView.scrollIntoView(first)] });
  }

  /** Puts the cursor somewhere and the focus into the editor. */
  go(at: number): void {
    this.view.dispatch({ selection: { anchor: Math.min(at, this.view.state.doc.length) }, scrollIntoView: true });
    this.focus();
  }

  /** Lets these tables and columns be completed. */
  know(tables: readonly Table[]): void {
    const usual = this.source === "lake" ? { defaultSchema: "telemetry", defaultTable: "raw" } : { defaultSchema: "sl" };
    this.spoken = this.speak({ schema: namespace(tables), ...usual });
    this.view.dispatch({ effects: this.language.reconfigure(this.spoken) });
  }

  private speak(more: { schema?: SQLNamespace; defaultSchema?: string; defaultTable?: string }): Extension {
    return sql({ ...SPOKEN, dialect: this.source === "lake" ? DuckDB : PostgreSQL, ...more });
  }

  private state(text: string): EditorState {
    return EditorState.create({ doc: text, extensions: [this.extensions, this.language.of(this.spoken)] });
  }
}

/** Typing over coloured words: left to the browser, it would carry their colours on in style attributes, which the page's policy refuses. */
function replaceChosen(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== "insertText" || !event.data || event.isComposing || view.state.selection.main.empty || /^[([{'"]$/.test(event.data)) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

function namespace(tables: readonly Table[]): SQLNamespace {
  const found: Record<string, Record<string, { label: string; type: string; detail: string; info: string }[]>> = {};
  for (const table of tables) {
    const [schema = "", name = ""] = table.name.split(".");
    (found[schema] ??= {})[name] = table.columns.map((column) => ({ label: column.name, type: "property", detail: column.type, info: column.comment }));
  }
  return found;
}
