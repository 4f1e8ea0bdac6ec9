/**
 * A shop's key, a way to replace its secret, and the test that says what its system does right and wrong.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { sentence } from "../frame/States";
import { post } from "../server/http";
import { useWords } from "../words/words";
import { recordsKey } from "./records";
import { ShopAbilities } from "./ShopAbilities";
import css from "./ShopConnection.module.css";
import type { NewSecret } from "./ShopsPage";
import type { Shop, ShopKind, ShopTest } from "./shapes";
import { TestResult } from "./TestResult";

interface ShopConnectionProps {
  shop: Shop;
  kinds: ShopKind[];
  editable: boolean;
  tell(secret: NewSecret): void;
}

export function ShopConnection({ shop, kinds, editable, tell }: ShopConnectionProps) {
  const { t } = useWords();
  const signs = kinds.find((kind) => kind.name === shop.kind)?.makes_secret ?? false;
  return (
    <>
      <ShopAbilities abilities={shop.abilities} />
      {signs && (
        <section className={css.part}>
          <h2>{t("shop.key_id")}</h2>
          <p className={css.key}>
            <code>{shop.key_id}</code>
            {editable && <ReplaceSecret shop={shop} tell={tell} />}
          </p>
        </section>
      )}
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
        {test.data && <TestResult test={test.data} />}
      </div>
    </section>
  );
}
