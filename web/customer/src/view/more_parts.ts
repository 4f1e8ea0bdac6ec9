/** What is opened now and then, as one piece that pages fetch when somebody opens it. */
import "../styles/help.css";
import "../styles/more.css";

export { ClaimForm } from "./ClaimForm";
export { CodeSheet } from "./CodeSheet";
export { ContinueHere } from "./ContinueHere";
export { EmojiPanel } from "./EmojiPanel";
export { EndQuestion } from "./EndQuestion";
export { HelpSheet } from "./HelpSheet";
export { MorePanel } from "./MorePanel";
export { PictureViewer } from "./PictureViewer";
