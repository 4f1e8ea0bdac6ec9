/**
 * What an operator does for somebody who cannot get in: a link for a new password, or the second factor taken away.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { sentence } from "../frame/States";
import { post, remove } from "../server/http";
import { useWords } from "../words/words";
import { FieldGroup } from "./FieldGroup";
import css from "./PeoplePage.module.css";
import { SecretOnce } from "./SecretOnce";
import type { Person } from "./shapes";

export function EntryActions({ person }: { person: Person }) {
  const { t } = useWords();
  return (
    <FieldGroup title={t("people.entry")} hint={t("people.entry.hint")}>
      <div className={css.actions}>
        <PasswordLink person={person} />
        {person.second_factor && <ResetFactor person={person} />}
      </div>
    </FieldGroup>
  );
}

function PasswordLink({ person }: { person: Person }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [url, setUrl] = useState("");
  const make = useMutation({
    mutationFn: () => post<{ url: string }>(`/admin/people/${person.id}/password-link`),
    onSuccess: (link) => setUrl(link.url),
    onError: (error) => void message.error(sentence(t, error)),
  });
  return (
    <>
      <Button onClick={() => make.mutate()} loading={make.isPending}>
        {t("people.link")}
      </Button>
      <SecretOnce
        open={url !== ""}
        title={t("people.link.once", { name: person.name })}
        hint={t("people.link.once.hint")}
        lines={[[t("people.link.url"), url]]}
        close={() => setUrl("")}
      />
    </>
  );
}

function ResetFactor({ person }: { person: Person }) {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const cache = useQueryClient();
  const ask = () =>
    modal.confirm({
      title: t("people.factor.reset.title", { name: person.name }),
      content: t("people.factor.reset.hint"),
      okText: t("people.factor.reset"),
      okButtonProps: { danger: true },
      cancelText: t("do.cancel"),
      onOk: () =>
        remove(`/admin/people/${person.id}/second-factor`).then(
          () => {
            void message.success(t("people.factor.was_reset"));
            void cache.invalidateQueries({ queryKey: ["admin"] });
          },
          (error: unknown) => void message.error(sentence(t, error)),
        ),
    });
  return (
    <Button danger onClick={ask}>
      {t("people.factor.reset")}
    </Button>
  );
}
