/**
 * A small page with the button on it, as it will stand on the site: colour, words, placement, side.
 */
import { Icon } from "../frame/Icon";
import { useWords } from "../words/words";
import { ink } from "./contrast";
import css from "./SitePreview.module.css";
import type { Looks } from "./shapes";

/** Without words of its own the button carries the site's name. */
export function SitePreview({ looks, name }: { looks: Looks; name?: string }) {
  const { t, locale } = useWords();
  const chosen = locale === "en" ? looks.title_en || looks.title : looks.title;
  const title = chosen || name?.trim() || t("looks.default_title");
  const colours = { background: looks.colour, color: ink(looks.colour) };
  return (
    <figure className={css.preview} aria-label={t("looks.preview")}>
      <div className={css.page} data-placement={looks.placement} data-position={looks.position}>
        <div className={css.top}>
          <span className={css.logo} />
          {looks.placement === "top-link" && (
            <span className={css.link} style={{ color: looks.colour }}>
              {title}
            </span>
          )}
        </div>
        <div className={css.words}>
          <span />
          <span />
          <span />
          {looks.placement === "inline" && (
            <span className={css.inline} style={colours}>
              <Icon name="message" /> {title}
            </span>
          )}
        </div>
        {looks.placement === "button" && (
          <span className={css.button} style={colours}>
            <Icon name="message" /> {title}
          </span>
        )}
        {looks.placement === "side-tab" && (
          <span className={css.tab} style={colours}>
            {title}
          </span>
        )}
      </div>
      <figcaption>{t("looks.preview")}</figcaption>
    </figure>
  );
}
