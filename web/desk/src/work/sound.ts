/**
 * The two notes that announce an offer.
 *
 * Browsers keep pages silent until a person touched them; the notes are made by WebAudio then, no file needed.
 * Turned on or off per browser.
 */
import { Store, useStore } from "../live/store";

const KEPT = "mashang.sound";
const NOTES: [frequency: number, at: number][] = [
  [660, 0],
  [880, 0.16],
];

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

  ring(): void {
    if (!this.on.get() || !this.context) return;
    for (const [frequency, at] of NOTES) this.note(this.context, frequency, this.context.currentTime + at);
  }

  private note(context: AudioContext, frequency: number, at: number): void {
    const tone = new OscillatorNode(context, { frequency, type: "sine" });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.18, at + 0.02);
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
