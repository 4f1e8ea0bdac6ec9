/** The card of an order, as one piece that pages fetch when somebody opens it. */
import "../styles/order.css";

export { OrderSheet } from "./OrderSheet";
