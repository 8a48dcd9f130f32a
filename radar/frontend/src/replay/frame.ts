// What makes the replay unmistakable around the bar: frame, badge, table's head and the page's title.
import { h, need, say, svg } from "../dom";
import { clock } from "../format";
import { behind, WORDS } from "./words";

const PLAY = "M4 2.5 13 8l-9 5.5Z";
const LIVE_TITLE = document.title;

export class Frame {
  private readonly asOf = need<HTMLElement>("#as-of");
  private readonly button = need<HTMLButtonElement>("#replay");

  /** Puts the frame up or takes it down. */
  set(on: boolean): void {
    const root = document.documentElement;
    if (on) root.dataset["mode"] = "replay";
    else delete root.dataset["mode"];
    this.asOf.hidden = !on;
    this.button.setAttribute("aria-pressed", String(on));
    document.title = on ? `${WORDS.replay} - ${LIVE_TITLE}` : LIVE_TITLE;
    // The live feed's badge is drawn anew when it comes back.
    if (!on) delete need<HTMLElement>("#feed").dataset["word"];
  }

  update(at: number, now: number, note: string): void {
    const badge = need<HTMLElement>("#feed");
    badge.dataset["feed"] = document.body.dataset["feed"] = "replay";
    badge.className = "badge rep";
    if (badge.dataset["word"] !== WORDS.replay) {
      badge.dataset["word"] = WORDS.replay;
      const icon = svg("svg", { viewBox: "0 0 16 16", width: 10, height: 10, "aria-hidden": "true" }, svg("path", { d: PLAY, fill: "currentColor" }));
      badge.replaceChildren(icon, WORDS.replay, h("small"));
    }
    say(badge.querySelector("small") as Element, behind(at, now));
    say(this.asOf, `as of ${clock(at)}`);
    say(need("#current"), note);
    need("#banner").toggleAttribute("hidden", true);
  }
}
