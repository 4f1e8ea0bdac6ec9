/**
 * Setting up the second factor, in three steps: the password, the app's code, the recovery codes.
 *
 * Nothing counts before a code of the app was typed, so a phone that did not scan locks nobody out.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { CopyButton } from "../frame/CopyButton";
import { Icon } from "../frame/Icon";
import { useRefusals } from "../frame/refusals";
import { post } from "../server/http";
import { keys } from "../server/queries";
import { useWords } from "../words/words";
import css from "./AccountPage.module.css";

interface Offer {
  secret: string;
  uri: string;
  picture: string;
}

export function SetUpFactor({ done, leave }: { done(): void; leave?: () => void }) {
  const [offer, setOffer] = useState<Offer>();
  const [codes, setCodes] = useState<string[]>();
  const cache = useQueryClient();
  const finish = () => {
    void cache.invalidateQueries({ queryKey: ["account"] });
    void cache.invalidateQueries({ queryKey: keys.me });
    done();
  };
  if (codes) return <Recovery codes={codes} done={finish} />;
  if (offer) return <Scan offer={offer} confirmed={setCodes} leave={leave} />;
  return <Password offered={setOffer} leave={leave} />;
}

function Password({ offered, leave }: { offered(offer: Offer): void; leave?: (() => void) | undefined }) {
  const { t } = useWords();
  const [form] = Form.useForm<{ current: string }>();
  const refuse = useRefusals(form, { password: "current" });
  const begin = useMutation({
    mutationFn: ({ current }: { current: string }) =>
      post<Offer>("/staff/second-factor", { password: current }),
    onSuccess: offered,
    onError: refuse,
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => begin.mutate(values)}>
      <Form.Item
        name="current"
        label={t("password.current")}
        extra={t("factor.password.hint")}
        rules={[{ required: true, message: t("required") }]}
      >
        <Input.Password autoComplete="current-password" autoFocus />
      </Form.Item>
      <Buttons go={t("factor.next")} busy={begin.isPending} leave={leave} />
    </Form>
  );
}

interface ScanProps {
  offer: Offer;
  confirmed(codes: string[]): void;
  leave?: (() => void) | undefined;
}

function Scan({ offer, confirmed, leave }: ScanProps) {
  const { t } = useWords();
  const [form] = Form.useForm<{ code: string }>();
  const refuse = useRefusals(form);
  const confirm = useMutation({
    mutationFn: (values: { code: string }) =>
      post<{ codes: string[] }>("/staff/second-factor/confirm", values),
    onSuccess: ({ codes }) => confirmed(codes),
    onError: refuse,
  });
  const letters = offer.secret.replace(/(.{4})(?=.)/g, "$1 ");
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => confirm.mutate(values)}>
      <div className={css.offer}>
        <img src={offer.picture} alt={t("factor.picture")} />
        <div>
          {t("factor.scan")}
          <p className={css.secret}>
            <code>{letters}</code>
            <CopyButton text={offer.secret} label={t("copy.one", { name: t("factor.secret") })} />
          </p>
        </div>
      </div>
      <Form.Item
        name="code"
        label={t("factor.code")}
        rules={[{ required: true, whitespace: true, message: t("required") }]}
      >
        <Input autoComplete="one-time-code" inputMode="numeric" maxLength={10} autoFocus />
      </Form.Item>
      <Buttons go={t("factor.confirm")} busy={confirm.isPending} leave={leave} />
    </Form>
  );
}

function Recovery({ codes, done }: { codes: string[]; done(): void }) {
  const { t } = useWords();
  return (
    <>
      <p role="status">
        <Icon name="proved" /> {t("factor.recovery.hint")}
      </p>
      <ol className={css.codes} aria-label={t("factor.recovery")}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className={css.row}>
        <CopyButton text={codes.join("\n")} label={t("copy.one", { name: t("factor.recovery") })} />
        <Button type="primary" onClick={done} autoFocus>
          {t("secret.noted")}
        </Button>
      </div>
    </>
  );
}

function Buttons({ go, busy, leave }: { go: string; busy: boolean; leave?: (() => void) | undefined }) {
  const { t } = useWords();
  return (
    <div className={css.row}>
      {leave ? <Button onClick={leave}>{t("do.cancel")}</Button> : <span />}
      <Button type="primary" htmlType="submit" loading={busy}>
        {go}
      </Button>
    </div>
  );
}
