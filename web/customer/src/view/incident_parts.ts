/** The banner of an incident, as one piece that pages fetch when there is one. */
import "../styles/incidents.css";

export { Incidents } from "./Incidents";
