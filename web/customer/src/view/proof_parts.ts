/** Everything about proving who one is, as one piece that pages fetch when somebody has something to prove. */
import "../styles/proof.css";

export { EndingCodes } from "./EndingCodes";
export { JoinQuestion } from "./JoinQuestion";
export { OrderOpened } from "./OrderOpened";
export { OrderStrip } from "./OrderStrip";
export { OverCode } from "./OverCode";
export { ProofSheet } from "./ProofSheet";
