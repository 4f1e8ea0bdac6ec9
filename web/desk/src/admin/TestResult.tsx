/**
 * What a test of a connection found: each thing that was tried, right or wrong.
 */
import { Icon } from "../frame/Icon";
import { useWords } from "../words/words";
import type { ShopTest } from "./shapes";
import css from "./TestResult.module.css";

export function TestResult({ test }: { test: ShopTest }) {
  const { t } = useWords();
  const failed = test.checks.filter((check) => !check.ok).length;
  return (
    <>
      <p className={css.sum} data-ok={test.ok}>
        <Icon name={test.ok ? "check" : "warning"} />{" "}
        {test.ok ? t("shop.test.ok", { n: test.checks.length }) : t("shop.test.failed", { n: failed })}
      </p>
      <ul className={css.checks}>
        {test.checks.map((check) => (
          <li key={check.name} data-ok={check.ok}>
            <Icon name={check.ok ? "check" : "close"} />
            <div>
              <span className="for-readers">{t(check.ok ? "shop.check.ok" : "shop.check.failed")}</span>
              <p>{check.name}</p>
              {check.detail && <p className={css.detail}>{check.detail}</p>}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
