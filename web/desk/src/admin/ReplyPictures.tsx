/**
 * The pictures of a canned reply: added, looked at, taken out. They are kept at once and belong to it when it is saved.
 */
import { Button } from "antd";
import { useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { upload } from "../server/http";
import { type KeptPicture, pictureOf } from "../server/replies";
import { useWords } from "../words/words";
import css from "./ReplyFields.module.css";

const MOST = 5;

export function ReplyPictures(field: { value?: KeptPicture[]; onChange?(pictures: KeptPicture[]): void }) {
  const { t } = useWords();
  const { value = [], onChange } = field;
  const input = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<{ busy: boolean; trouble?: unknown }>({ busy: false });
  const add = async (files: File[]) => {
    setState({ busy: true });
    try {
      const kept = await Promise.all(
        files
          .slice(0, MOST - value.length)
          .map((file) => upload<KeptPicture>("/desk/replies/pictures", file, () => {})),
      );
      onChange?.([...value, ...kept]);
      setState({ busy: false });
    } catch (trouble) {
      setState({ busy: false, trouble });
    }
  };
  return (
    <>
      <div className={css.pictures}>
        {value.map((picture) => (
          <span key={picture.id} className={css.picture}>
            <img src={pictureOf(picture.id)} alt={picture.name} />
            <Button
              size="small"
              icon={<Icon name="close" />}
              aria-label={t("tray.remove", { name: picture.name })}
              onClick={() => onChange?.(value.filter(({ id }) => id !== picture.id))}
            />
          </span>
        ))}
        {value.length < MOST && (
          <Button icon={<Icon name="picture" />} loading={state.busy} onClick={() => input.current?.click()}>
            {t("replies.pictures.add")}
          </Button>
        )}
      </div>
      {state.trouble !== undefined && (
        <p className={css.trouble} role="alert">
          {sentence(t, state.trouble)}
        </p>
      )}
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        onChange={(event) => {
          void add([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}
