/** Speaking instead of typing, as one piece that pages fetch where the operator allowed it. */
import "../styles/voice.css";

export { SpeakButton } from "./SpeakButton";
