// The bar that says how long a piece of the map is.
import { need, say } from "./dom";
import { number } from "./format";
import { scaleBar } from "./view";

const LONGEST_PX = 110;

export class ScaleBar {
  private readonly bar = need<HTMLElement>("#scale-bar");
  private readonly text = need<HTMLElement>("#scale-text");
  private shown = 0;

  /** Shows a scale in pixels a km. */
  show(scale: number): void {
    if (scale === this.shown) return;
    this.shown = scale;
    const km = scaleBar(scale, LONGEST_PX);
    this.bar.style.width = `${km * scale}px`;
    say(this.text, `${number(km / 1e6, km < 1e6 ? 1 : 0)} M km`);
  }
}
