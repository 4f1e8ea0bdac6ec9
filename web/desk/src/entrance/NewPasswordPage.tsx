/**
 * Where somebody who forgot the password chooses a new one, with the one-time link of an operator.
 *
 * The secret stands behind the # of the link, which browsers never send to a server by themselves.
 */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Result } from "antd";
import { useState } from "react";
import { useLocation } from "wouter";
import { useRefusals } from "../frame/refusals";
import { Loading, Nothing, Trouble } from "../frame/States";
import { get, post, Refused } from "../server/http";
import { useWords } from "../words/words";
import { Entrance } from "./Entrance";
import { NewPassword } from "./NewPassword";

interface Whose {
  name: string;
  login: string;
}

export function NewPasswordPage() {
  const { t } = useWords();
  const [secret] = useState(() => location.hash.slice(1));
  const link = useQuery({
    queryKey: ["password-link", secret],
    queryFn: () => get<Whose>("/staff/password-link", { "x-password-link": secret }),
    retry: (times, error) => !(error instanceof Refused) && times < 2,
  });
  const over = link.error instanceof Refused;
  return (
    <Entrance title={t("newpassword.title")} hint={link.data && t("newpassword.hint", { ...link.data })}>
      {link.isPending && <Loading />}
      {link.isError && !over && <Trouble error={link.error} again={() => void link.refetch()} />}
      {over && <Over hint={(link.error as Refused).message} />}
      {link.data && <Choose secret={secret} />}
    </Entrance>
  );
}

function Over({ hint }: { hint: string }) {
  const { t } = useWords();
  const [, go] = useLocation();
  return (
    <Nothing icon="key" title={t("newpassword.over")} hint={hint}>
      <Button onClick={() => go("/")}>{t("signin.title")}</Button>
    </Nothing>
  );
}

function Choose({ secret }: { secret: string }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const [form] = Form.useForm<{ password: string }>();
  const refuse = useRefusals(form);
  const choose = useMutation({
    mutationFn: ({ password }: { password: string }) => post("/staff/password-link", { secret, password }),
    onError: refuse,
  });
  if (choose.isSuccess)
    return (
      <Result
        status="success"
        title={t("newpassword.done")}
        extra={
          <Button type="primary" autoFocus onClick={() => go("/")}>
            {t("signin.title")}
          </Button>
        }
      />
    );
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => choose.mutate(values)}>
      <NewPassword name="password" label={t("password.new")} />
      <Button type="primary" htmlType="submit" size="large" block loading={choose.isPending}>
        {t("newpassword.do")}
      </Button>
    </Form>
  );
}
