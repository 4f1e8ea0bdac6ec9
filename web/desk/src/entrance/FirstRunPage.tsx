/**
 * The very first page of an installation: whoever holds the one-time link becomes the first operator.
 *
 * The secret stands behind the # of the link, which browsers never send to a server by themselves.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useLocation } from "wouter";
import { useRefusals } from "../frame/refusals";
import { Loading, Nothing, Trouble } from "../frame/States";
import { get, post } from "../server/http";
import { keys } from "../server/queries";
import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import { Entrance } from "./Entrance";
import { NewPassword } from "./NewPassword";

interface FirstOperator {
  name: string;
  login: string;
  password: string;
}

export function FirstRunPage() {
  const { t } = useWords();
  const [secret] = useState(() => location.hash.replace(/^#(secret=)?/, ""));
  const link = useQuery({
    queryKey: ["first-run", secret],
    queryFn: () => get<{ valid: boolean }>("/staff/first-run", { "x-first-run-secret": secret }),
  });
  return (
    <Entrance title={t("firstrun.title")} hint={link.data?.valid ? t("firstrun.hint") : undefined}>
      {link.isPending && <Loading />}
      {link.isError && <Trouble error={link.error} again={() => void link.refetch()} />}
      {link.data?.valid && <Claim secret={secret} />}
      {link.data && !link.data.valid && <Over />}
    </Entrance>
  );
}

function Over() {
  const { t } = useWords();
  const [, go] = useLocation();
  return (
    <Nothing icon="key" title={t("firstrun.over")} hint={t("firstrun.over.hint")}>
      <Button onClick={() => go("/")}>{t("signin.title")}</Button>
    </Nothing>
  );
}

function Claim({ secret }: { secret: string }) {
  const { t } = useWords();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [form] = Form.useForm<FirstOperator>();
  const refuse = useRefusals(form);
  const claim = useMutation({
    mutationFn: ({ name, login, password }: FirstOperator) =>
      post<Me>("/staff/first-run", { secret, name, login, password }),
    onSuccess: (me) => {
      cache.setQueryData(keys.me, me);
      go("/admin/start", { replace: true });
    },
    onError: refuse,
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => claim.mutate(values)}>
      <Form.Item
        name="name"
        label={t("person.name")}
        extra={t("person.name.hint")}
        rules={[{ required: true, whitespace: true, message: t("required") }]}
      >
        <Input maxLength={40} autoComplete="name" />
      </Form.Item>
      <Form.Item
        name="login"
        label={t("person.login")}
        extra={t("person.login.hint")}
        rules={[{ required: true, whitespace: true, message: t("required") }]}
      >
        <Input maxLength={100} autoComplete="username" autoCapitalize="none" />
      </Form.Item>
      <NewPassword name="password" label={t("person.password")} />
      <Button type="primary" htmlType="submit" size="large" block loading={claim.isPending}>
        {t("firstrun.do")}
      </Button>
    </Form>
  );
}
