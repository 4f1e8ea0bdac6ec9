/**
 * Above a page's title: the way back to where it belongs.
 */
import { Link } from "wouter";
import css from "./BackLink.module.css";
import { Icon } from "./Icon";

export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} className={css.back}>
      <Icon name="back" size={12} /> {children}
    </Link>
  );
}
