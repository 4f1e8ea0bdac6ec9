/**
 * The keys with which the shop signs its customers in.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { post, remove } from "../server/http";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import { recordsKey } from "./records";
import { SecretOnce } from "./SecretOnce";
import css from "./SiteKeys.module.css";
import type { Site, SiteKey } from "./shapes";

interface NewKey {
  kid: string;
  secret: string;
}

export function SiteKeys({ site, editable }: { site: Site; editable: boolean }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [told, setTold] = useState<NewKey>();
  const create = useMutation({
    mutationFn: () => post<NewKey>(`/admin/sites/${site.id}/keys`),
    onSuccess: (key) => {
      setTold(key);
      void cache.invalidateQueries({ queryKey: recordsKey("sites") });
    },
    onError: (error) => void message.error(sentence(t, error)),
  });
  const live = site.keys?.filter((key) => !key.revoked_at) ?? [];
  return (
    <section className={css.part}>
      <header className={css.head}>
        <h2>{t("site.keys")}</h2>
        {editable && (
          <Button
            size="small"
            icon={<Icon name="plus" />}
            loading={create.isPending}
            onClick={() => create.mutate()}
          >
            {t("site.key.add")}
          </Button>
        )}
      </header>
      <p className={css.hint}>{t("site.keys.hint")}</p>
      <ul className={css.keys}>
        {live.map((key) => (
          <KeyLine key={key.kid} site={site} siteKey={key} editable={editable} />
        ))}
        {live.length === 0 && <li className={css.none}>{t("site.keys.none")}</li>}
      </ul>
      <SecretOnce
        open={told !== undefined}
        title={t("site.key.once")}
        hint={t("secret.hint")}
        lines={
          told
            ? [
                [t("site.key.kid"), told.kid],
                [t("secret.secret"), told.secret],
              ]
            : []
        }
        close={() => setTold(undefined)}
      />
    </section>
  );
}

function KeyLine({ site, siteKey, editable }: { site: Site; siteKey: SiteKey; editable: boolean }) {
  const { t, locale } = useWords();
  const { message, modal } = App.useApp();
  const cache = useQueryClient();
  const revoke = () =>
    modal.confirm({
      title: t("site.key.revoke.title"),
      content: t("site.key.revoke.hint"),
      okText: t("site.key.revoke"),
      okButtonProps: { danger: true },
      cancelText: t("do.cancel"),
      onOk: () =>
        remove(`/admin/sites/${site.id}/keys/${siteKey.kid}`).then(
          () => cache.invalidateQueries({ queryKey: recordsKey("sites") }),
          (error: unknown) => void message.error(sentence(t, error)),
        ),
    });
  return (
    <li className={css.key}>
      <Icon name="key" />
      <code>{siteKey.kid}</code>
      <time dateTime={siteKey.created_at}>{fullTime(locale, siteKey.created_at)}</time>
      {editable && (
        <Button size="small" type="text" danger onClick={revoke}>
          {t("site.key.revoke")}
        </Button>
      )}
    </li>
  );
}
