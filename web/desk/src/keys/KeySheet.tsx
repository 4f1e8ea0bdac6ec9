/**
 * The sheet of all keys, opened by "?" or from one's own menu.
 */
import { Modal } from "antd";
import { Store, useStore } from "../live/store";
import type { Me } from "../server/shapes";
import { administers } from "../staff";
import { useWords } from "../words/words";
import css from "./KeySheet.module.css";
import { SHORTCUTS, type Shortcut } from "./shortcuts";

export const keySheet = new Store(false);

const CONTROL = /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl";

export function KeySheet({ me }: { me: Me }) {
  const { t } = useWords();
  return (
    <Modal
      open={useStore(keySheet)}
      onCancel={() => keySheet.set(false)}
      footer={null}
      title={t("keys.title")}
      destroyOnHidden
      width={760}
    >
      <dl className={css.keys}>
        {SHORTCUTS.filter(({ watches }) => !watches || administers(me)).map((shortcut) => (
          <div key={shortcut.id}>
            <dt>
              <Keys shortcut={shortcut} />
            </dt>
            <dd>{t(shortcut.word)}</dd>
          </div>
        ))}
      </dl>
      <p className={css.hint}>{t("keys.hint")}</p>
    </Modal>
  );
}

function Keys({ shortcut: { key, control } }: { shortcut: Shortcut }) {
  return (
    <>
      <kbd>{key.toUpperCase()}</kbd>
      {control && (
        <>
          {" "}
          <kbd>{`${CONTROL} ${control.toUpperCase()}`}</kbd>
        </>
      )}
    </>
  );
}
