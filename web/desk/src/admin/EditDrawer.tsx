/**
 * Where one thing is made or changed: its form, and the buttons that save or archive it.
 *
 * Nothing is saved until asked; leaving with changes asks first. For readers the form is only shown.
 */
import { App, Button, Drawer, Form, type FormInstance } from "antd";
import { type ReactNode, useState } from "react";
import { useRefusals } from "../frame/refusals";
import { sentence } from "../frame/States";
import { useWords } from "../words/words";
import css from "./EditDrawer.module.css";
import { type Kind, useArchive, useSave } from "./records";

/** What is asked before it goes; where that is no archiving, `word` and `done` say what it is. */
interface Archive {
  title: string;
  hint: string;
  word?: string;
  done?: string;
}

interface EditDrawerProps<Draft extends object, Saved> {
  kind: Kind;
  /** Where a new one is posted, if it belongs to something. */
  under?: string;
  title: string;
  open: boolean;
  editable: boolean;
  /** Of the thing being changed; without it a new one is made. */
  id?: string | undefined;
  initial: Draft;
  size?: number;
  archive?: Archive | undefined;
  /** What the form holds, as the server wants it. */
  draft?(values: Draft): unknown;
  /** Where the form calls a field differently from the request. */
  rename?: Record<string, string>;
  children: ReactNode;
  /** Above the form: what there is to do with the thing as it is. */
  above?: ReactNode;
  /** Beside the form, outside of it: keys, tests. */
  beside?: ReactNode;
  /** Each opening is a drawer and a form of its own. */
  opening: number;
  close(): void;
  saved?(saved: Saved, values: Draft): void;
}

export function EditDrawer<Draft extends object, Saved>(props: EditDrawerProps<Draft, Saved>) {
  return <OneDrawer key={props.opening} {...props} />;
}

function OneDrawer<Draft extends object, Saved>(props: EditDrawerProps<Draft, Saved>) {
  const [form] = Form.useForm<Draft>();
  const { t } = useWords();
  const { modal } = App.useApp();
  const [changed, setChanged] = useState(false);
  const leave = () => {
    if (!changed || !props.open) return props.close(); // Escape is heard while it slides away too
    modal.confirm({
      title: t("edit.leave"),
      content: t("edit.leave.hint"),
      okText: t("edit.leave.do"),
      cancelText: t("edit.stay"),
      onOk: props.close,
    });
  };
  return (
    <Drawer
      open={props.open}
      onClose={leave}
      title={props.title}
      size={Math.min(props.size ?? 480, window.innerWidth)}
      footer={props.editable ? <Footer {...props} form={form} leave={leave} /> : undefined}
      destroyOnHidden
    >
      {props.above}
      <Form<Draft>
        form={form}
        layout="vertical"
        disabled={!props.editable}
        initialValues={props.initial}
        scrollToFirstError={{ focus: true }}
        onValuesChange={() => setChanged(true)}
      >
        {props.children}
      </Form>
      {props.beside}
    </Drawer>
  );
}

interface FooterProps<Draft extends object, Saved> extends EditDrawerProps<Draft, Saved> {
  form: FormInstance<Draft>;
  leave(): void;
}

function Footer<Draft extends object, Saved>({ leave, form, ...props }: FooterProps<Draft, Saved>) {
  const { t } = useWords();
  const { message } = App.useApp();
  const save = useSave<unknown, Saved>(props.kind, props.under);
  const refuse = useRefusals(form as FormInstance, props.rename);
  const submit = async () => {
    const values = await form.validateFields().catch(() => undefined);
    if (!values) return;
    save.mutate(
      { ...(props.id ? { id: props.id } : {}), draft: props.draft ? props.draft(values) : values },
      {
        onSuccess: (saved) => {
          void message.success(t("edit.saved"));
          props.close();
          props.saved?.(saved, values);
        },
        onError: refuse,
      },
    );
  };
  return (
    <div className={css.footer}>
      {props.id && props.archive && <ArchiveButton {...props} id={props.id} archive={props.archive} />}
      <span className={css.space} />
      <Button onClick={leave}>{t("do.cancel")}</Button>
      <Button type="primary" onClick={() => void submit()} loading={save.isPending}>
        {t("do.save")}
      </Button>
    </div>
  );
}

interface ArchiveButtonProps {
  kind: Kind;
  id: string;
  archive: Archive;
  close(): void;
}

function ArchiveButton({ kind, id, archive, close }: ArchiveButtonProps) {
  const { t } = useWords();
  const { message, modal } = App.useApp();
  const put = useArchive(kind);
  const ask = () =>
    modal.confirm({
      title: archive.title,
      content: archive.hint,
      okText: archive.word ?? t("do.archive"),
      okButtonProps: { danger: true },
      cancelText: t("do.cancel"),
      onOk: () =>
        put.mutateAsync(id).then(
          () => {
            void message.success(archive.done ?? t("edit.archived"));
            close();
          },
          (error: unknown) => void message.error(sentence(t, error), 6),
        ),
    });
  return (
    <Button danger type="text" onClick={ask}>
      {archive.word ?? t("do.archive")}
    </Button>
  );
}
