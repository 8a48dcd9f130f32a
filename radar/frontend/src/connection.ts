// One WebSocket that comes back by itself, acknowledges what the page has worked off, and says when it tries next.
import { decode, encodeAck, encodeHistory, encodeRate, encodeWatch, type Message } from "./protocol";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** Nobody is signed in, or no longer. */
const SIGNED_OUT = 4401;
/** The server says something every second; a socket that is silent for so long is dead. */
const SILENCE_MS = 8_000;

export interface Listener {
  message(message: Message): boolean;
  opened(): void;
  closed(): void;
  signedOut(): void;
}

export class Connection {
  connected = false;
  /** When the next try is, local clock; null while connected or trying. */
  nextTry: number | null = null;
  private socket: WebSocket | null = null;
  private tries = 0;
  private timer = 0;
  private heard = 0;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
  ) {
    setInterval(() => this.checkSilence(), 1000);
    addEventListener("online", () => this.tryNow());
    this.open();
  }

  /** Try at once instead of waiting. */
  tryNow(): void {
    if (this.socket) return;
    clearTimeout(this.timer);
    this.open();
  }

  askHistory(ship: string): void {
    if (this.connected) this.socket?.send(encodeHistory(ship));
  }

  /** From now on have the whole messages of these ships, and of no others. */
  watch(ships: string[]): void {
    if (this.connected) this.socket?.send(encodeWatch(ships));
  }

  /** Have so many frames a second at most. */
  rate(frames: number): void {
    if (this.connected) this.socket?.send(encodeRate(frames));
  }

  private open(): void {
    this.nextTry = null;
    this.heard = Date.now();
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.connected = true;
      this.tries = 0;
      this.heard = Date.now();
      this.listener.opened();
    };
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
      this.heard = Date.now();
      const message = decode(event.data);
      const whole = this.listener.message(message);
      if (!whole) this.drop(socket);
      else if (message.t === "frame" || message.t === "beat") socket.send(encodeAck(message.n));
    };
    socket.onclose = (event: CloseEvent) => {
      this.drop(socket);
      if (event.code === SIGNED_OUT) this.listener.signedOut();
    };
  }

  private drop(socket: WebSocket): void {
    if (this.socket !== socket) return;
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close();
    this.socket = null;
    const was = this.connected;
    this.connected = false;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.tries) * (0.75 + Math.random() / 2);
    this.tries += 1;
    this.nextTry = Date.now() + pause;
    this.timer = window.setTimeout(() => this.open(), pause);
    if (was || this.tries === 1) this.listener.closed();
  }

  private checkSilence(): void {
    if (this.socket && Date.now() - this.heard > SILENCE_MS) this.drop(this.socket);
  }
}
