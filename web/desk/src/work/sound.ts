/**
 * The notes that call: two of them for an offer, one for a message.
 *
 * Browsers keep pages silent until a person touched them; the notes are made by WebAudio then, no file needed.
 * Turned on or off per browser; how loud and for what is each person's own (alerts.ts).
 */
import { Store, useStore } from "../live/store";

const KEPT = "mashang.sound";
const NOTES: [frequency: number, at: number][] = [
  [660, 0],
  [880, 0.16],
];

const LOUDEST = 0.3;

class Sound {
  readonly on = new Store(localStorage.getItem(KEPT) !== "off");
  private context: AudioContext | null = null;

  constructor() {
    for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, this.wake, { once: true });
  }

  turn(on: boolean): void {
    localStorage.setItem(KEPT, on ? "on" : "off");
    this.on.set(on);
    if (on) this.ring();
  }

  /** Twice for what wants an answer, once for what can wait; `loud` from 0 to 1. */
  ring(how: "once" | "twice" = "twice", loud = 0.6): void {
    if (!this.on.get() || !this.context || loud <= 0) return;
    const notes = how === "twice" ? NOTES : NOTES.slice(0, 1);
    for (const [frequency, at] of notes)
      this.note(this.context, frequency, this.context.currentTime + at, LOUDEST * loud);
  }

  private note(context: AudioContext, frequency: number, at: number, gain: number): void {
    const tone = new OscillatorNode(context, { frequency, type: "sine" });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(gain, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.32);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.34);
  }

  private readonly wake = (): void => {
    this.context ??= new AudioContext();
    void this.context.resume();
  };
}

export const sound = new Sound();
export const useSound = (): boolean => useStore(sound.on);
