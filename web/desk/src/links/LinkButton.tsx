/**
 * The QR code and the link of a code, a press away from wherever the code stands: to scan, send, save and print.
 */
import { Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { CopyButton } from "../frame/CopyButton";
import { Icon } from "../frame/Icon";
import { Loading, Trouble } from "../frame/States";
import { useWords } from "../words/words";
import css from "./LinkButton.module.css";
import { type CodeLink, type LinkSheet, printAddress, type Source, useLinks } from "./links";
import { ReachNote } from "./ReachNote";
import { SiteChoice } from "./SiteChoice";

export function LinkButton({ source, code }: { source: Source; code: string }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const label = t("links.of", { code });
  return (
    <>
      <Button
        type="text"
        icon={<Icon name="qr" />}
        aria-label={label}
        title={label}
        onClick={() => setOpen(true)}
      />
      <Modal
        open={open}
        title={label}
        width={440}
        footer={null}
        destroyOnHidden
        onCancel={() => setOpen(false)}
      >
        <Body source={source} code={code} />
      </Modal>
    </>
  );
}

function Body({ source, code }: { source: Source; code: string }) {
  const { t } = useWords();
  const [site, choose] = useState("");
  const query = useLinks(source, site);
  if (query.isPending && !site) return <Loading />;
  if (query.error) return <Trouble error={query.error} again={() => void query.refetch()} />;
  const link = query.data?.links.find((one) => one.code === code);
  return (
    <div className={css.body}>
      {source.kind !== "conversation" && <SiteChoice site={site} choose={choose} />}
      {query.data && !link && <p>{t("links.over")}</p>}
      {query.data && link ? <Linked source={source} site={site} link={link} sheet={query.data} /> : null}
      {query.isPending && <Loading />}
    </div>
  );
}

interface LinkedProps {
  source: Source;
  site: string;
  link: CodeLink;
  sheet: LinkSheet;
}

function Linked({ source, site, link, sheet }: LinkedProps) {
  const { t } = useWords();
  const url = useId();
  const only = source.kind === "topics" ? link.code : "";
  return (
    <>
      <ReachNote place={sheet.place} />
      <img className={css.picture} src={link.picture} alt={t("links.picture", { code: link.code })} />
      <p className={css.hint}>{t(`links.hint.${source.kind}`)}</p>
      <div>
        <label htmlFor={url}>{t("links.url")}</label>
        <div className={css.link}>
          <Input id={url} readOnly value={link.url} onFocus={(event) => event.target.select()} />
          <CopyButton text={link.url} label={t("links.copy")} />
        </div>
      </div>
      <div className={css.ways}>
        <Button icon={<Icon name="download" />} href={link.picture} download={`${link.code}.svg`}>
          {t("links.download")}
        </Button>
        <Button icon={<Icon name="print" />} href={printAddress(source, site, only)} target="_blank">
          {t("links.print")}
        </Button>
      </div>
    </>
  );
}
