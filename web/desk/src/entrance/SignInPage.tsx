/**
 * Where staff come in: login and password, and the server's own words when they are turned away.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { post } from "../server/http";
import { keys } from "../server/queries";
import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import { Entrance } from "./Entrance";
import css from "./Entrance.module.css";

interface Credentials {
  login: string;
  password: string;
}

export function SignInPage() {
  const { t } = useWords();
  const cache = useQueryClient();
  const enter = useMutation({
    mutationFn: (credentials: Credentials) => post<Me>("/staff/sign-in", credentials),
    onSuccess: (me) => cache.setQueryData(keys.me, me),
  });
  return (
    <Entrance title={t("signin.title")} hint={t("signin.hint")}>
      <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(values) => enter.mutate(values)}>
        {enter.isError && (
          <p className={css.failed} role="alert">
            <Icon name="alert" /> {sentence(t, enter.error)}
          </p>
        )}
        <Form.Item
          name="login"
          label={t("person.login")}
          rules={[{ required: true, whitespace: true, message: t("required") }]}
        >
          <Input size="large" autoComplete="username" autoCapitalize="none" autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("person.password")}
          rules={[{ required: true, message: t("required") }]}
        >
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={enter.isPending}>
          {t("signin.do")}
        </Button>
      </Form>
    </Entrance>
  );
}
