/**
 * What the loader fetches where a page needs it: a line that offers something, room for the link at the top.
 */
export { offer, wish } from "./offer";
export { findRoom } from "./room";
