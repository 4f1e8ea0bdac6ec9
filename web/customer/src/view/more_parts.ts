/** What is opened now and then, as one piece that pages fetch when somebody opens it. */
import "../styles/more.css";

export { ContinueHere } from "./ContinueHere";
export { MorePanel } from "./MorePanel";
