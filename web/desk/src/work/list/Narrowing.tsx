/**
 * Narrowing the lists: by department, code, tier and waiting time, under a name if one wants them again, and as a file
 * for those who may export.
 */
import { App, Button, Checkbox, Form, Input, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { ExportButton } from "../../frame/ExportButton";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import { Store, useStore } from "../../live/store";
import { isNarrow, useDirectory, useIncidents, useViewChange, useViews } from "../../server/queries";
import type { Filters, ListName, Me, SavedView } from "../../server/shapes";
import { useWords } from "../../words/words";
import css from "./Narrowing.module.css";

/** What narrows the lists now; forgotten with the page, so that nobody misses a customer the next morning. */
export const shownFilters = new Store<Filters>({});

interface NarrowingProps {
  me: Me;
  list: ListName;
  show(list: ListName): void;
}

export function Narrowing({ me, list, show }: NarrowingProps) {
  const { t } = useWords();
  const filters = useStore(shownFilters);
  const views = useViews().data ?? [];
  const [open, setOpen] = useState(false);
  const count = Object.values(filters).filter(Boolean).length;
  const choose = (id: string | undefined) => {
    const view = views.find((one) => one.id === id);
    shownFilters.set(view?.filters ?? {});
    if (view) show(view.list);
  };
  return (
    <div className={css.bar}>
      <Select<string>
        size="small"
        className={css.views}
        allowClear={isNarrow(filters)}
        aria-label={t("views.title")}
        placeholder={t("views.title")}
        notFoundContent={t("views.none")}
        value={views.find((one) => same(one.filters, filters) && one.list === list)?.id ?? null}
        onChange={choose}
        options={views.map((one) => ({
          value: one.id,
          label: one.shared ? `${one.name} ·  ${t("views.shared")}` : one.name,
        }))}
      />
      <Button
        size="small"
        type={count ? "primary" : "default"}
        icon={<Icon name="filter" />}
        onClick={() => setOpen(true)}
      >
        {count ? t("views.filters.n", { n: count }) : t("views.filters")}
      </Button>
      <Dialog me={me} list={list} views={views} open={open} close={() => setOpen(false)} />
    </div>
  );
}

const same = (one: Filters, other: Filters) =>
  JSON.stringify(
    Object.entries(one)
      .filter(([, value]) => value)
      .sort(),
  ) ===
  JSON.stringify(
    Object.entries(other)
      .filter(([, value]) => value)
      .sort(),
  );

interface DialogProps {
  me: Me;
  list: ListName;
  views: SavedView[];
  open: boolean;
  close(): void;
}

function Dialog({ me, list, views, open, close }: DialogProps) {
  const { t } = useWords();
  return (
    <Modal
      open={open}
      onCancel={close}
      title={t("views.filters.title")}
      footer={null}
      width={480}
      destroyOnHidden
    >
      <FilterForm close={close} />
      <Keeping me={me} list={list} />
      <Kept views={views} />
      {me.permissions.includes("conversations.export") && <Export list={list} />}
    </Modal>
  );
}

function FilterForm({ close }: { close(): void }) {
  const { t } = useWords();
  const incidents = useIncidents().data ?? [];
  const departments = useDirectory(true).data?.departments ?? [];
  const filters = useStore(shownFilters);
  const set = (_: unknown, all: Filters) =>
    shownFilters.set(
      Object.fromEntries(
        Object.entries({ ...all, topic: all.topic?.trim().toUpperCase() }).filter(([, value]) => value),
      ),
    );
  return (
    <Form<Filters> layout="vertical" initialValues={filters} onValuesChange={set} onFinish={close}>
      <div className={css.fields}>
        <Form.Item name="department" label={t("field.department")}>
          <Select allowClear options={departments.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item
          name="topic"
          label={t("views.code")}
          rules={[{ pattern: /^[A-Za-z0-9]{2,8}$/, message: t("views.code.wrong") }]}
        >
          <Input maxLength={8} />
        </Form.Item>
        <Form.Item name="tier" label={t("views.tier")}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name="minutes" label={t("views.minutes")}>
          <InputNumber min={1} max={10_000} precision={0} className={css.number} />
        </Form.Item>
      </div>
      {incidents.length > 0 && (
        <Form.Item name="incident" label={t("views.incident")}>
          <Select
            allowClear
            options={incidents.map(({ id, title, state }) => ({
              value: id,
              label: state === "over" ? t("views.incident.over", { title }) : title,
            }))}
          />
        </Form.Item>
      )}
      <Form.Item name="no_code" valuePropName="checked">
        <Checkbox>{t("views.no_code")}</Checkbox>
      </Form.Item>
    </Form>
  );
}

/** Keep what is chosen under a name; supervisors may share it. */
function Keeping({ me, list }: { me: Me; list: ListName }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const filters = useStore(shownFilters);
  const change = useViewChange();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const keep = () =>
    change.mutate(
      { name, list, filters, shared },
      {
        onSuccess: () => setName(""),
        onError: (error) => void message.error(sentence(t, error)),
      },
    );
  return (
    <div className={css.keep}>
      <Input
        aria-label={t("views.name")}
        placeholder={t("views.name")}
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {me.permissions.includes("views.share") && (
        <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>
          {t("views.share")}
        </Checkbox>
      )}
      <span className="for-readers" role="status">
        {change.isSuccess && t("views.kept")}
      </span>
      <Button onClick={keep} disabled={!name.trim()} loading={change.isPending}>
        {t("views.keep")}
      </Button>
    </div>
  );
}

function Kept({ views }: { views: SavedView[] }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const change = useViewChange();
  const own = views.filter((one) => one.own);
  if (own.length === 0) return null;
  return (
    <ul className={css.kept} aria-label={t("views.title")}>
      {own.map((one) => (
        <li key={one.id}>
          <span className="one-line">{one.name}</span>
          {one.shared && <span className={css.shared}>{t("views.shared_by", { name: one.by })}</span>}
          <Button
            type="text"
            size="small"
            icon={<Icon name="trash" />}
            aria-label={t("views.remove", { name: one.name })}
            onClick={() =>
              change.mutate(one.id, { onError: (error) => void message.error(sentence(t, error)) })
            }
          />
        </li>
      ))}
    </ul>
  );
}

function Export({ list }: { list: ListName }) {
  const { t } = useWords();
  const filters = useStore(shownFilters);
  return (
    <div className={css.export}>
      <ExportButton
        path="/desk/export"
        body={{ list, filters }}
        file="conversations.csv"
        word="views.export"
      />
      <span>{t("views.export.hint")}</span>
    </div>
  );
}
