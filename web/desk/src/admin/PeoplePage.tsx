/**
 * People: who works here, as what, for which departments, and how many conversations at once.
 */
import { Button, Form, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { Choice } from "../frame/Choice";
import type { Me, Role, Tier } from "../server/shapes";
import { useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { EntryActions } from "./EntryActions";
import { useEditing } from "./editing";
import { Line, Tags, TierOptions, useDepartmentNames, useDepartmentOptions } from "./fields";
import css from "./PeoplePage.module.css";
import { PersonState } from "./PersonState";
import { randomPassword } from "./password";
import { type Column, Records, RowName } from "./Records";
import { RolesMatrix } from "./RolesMatrix";
import { useRecords } from "./records";
import { SecretOnce } from "./SecretOnce";
import type { Person } from "./shapes";

interface PersonDraft {
  login: string;
  name: string;
  role: Role;
  capacity: number;
  departments: string[];
  tier: Tier;
  skills: string[];
  password?: string | undefined;
}

const NEW: PersonDraft = {
  login: "",
  name: "",
  role: "agent",
  capacity: 5,
  departments: [],
  tier: 1,
  skills: [],
};
const ROLES: Role[] = ["agent", "supervisor", "operator"];

export function PeoplePage({ editable, me }: { editable: boolean; me: Me }) {
  const { t } = useWords();
  const query = useRecords<Person>("people");
  const editing = useEditing<Person>();
  const [told, setTold] = useState<{ login: string; password: string }>();
  return (
    <>
      <Records
        title={t("people.title")}
        hint={t("people.hint")}
        empty={t("people.empty")}
        icon="people"
        query={query}
        columns={useColumns(editing.start)}
        add={editable ? t("people.add") : undefined}
        open={editing.start}
        below={<RolesMatrix editable={editable} />}
      />
      <EditDrawer<PersonDraft, Person>
        {...editing}
        kind="people"
        editable={editable}
        id={editing.row?.id}
        title={editing.row ? editing.row.name : t("people.add")}
        initial={editing.row ? pick(editing.row) : { ...NEW, password: randomPassword() }}
        draft={(values) => ({ ...values, password: values.password || null })}
        saved={(_, { login, password }) => password && setTold({ login, password })}
        beside={editing.row && editable && <EntryActions key={editing.row.id} person={editing.row} />}
        archive={
          editing.row?.id === me.id
            ? undefined
            : {
                title: t("people.archive", { name: editing.row?.name ?? "" }),
                hint: t("people.archive.hint"),
              }
        }
      >
        <PersonFields isNew={!editing.row} />
      </EditDrawer>
      <SecretOnce
        open={told !== undefined}
        title={t("people.password.once")}
        hint={t("people.password.once.hint")}
        lines={
          told
            ? [
                [t("person.login"), told.login],
                [t("person.password"), told.password],
              ]
            : []
        }
        close={() => setTold(undefined)}
      />
    </>
  );
}

const pick = ({ login, name, role, capacity, departments, tier, skills }: Person): PersonDraft => ({
  login,
  name,
  role,
  capacity,
  departments,
  tier,
  skills,
});

function useColumns(open: (row: Person) => void): Column<Person>[] {
  const { t } = useWords();
  const departmentName = useDepartmentNames();
  return [
    {
      key: "name",
      title: t("person.name"),
      show: (row) => <RowName name={row.name} detail={row.login} open={() => open(row)} />,
    },
    { key: "role", title: t("person.role"), width: 120, show: (row) => t(`role.${row.role}`) },
    {
      key: "departments",
      title: t("people.departments"),
      from: "md",
      show: (row) => row.departments.map(departmentName).filter(Boolean).join(t("list.separator")),
    },
    {
      key: "tier",
      title: t("person.tier"),
      width: 96,
      from: "md",
      show: (row) => t(`topic.tier.${row.tier}`),
    },
    {
      key: "skills",
      title: t("person.skills"),
      from: "lg",
      show: (row) => row.skills.join(t("list.separator")),
    },
    {
      key: "capacity",
      title: t("person.capacity"),
      width: 112,
      align: "right",
      from: "lg",
      show: (row) => row.capacity,
    },
    {
      key: "state",
      title: t("people.state"),
      width: 120,
      from: "sm",
      show: (row) => <PersonState person={row} />,
    },
  ];
}

function PersonFields({ isNew }: { isNew: boolean }) {
  const { t } = useWords();
  return (
    <>
      <Line name="name" label={t("person.name")} hint={t("person.name.hint")} longest={40} required />
      <Form.Item
        name="login"
        label={t("person.login")}
        extra={t("person.login.hint")}
        required
        rules={[
          { required: true, whitespace: true, message: t("required") },
          { pattern: /^\s*\S{2,}\s*$/, message: t("invalid.login") },
        ]}
      >
        <Input maxLength={100} autoComplete="off" autoCapitalize="none" />
      </Form.Item>
      <Form.Item name="role" label={t("person.role")} extra={t("person.role.hint")} required>
        <Select options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))} />
      </Form.Item>
      <Form.Item name="departments" label={t("people.departments")} extra={t("people.departments.hint")}>
        <Choice<string[]>
          mode="multiple"
          options={useDepartmentOptions()}
          showSearch={{ optionFilterProp: "label" }}
          placeholder={t("field.choose")}
        />
      </Form.Item>
      <Form.Item name="tier" label={t("person.tier")} extra={t("person.tier.hint")}>
        <TierOptions aria-label={t("person.tier")} />
      </Form.Item>
      <Tags
        name="skills"
        label={t("person.skills")}
        hint={t("person.skills.hint")}
        placeholder={t("topic.skills.placeholder")}
      />
      <Form.Item name="capacity" label={t("person.capacity")} extra={t("person.capacity.hint")} required>
        <InputNumber min={0} max={100} precision={0} />
      </Form.Item>
      <PasswordField isNew={isNew} />
    </>
  );
}

/** A new person gets a random password; later it is only touched when somebody asks for a new one. */
function PasswordField({ isNew }: { isNew: boolean }) {
  const { t } = useWords();
  const form = Form.useFormInstance<PersonDraft>();
  const [shown, setShown] = useState(isNew);
  if (!shown)
    return (
      <Form.Item label={t("person.password")} extra={t("people.password.reset.hint")}>
        <Button
          onClick={() => {
            setShown(true);
            form.setFieldValue("password", randomPassword());
          }}
        >
          {t("people.password.reset")}
        </Button>
      </Form.Item>
    );
  return (
    <Form.Item
      name="password"
      label={t(isNew ? "person.password" : "people.password.new")}
      extra={t(isNew ? "people.password.first.hint" : "people.password.reset.hint")}
      required
      rules={[
        { required: true, message: t("required") },
        { min: 10, message: t("password.hint", { n: 10 }) },
      ]}
    >
      <Input className={css.password} autoComplete="off" spellCheck={false} maxLength={200} />
    </Form.Item>
  );
}
