/**
 * Which colleagues have this conversation open or write in it, so that two do not answer at once.
 */
import { Icon } from "../../frame/Icon";
import { useColleagues } from "../../live/colleagues";
import { useWords } from "../../words/words";
import css from "./ColleaguesLine.module.css";

export function ColleaguesLine({ id }: { id: string }) {
  const { t } = useWords();
  const colleagues = useColleagues(id);
  const names = (doing: string) =>
    colleagues
      .filter((one) => one.doing === doing)
      .map(({ name }) => name)
      .join(t("board.between"));
  const [writing, looking] = [names("writing"), names("looking")];
  return (
    <p className={css.line} aria-live="polite" data-shown={colleagues.length > 0}>
      {writing && (
        <span>
          <Icon name="edit" /> {t("colleagues.writing", { names: writing })}
        </span>
      )}
      {looking && (
        <span>
          <Icon name="eye" /> {t("colleagues.looking", { names: looking })}
        </span>
      )}
    </p>
  );
}
