/**
 * Departments: groups of agents that codes lead to and conversations wait for.
 */

import { useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { Line, PositionField } from "./fields";
import { type Column, Records, RowName } from "./Records";
import { useRecords } from "./records";
import type { Department } from "./shapes";

type DepartmentDraft = Omit<Department, "id" | "people">;

const NEW: DepartmentDraft = { name: "", name_en: "", position: 0 };

export function DepartmentsPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const query = useRecords<Department>("departments");
  const editing = useEditing<Department>();
  const columns: Column<Department>[] = [
    {
      key: "name",
      title: t("field.name"),
      show: (row) => <RowName name={row.name} detail={row.name_en} open={() => editing.start(row)} />,
    },
    {
      key: "people",
      title: t("departments.people"),
      width: 120,
      align: "right",
      show: (row) => row.people ?? 0,
    },
    {
      key: "position",
      title: t("field.position"),
      width: 120,
      align: "right",
      from: "sm",
      show: (row) => row.position,
    },
  ];
  return (
    <>
      <Records
        title={t("departments.title")}
        hint={t("departments.hint")}
        empty={t("departments.empty")}
        icon="department"
        query={query}
        columns={columns}
        add={editable ? t("departments.add") : undefined}
        open={editing.start}
      />
      <EditDrawer<DepartmentDraft, Department>
        {...editing}
        kind="departments"
        editable={editable}
        id={editing.row?.id}
        title={editing.row ? editing.row.name : t("departments.add")}
        initial={editing.row ? pick(editing.row) : { ...NEW, position: (query.data?.length ?? 0) * 10 }}
        archive={{
          title: t("departments.archive", { name: editing.row?.name ?? "" }),
          hint: t("departments.archive.hint"),
        }}
      >
        <Line name="name" label={t("field.name")} longest={40} required />
        <Line name="name_en" label={t("field.name_en")} longest={60} hint={t("field.name_en.hint")} />
        <PositionField />
      </EditDrawer>
    </>
  );
}

const pick = ({ name, name_en, position }: Department): DepartmentDraft => ({ name, name_en, position });
