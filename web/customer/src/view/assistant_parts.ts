/** What stands below words of the assistant, as one piece that pages fetch when it has said something. */
import "../styles/assistant.css";

export { BelowAnswer as AssistantPart } from "./BelowAnswer";
