/**
 * Where staff come in: login and password, a code where somebody has a second factor, and the server's own words when
 * they are turned away.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, type InputRef } from "antd";
import { useEffect, useRef } from "react";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { post, Refused } from "../server/http";
import { keys } from "../server/queries";
import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import { Entrance } from "./Entrance";
import css from "./Entrance.module.css";

interface Credentials {
  login: string;
  password: string;
  code?: string;
}

const codeOf = (error: unknown) => (error instanceof Refused ? error.code : "");

export function SignInPage() {
  const { t } = useWords();
  const cache = useQueryClient();
  const enter = useMutation({
    mutationFn: (credentials: Credentials) => post<Me>("/staff/sign-in", credentials),
    onSuccess: (me) => cache.setQueryData(keys.me, me),
  });
  const refused = codeOf(enter.error);
  const asked = useRef(false);
  // Asked once, the code stays wanted until another login is typed.
  if (refused === "second_factor_asked" || refused === "second_factor_wrong") asked.current = true;
  return (
    <Entrance title={t("signin.title")} hint={t("signin.hint")}>
      <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(values) => enter.mutate(values)}>
        {enter.isError && refused !== "second_factor_asked" && (
          <p className={css.failed} role="alert">
            <Icon name="alert" /> {sentence(t, enter.error)}
          </p>
        )}
        <Form.Item
          name="login"
          label={t("person.login")}
          rules={[{ required: true, whitespace: true, message: t("required") }]}
        >
          <Input
            size="large"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            onChange={() => {
              asked.current = false;
            }}
          />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("person.password")}
          rules={[{ required: true, message: t("required") }]}
        >
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        {asked.current && <CodeField />}
        <Button type="primary" htmlType="submit" size="large" block loading={enter.isPending}>
          {t("signin.do")}
        </Button>
      </Form>
      <p className={css.forgot}>{t("signin.forgot")}</p>
    </Entrance>
  );
}

function CodeField() {
  const { t } = useWords();
  const field = useRef<InputRef>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <Form.Item
      name="code"
      label={t("factor.code")}
      extra={t("factor.code.hint")}
      rules={[{ required: true, whitespace: true, message: t("required") }]}
    >
      <Input ref={field} size="large" autoComplete="one-time-code" maxLength={40} />
    </Form.Item>
  );
}
