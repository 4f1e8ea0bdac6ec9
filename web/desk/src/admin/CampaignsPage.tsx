/**
 * Campaign codes: minted by the operator, with an end and a number of uses, listed and revoked here.
 */
import { App, Button, Form, InputNumber, Popconfirm } from "antd";
import { CopyButton } from "../frame/CopyButton";
import { sentence } from "../frame/States";
import { LinkButton } from "../links/LinkButton";
import type { CampaignCode } from "../server/beside";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { Line } from "./fields";
import { MomentField } from "./MomentField";
import { type Column, Records } from "./Records";
import css from "./Records.module.css";
import { useArchive, useRecords } from "./records";

interface CampaignDraft {
  campaign: string;
  topic: string;
  count: number;
  uses: number | null;
  expires_at: string | null;
}

const NEW: CampaignDraft = { campaign: "", topic: "", count: 1, uses: null, expires_at: null };

export function CampaignsPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const editing = useEditing<CampaignCode>();
  return (
    <>
      <Records
        title={t("campaigns.title")}
        hint={t("campaigns.hint")}
        empty={t("campaigns.empty")}
        icon="key"
        query={useRecords<CampaignCode>("campaign-codes")}
        columns={useColumns(editable)}
        add={editable ? t("campaigns.add") : undefined}
        open={(row) => row || editing.start()}
      />
      <EditDrawer<CampaignDraft, CampaignCode[]>
        {...editing}
        kind="campaign-codes"
        editable={editable}
        title={t("campaigns.add")}
        initial={NEW}
        draft={(values) => ({ ...values, topic: values.topic.trim().toUpperCase() })}
      >
        <Line name="campaign" label={t("campaigns.name")} longest={60} required />
        <Line name="topic" label={t("campaigns.topic")} longest={8} hint={t("campaigns.topic.hint")} />
        <Form.Item name="count" label={t("campaigns.count")}>
          <InputNumber min={1} max={200} precision={0} />
        </Form.Item>
        <Form.Item name="uses" label={t("campaigns.uses")} extra={t("campaigns.uses.hint")}>
          <InputNumber min={1} max={1_000_000} precision={0} />
        </Form.Item>
        <MomentField name="expires_at" label={t("campaigns.expires")} hint={t("campaigns.expires.hint")} />
      </EditDrawer>
    </>
  );
}

function useColumns(editable: boolean): Column<CampaignCode>[] {
  const { t, locale } = useWords();
  const until = (row: CampaignCode) => (row.expires_at ? fullTime(locale, row.expires_at) : "–");
  return [
    {
      key: "code",
      title: t("campaigns.code"),
      show: (row) => (
        <div>
          <span className={css.whole}>
            <code>{row.code}</code> <CopyButton text={row.code} label={t("codes.copy")} />
            {row.state === "live" && <LinkButton source={{ kind: "campaign", id: row.id }} code={row.code} />}
          </span>
          <div className={css.detail}>{row.campaign}</div>
        </div>
      ),
    },
    { key: "state", title: t("campaigns.state"), width: 120, show: (row) => t(`codes.state.${row.state}`) },
    {
      key: "uses",
      title: t("campaigns.used"),
      width: 120,
      align: "right",
      from: "sm",
      show: (row) => (row.uses_left === null ? row.uses : `${row.uses} / ${row.uses + row.uses_left}`),
    },
    { key: "expires", title: t("campaigns.expires"), from: "md", show: until },
    {
      key: "revoke",
      title: "",
      width: 100,
      align: "right",
      show: (row) => editable && row.state === "live" && <Revoke id={row.id} />,
    },
  ];
}

function Revoke({ id }: { id: string }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const revoke = useArchive("campaign-codes");
  const failed = (error: Error) => void message.error(sentence(t, error));
  return (
    <Popconfirm
      title={t("codes.revoke.ask")}
      okText={t("codes.revoke")}
      onConfirm={() => revoke.mutate(id, { onError: failed })}
    >
      <Button type="text" size="small" danger>
        {t("codes.revoke")}
      </Button>
    </Popconfirm>
  );
}
