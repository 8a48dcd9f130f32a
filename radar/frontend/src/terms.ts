// A list of terms and their values that changes in place.
import { h, say } from "./dom";

export class Terms<K extends string> {
  private readonly values = new Map<K, { pair: HTMLElement; value: HTMLElement }>();
  readonly list = h("dl", { class: "kv" });

  constructor(keys: readonly K[], titles: Record<K, string>) {
    for (const key of keys) {
      const value = h("dd", { "data-term": key });
      const pair = h("div", { class: "pair" }, h("dt", {}, titles[key]), value);
      this.values.set(key, { pair, value });
      this.list.append(pair);
    }
  }

  /** A term without a value is left out. */
  say(key: K, text: string, tint = ""): void {
    const found = this.values.get(key);
    if (!found) return;
    const { pair, value } = found;
    pair.hidden = text === "";
    say(value, text);
    if (value.className !== tint) value.className = tint;
    if (value.title !== text) value.title = text;
  }
}
