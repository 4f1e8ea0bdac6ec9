/**
 * A shop's key, a way to replace its secret, and the test that says what its system does right and wrong.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { post } from "../server/http";
import { useWords } from "../words/words";
import { recordsKey } from "./records";
import css from "./ShopConnection.module.css";
import type { NewSecret } from "./ShopsPage";
import type { Shop, ShopTest } from "./shapes";

interface ShopConnectionProps {
  shop: Shop;
  editable: boolean;
  tell(secret: NewSecret): void;
}

export function ShopConnection({ shop, editable, tell }: ShopConnectionProps) {
  const { t } = useWords();
  return (
    <>
      <section className={css.part}>
        <h2>{t("shop.key_id")}</h2>
        <p className={css.key}>
          <code>{shop.key_id}</code>
          {editable && <ReplaceSecret shop={shop} tell={tell} />}
        </p>
      </section>
      {editable && <TestConnection shop={shop} />}
    </>
  );
}

function ReplaceSecret({ shop, tell }: { shop: Shop; tell(secret: NewSecret): void }) {
  const { t } = useWords();
  const { message, modal } = App.useApp();
  const replace = () =>
    modal.confirm({
      title: t("shop.secret.replace"),
      content: t("shop.secret.replace.hint"),
      okText: t("shop.secret.replace"),
      okButtonProps: { danger: true },
      cancelText: t("do.cancel"),
      onOk: () =>
        post<NewSecret>(`/admin/shops/${shop.id}/secret`).then(
          tell,
          (error: unknown) => void message.error(sentence(t, error)),
        ),
    });
  return (
    <Button size="small" onClick={replace}>
      {t("shop.secret.replace")}
    </Button>
  );
}

function TestConnection({ shop }: { shop: Shop }) {
  const { t } = useWords();
  const cache = useQueryClient();
  const [customer, setCustomer] = useState("");
  const [order, setOrder] = useState("");
  const test = useMutation({
    mutationFn: () => post<ShopTest>(`/admin/shops/${shop.id}/test`, { customer, order }),
    onSettled: () => cache.invalidateQueries({ queryKey: recordsKey("shops") }),
  });
  return (
    <section className={css.part}>
      <h2>{t("shop.test")}</h2>
      <p className={css.hint}>{t("shop.test.hint")}</p>
      <div className={css.given}>
        <Input
          value={customer}
          maxLength={64}
          onChange={(event) => setCustomer(event.target.value)}
          placeholder={t("shop.test.customer")}
          aria-label={t("shop.test.customer")}
        />
        <Input
          value={order}
          maxLength={64}
          onChange={(event) => setOrder(event.target.value)}
          placeholder={t("shop.test.order")}
          aria-label={t("shop.test.order")}
        />
        <Button onClick={() => test.mutate()} loading={test.isPending}>
          {t("shop.test.do")}
        </Button>
      </div>
      <div aria-live="polite">
        {test.isError && <p className={css.failed}>{sentence(t, test.error)}</p>}
        {test.data && <Result test={test.data} />}
      </div>
    </section>
  );
}

function Result({ test }: { test: ShopTest }) {
  const { t } = useWords();
  const failed = test.checks.filter((check) => !check.ok).length;
  return (
    <>
      <p className={css.sum} data-ok={test.ok}>
        <Icon name={test.ok ? "check" : "warning"} />{" "}
        {test.ok ? t("shop.test.ok", { n: test.checks.length }) : t("shop.test.failed", { n: failed })}
      </p>
      <ul className={css.checks}>
        {test.checks.map((check) => (
          <li key={check.name} data-ok={check.ok}>
            <Icon name={check.ok ? "check" : "close"} />
            <div>
              <span className="for-readers">{t(check.ok ? "shop.check.ok" : "shop.check.failed")}</span>
              <p>{check.name}</p>
              {check.detail && <p className={css.detail}>{check.detail}</p>}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
