/**
 * What became of minted codes, by campaign and by the place where they are shown; a campaign is extended or ended as
 * a whole. Customers' own codes are not listed: they stand beside the conversations they are about.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Modal, Table } from "antd";
import { useState } from "react";
import { useRefusals } from "../frame/refusals";
import { Nothing, sentence } from "../frame/States";
import { post } from "../server/http";
import { useWords, type WordKey } from "../words/words";
import css from "./EndingPage.module.css";
import { MomentField } from "./MomentField";
import records from "./Records.module.css";
import type { EndingGroup } from "./shapes";

type Count = Exclude<keyof EndingGroup, "campaign" | "scene">;

/** The narrowest screen that shows a sum. */
const SUMS: [Count, "sm" | "md" | "lg" | "xl" | undefined][] = [
  ["issued", undefined],
  ["used", undefined],
  ["unused_at_end", "sm"],
  ["ending", "md"],
  ["unused_long", "lg"],
  ["renewed", "lg"],
];

export function EndingGroups({ groups, editable }: { groups: EndingGroup[]; editable: boolean }) {
  const { t, locale } = useWords();
  const [extended, setExtended] = useState<string>();
  const number = new Intl.NumberFormat(locale);
  return (
    <section className={css.groups} aria-labelledby="ending-groups">
      <h2 id="ending-groups">{t("ending.groups")}</h2>
      <p>{t("ending.groups.hint")}</p>
      <div className={records.body}>
        {groups.length === 0 ? (
          <Nothing icon="key" title={t("ending.groups.none")} />
        ) : (
          <Table<EndingGroup>
            rowKey={(row) => `${row.campaign ?? ""}\n${row.scene}`}
            dataSource={groups}
            pagination={groups.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
            columns={[
              { title: t("ending.group"), render: (_, row) => <GroupName row={row} /> },
              ...SUMS.map(([count, from]) => ({
                title: t(`ending.${count}` as WordKey),
                align: "right" as const,
                ...(from ? { responsive: [from] } : {}),
                render: (_: unknown, row: EndingGroup) => number.format(row[count]),
              })),
              {
                title: t("ending.reminded"),
                align: "right",
                responsive: ["xl"],
                render: (_, row) =>
                  row.reminded === 0 ? (
                    "–"
                  ) : (
                    <span className={records.whole}>
                      {number.format(row.renewed_then)} / {number.format(row.reminded)}
                    </span>
                  ),
              },
              {
                title: <span className="for-readers">{t("ending.actions")}</span>,
                align: "right",
                responsive: ["sm"],
                render: (_, { campaign, issued, used, revoked, live }) =>
                  editable &&
                  campaign !== null &&
                  (live > 0 || issued > used + revoked) && (
                    <span className={css.actions}>
                      <Button type="text" size="small" onClick={() => setExtended(campaign)}>
                        {t("ending.extend")}
                      </Button>
                      {live > 0 && <Revoke campaign={campaign} live={live} />}
                    </span>
                  ),
              },
            ]}
          />
        )}
      </div>
      {extended !== undefined && <Extend campaign={extended} close={() => setExtended(undefined)} />}
    </section>
  );
}

function GroupName({ row: { campaign, scene, live } }: { row: EndingGroup }) {
  const { t, locale } = useWords();
  return (
    <>
      <strong>{campaign ?? t("ending.place", { scene: scene || t("ending.place.none") })}</strong>
      <div className={records.detail}>
        {t("ending.live", { n: new Intl.NumberFormat(locale).format(live) })}
      </div>
    </>
  );
}

/** Changes all codes of a campaign; without an end they are revoked. */
function useEnd(done: () => void, failed: (error: unknown) => void) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { campaign: string; expires_at: string | null }) =>
      post<{ count: number }>("/admin/campaign-codes/end", wanted),
    onSuccess: ({ count }) => {
      void message.success(t("ending.changed", { n: count }));
      done();
    },
    onError: failed,
    onSettled: () => cache.invalidateQueries({ queryKey: ["admin"] }),
  });
}

function Extend({ campaign, close }: { campaign: string; close(): void }) {
  const { t } = useWords();
  const [form] = Form.useForm<{ expires_at: string }>();
  const end = useEnd(close, useRefusals(form));
  return (
    <Modal
      open
      title={t("ending.extend.title", { campaign })}
      okText={t("do.save")}
      cancelText={t("do.cancel")}
      confirmLoading={end.isPending}
      onCancel={close}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={({ expires_at }) =>
          expires_at
            ? end.mutate({ campaign, expires_at })
            : form.setFields([{ name: "expires_at", errors: [t("required")] }])
        }
      >
        <MomentField name="expires_at" label={t("campaigns.expires")} hint={t("ending.extend.hint")} />
      </Form>
    </Modal>
  );
}

function Revoke({ campaign, live }: { campaign: string; live: number }) {
  const { t } = useWords();
  const { message, modal } = App.useApp();
  const end = useEnd(
    () => undefined,
    (error) => void message.error(sentence(t, error)),
  );
  const ask = () =>
    modal.confirm({
      title: t("ending.revoke.title", { campaign, n: live }),
      content: t("ending.revoke.hint"),
      okText: t("codes.revoke"),
      okButtonProps: { danger: true },
      cancelText: t("do.cancel"),
      onOk: () => end.mutate({ campaign, expires_at: null }),
    });
  return (
    <Button type="text" size="small" danger onClick={ask}>
      {t("codes.revoke")}
    </Button>
  );
}
