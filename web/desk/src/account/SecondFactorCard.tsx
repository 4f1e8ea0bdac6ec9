/**
 * The second factor: whether it is on, and how it is switched on and off.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { toFirstField } from "../frame/firstField";
import { Icon } from "../frame/Icon";
import { useRefusals } from "../frame/refusals";
import { Loading, Trouble } from "../frame/States";
import { get, post } from "../server/http";
import { keys } from "../server/queries";
import { useWords } from "../words/words";
import css from "./AccountPage.module.css";
import { SetUpFactor } from "./SetUpFactor";

interface Factor {
  state: "on" | "off" | "missing";
  demanded: boolean;
  recovery_left: number;
}

export function SecondFactorCard() {
  const { t } = useWords();
  const factor = useQuery({
    queryKey: ["account", "factor"],
    queryFn: () => get<Factor>("/staff/second-factor"),
  });
  const [step, setStep] = useState<"" | "on" | "off">("");
  return (
    <section className={css.card} aria-labelledby="account-factor">
      <h2 id="account-factor">{t("factor.title")}</h2>
      <p>{t("factor.hint")}</p>
      {factor.isPending && <Loading />}
      {factor.isError && <Trouble error={factor.error} again={() => void factor.refetch()} />}
      {factor.data && step !== "on" && <Standing factor={factor.data} start={setStep} />}
      {step === "on" && <SetUpFactor done={() => setStep("")} leave={() => setStep("")} />}
      <SwitchOff open={step === "off"} close={() => setStep("")} />
    </section>
  );
}

function Standing({ factor, start }: { factor: Factor; start(step: "on" | "off"): void }) {
  const { t } = useWords();
  if (factor.state !== "on")
    return (
      <div className={css.row}>
        <span>{t("factor.is_off")}</span>
        <Button type="primary" onClick={() => start("on")}>
          {t("factor.switch_on")}
        </Button>
      </div>
    );
  return (
    <div className={css.row}>
      <span>
        <span className={`${css.state} ${css.on}`}>
          <Icon name="proved" /> {t("factor.is_on")}
        </span>{" "}
        {t("factor.recovery_left", { n: factor.recovery_left })}
      </span>
      {factor.demanded ? (
        <span>{t("factor.demanded")}</span>
      ) : (
        <Button danger onClick={() => start("off")}>
          {t("factor.switch_off")}
        </Button>
      )}
    </div>
  );
}

function SwitchOff({ open, close }: { open: boolean; close(): void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<{ current: string }>();
  const refuse = useRefusals(form, { password: "current" });
  const off = useMutation({
    mutationFn: ({ current }: { current: string }) => post("/staff/second-factor/off", { password: current }),
    onSuccess: () => {
      void message.success(t("factor.was_switched_off"));
      void cache.invalidateQueries({ queryKey: ["account"] });
      void cache.invalidateQueries({ queryKey: keys.me });
      close();
    },
    onError: refuse,
  });
  return (
    <Modal
      open={open}
      title={t("factor.switch_off.title")}
      okText={t("factor.switch_off")}
      okButtonProps={{ danger: true, loading: off.isPending }}
      cancelText={t("do.cancel")}
      onOk={() => form.submit()}
      onCancel={close}
      afterOpenChange={toFirstField}
      destroyOnHidden
    >
      <p>{t("factor.switch_off.hint")}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => off.mutate(values)}>
        <Form.Item
          name="current"
          label={t("password.current")}
          rules={[{ required: true, message: t("required") }]}
        >
          <Input.Password autoComplete="current-password" data-first-field />
        </Form.Item>
      </Form>
    </Modal>
  );
}
