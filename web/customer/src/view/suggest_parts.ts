/** What is suggested, as one piece that pages fetch when there is something to suggest. */
import "../styles/suggest.css";

export { Suggestions } from "./Suggestions";
