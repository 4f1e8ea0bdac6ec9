/**
 * What each role may do, as the server itself decides it, and which roles must have a second factor.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Switch } from "antd";
import { Icon } from "../frame/Icon";
import { Loading, sentence, Trouble } from "../frame/States";
import { wordFor } from "../frame/told";
import { get, put } from "../server/http";
import { keys } from "../server/queries";
import type { Role } from "../server/shapes";
import { useWords } from "../words/words";
import css from "./RolesMatrix.module.css";

interface RoleView {
  role: Role;
  permissions: string[];
}

const ORDER: Role[] = ["agent", "supervisor", "operator"];

export function RolesMatrix({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const roles = useQuery({ queryKey: ["admin", "roles"], queryFn: () => get<RoleView[]>("/admin/roles") });
  return (
    <section className={css.matrix} aria-labelledby="roles">
      <h2 id="roles">{t("roles.title")}</h2>
      <p>{t("roles.hint")}</p>
      {roles.isPending && <Loading />}
      {roles.isError && <Trouble error={roles.error} again={() => void roles.refetch()} />}
      {roles.data && <Matrix roles={roles.data} editable={editable} />}
    </section>
  );
}

function Matrix({ roles, editable }: { roles: RoleView[]; editable: boolean }) {
  const { t } = useWords();
  const names = [...new Set(roles.flatMap(({ permissions }) => permissions))].sort();
  const may = (role: Role, name: string) =>
    roles.some((one) => one.role === role && one.permissions.includes(name));
  return (
    <div className={css.scroll}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("roles.may")}</th>
            {ORDER.map((role) => (
              <th key={role} scope="col">
                {t(`role.${role}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row name={t("permission.own")} has={() => true} />
          {names.map((name) => {
            const word = wordFor("permission", name, undefined);
            return <Row key={name} name={word ? t(word) : name} has={(role) => may(role, name)} />;
          })}
          <FactorRule editable={editable} />
        </tbody>
      </table>
    </div>
  );
}

function Row({ name, has }: { name: string; has(role: Role): boolean }) {
  const { t } = useWords();
  return (
    <tr>
      <th scope="row">{name}</th>
      {ORDER.map((role) => (
        <td key={role}>
          {has(role) ? (
            <span className={css.yes}>
              <Icon name="check" />
              <span className="for-readers">{t("roles.yes")}</span>
            </span>
          ) : (
            <span className={css.no}>
              <span aria-hidden>–</span>
              <span className="for-readers">{t("roles.no")}</span>
            </span>
          )}
        </td>
      ))}
    </tr>
  );
}

function FactorRule({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const rule = useQuery({
    queryKey: ["admin", "second-factor-rule"],
    queryFn: () => get<{ roles: Role[] }>("/admin/second-factor-rule"),
  });
  const change = useMutation({
    mutationFn: (roles: Role[]) => put("/admin/second-factor-rule", { roles }),
    onError: (error) => void message.error(sentence(t, error)),
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: ["admin", "second-factor-rule"] }),
        cache.invalidateQueries({ queryKey: keys.me }),
      ]),
  });
  const demanded = rule.data?.roles ?? [];
  return (
    <tr>
      <th scope="row">
        {t("factor.rule")}
        <small>{t("factor.rule.hint")}</small>
      </th>
      {ORDER.map((role) => (
        <td key={role}>
          <Switch
            size="small"
            aria-label={t("factor.rule.of", { name: t(`role.${role}`) })}
            checked={demanded.includes(role)}
            disabled={!editable || !rule.data}
            loading={change.isPending}
            onChange={(on) =>
              change.mutate(on ? [...demanded, role] : demanded.filter((one) => one !== role))
            }
          />
        </td>
      ))}
    </tr>
  );
}
