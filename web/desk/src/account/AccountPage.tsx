/**
 * One's own account: how one is called, the second factor, where one is signed in, and the password.
 */
import { useWords } from "../words/words";
import css from "./AccountPage.module.css";
import { AlertsCard } from "./AlertsCard";
import { PasswordCard } from "./PasswordCard";
import { SecondFactorCard } from "./SecondFactorCard";
import { SessionsCard } from "./SessionsCard";

export function AccountPage() {
  const { t } = useWords();
  return (
    <div className={css.page}>
      <h1>{t("me.account")}</h1>
      <AlertsCard />
      <SecondFactorCard />
      <SessionsCard />
      <PasswordCard />
    </div>
  );
}
