/**
 * Who took the payment and who carries the parcel: the shop's own accounts there, connected, changed, tried.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { get, post } from "../server/http";
import { fullTime } from "../words/telling";
import { isWord, useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { KindFields, startOf, typed } from "./KindFields";
import { useRecords } from "./records";
import part from "./ShopPart.module.css";
import css from "./ShopProviders.module.css";
import type { Provider, ProviderKind, Shop, ShopTest } from "./shapes";
import { TestResult } from "./TestResult";

interface Edited {
  kind: ProviderKind;
  provider: Provider | undefined;
}

export function ShopProviders({ shop, editable }: { shop: Shop; editable: boolean }) {
  const { t } = useWords();
  const kinds = useRecords<ProviderKind>("provider-kinds").data ?? [];
  const connected = useQuery({
    queryKey: ["admin", "providers", shop.id],
    queryFn: () => get<Provider[]>(`/admin/shops/${shop.id}/providers`),
  });
  const editing = useEditing<Edited>();
  const providerOf = (kind: ProviderKind) => connected.data?.find((one) => one.kind === kind.kind);
  return (
    <section className={part.part}>
      <h2>{t("providers.title")}</h2>
      <p className={css.hint}>{t("providers.hint")}</p>
      {connected.isError && <p className={css.failed}>{sentence(t, connected.error)}</p>}
      <ul className={css.list}>
        {kinds.map((kind) => (
          <ProviderLine
            key={kind.kind}
            kind={kind}
            provider={providerOf(kind)}
            editable={editable}
            open={() => editing.start({ kind, provider: providerOf(kind) })}
          />
        ))}
      </ul>
      {editing.row && <ProviderDrawer {...editing} shop={shop} edited={editing.row} editable={editable} />}
    </section>
  );
}

interface ProviderLineProps {
  kind: ProviderKind;
  provider: Provider | undefined;
  editable: boolean;
  open(): void;
}

function ProviderLine({ kind, provider, editable, open }: ProviderLineProps) {
  const { t, locale } = useWords();
  const name = t(`provider.kind.${kind.kind}`);
  const state = provider?.trouble ? "bad" : provider?.last_answer_at ? "good" : "unknown";
  return (
    <li>
      <div>
        <b>{name}</b>
        {provider ? (
          <p data-state={state}>
            {provider.trouble ?? t(`shop.state.${state}`)}
            {provider.last_answer_at &&
              ` · ${t("shop.last_answer")} ${fullTime(locale, provider.last_answer_at)}`}
          </p>
        ) : (
          <p>{t(`provider.${kind.kind}.hint`)}</p>
        )}
      </div>
      {(editable || provider) && (
        <Button
          size="small"
          onClick={open}
          aria-label={`${t(provider ? (editable ? "providers.edit" : "providers.show") : "providers.connect")} ${name}`}
        >
          {t(provider ? (editable ? "providers.edit" : "providers.show") : "providers.connect")}
        </Button>
      )}
    </li>
  );
}

interface ProviderDrawerProps {
  shop: Shop;
  edited: Edited;
  editable: boolean;
  open: boolean;
  opening: number;
  close(): void;
}

function ProviderDrawer({ shop, edited: { kind, provider }, editable, ...drawer }: ProviderDrawerProps) {
  const { t } = useWords();
  const name = t(`provider.kind.${kind.kind}`);
  const isKept = (field: string) => provider?.filled.includes(field) ?? false;
  return (
    <EditDrawer<Record<string, string>, Provider>
      {...drawer}
      kind="providers"
      under={`/admin/shops/${shop.id}/providers`}
      editable={editable}
      id={provider?.id}
      size={560}
      title={`${shop.name} · ${name}`}
      initial={startOf(kind.fields, provider?.values)}
      draft={(values) => ({
        ...(provider ? {} : { kind: kind.kind }),
        values: typed(kind.fields, values),
      })}
      archive={{ title: t("providers.archive", { name }), hint: t("providers.archive.hint") }}
      above={<Limits kind={kind} />}
      beside={provider && editable && <TestProvider provider={provider} />}
    >
      <KindFields kind={kind.kind} fields={kind.fields} kept={isKept} />
    </EditDrawer>
  );
}

function Limits({ kind }: { kind: ProviderKind }) {
  const { t } = useWords();
  const said = (key: string) => (isWord(key) ? t(key) : key);
  return (
    <ul className={css.limits}>
      {kind.can.map((key) => (
        <li key={key} data-state="can">
          <Icon name="check" /> {said(`provider.can.${key}`)}
        </li>
      ))}
      {kind.cannot.map((key) => (
        <li key={key} data-state="cannot">
          <Icon name="close" /> <span className="for-readers">{t("shop.ability.is.cannot")}</span>{" "}
          {said(`provider.cannot.${key}`)}
        </li>
      ))}
    </ul>
  );
}

function TestProvider({ provider }: { provider: Provider }) {
  const { t } = useWords();
  const cache = useQueryClient();
  const [reference, setReference] = useState("");
  const test = useMutation({
    mutationFn: () => post<ShopTest>(`/admin/providers/${provider.id}/test`, { reference: reference.trim() }),
    onSettled: () => cache.invalidateQueries({ queryKey: ["admin", "providers"] }),
  });
  return (
    <section className={part.part}>
      <h2>{t("shop.test")}</h2>
      <p className={css.hint}>{t(`provider.${provider.kind}.test.hint`)}</p>
      <div className={css.given}>
        <Input
          value={reference}
          maxLength={64}
          onChange={(event) => setReference(event.target.value)}
          placeholder={t(`provider.${provider.kind}.reference`)}
          aria-label={t(`provider.${provider.kind}.reference`)}
        />
        <Button onClick={() => test.mutate()} loading={test.isPending}>
          {t("shop.test.do")}
        </Button>
      </div>
      <div aria-live="polite">
        {test.isError && <p className={css.failed}>{sentence(t, test.error)}</p>}
        {test.data && <TestResult test={test.data} />}
      </div>
    </section>
  );
}
