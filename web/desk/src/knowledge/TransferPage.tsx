/**
 * The knowledge in and out of files: what a file would change is shown before it is done, and nothing is done by half.
 */
import { App, Button, Checkbox, Segmented, Upload } from "antd";
import { useState } from "react";
import { ExportButton } from "../frame/ExportButton";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { useWords } from "../words/words";
import { BackToList } from "./ArticleHead";
import { Shelf } from "./Shelf";
import css from "./Transfer.module.css";
import { Report } from "./TransferReport";
import { type ImportReport, useImport } from "./transfer";

type Format = "csv" | "jsonl" | "markdown";
const FORMATS: Format[] = ["csv", "markdown", "jsonl"];
const FILES: Record<Format, string> = {
  csv: "knowledge.csv",
  markdown: "knowledge.zip",
  jsonl: "knowledge.jsonl",
};

export function TransferPage() {
  const { t } = useWords();
  return (
    <Shelf back={<BackToList />} title={t("exchange.title")} hint={t("exchange.hint")}>
      <div className={css.halves}>
        <section>
          <h2>{t("exchange.import")}</h2>
          <Importing />
          <Examples />
        </section>
        <section>
          <h2>{t("exchange.export")}</h2>
          <Exporting />
        </section>
      </div>
    </Shelf>
  );
}

function Exporting() {
  const { t } = useWords();
  const [format, setFormat] = useState<Format>("csv");
  return (
    <>
      <Segmented<Format>
        aria-label={t("exchange.format")}
        value={format}
        onChange={setFormat}
        options={FORMATS.map((value) => ({ value, label: t(`exchange.format.${value}`) }))}
      />
      <p className={css.faint}>{t(`exchange.about.${format}`)}</p>
      <ExportButton
        path="/desk/knowledge/export"
        body={{ format }}
        file={FILES[format]}
        word="exchange.export.do"
      />
      <p className={css.faint}>{t("exchange.export.hint")}</p>
    </>
  );
}

/** How a file is written is seen quickest in one; it can be imported as it is. */
function Examples() {
  const { t } = useWords();
  return (
    <div className={css.examples}>
      <span className={css.faint}>{t("exchange.example")}</span>
      {(["csv", "jsonl"] as const).map((format) => (
        <ExportButton
          key={format}
          path="/desk/knowledge/example"
          body={{ format }}
          file={`example.${format}`}
          word={`exchange.example.${format}`}
        />
      ))}
    </div>
  );
}

function Importing() {
  const { t } = useWords();
  const { message } = App.useApp();
  const [file, setFile] = useState<File>();
  const [publish, setPublish] = useState(false);
  const [report, setReport] = useState<ImportReport>();
  const taking = useImport();
  const look = (chosen: File, publishes: boolean) => {
    setFile(chosen);
    setPublish(publishes);
    setReport(undefined);
    taking.mutate({ file: chosen, publish: publishes }, { onSuccess: setReport });
  };
  const take = () => {
    if (!file || !report) return;
    taking.mutate(
      { file, publish, seen: report.version },
      {
        onSuccess: (done) => {
          setReport(done);
          if (done.done) void message.success(t("exchange.done"));
        },
      },
    );
  };
  const isTaken = taking.isPending && report !== undefined;
  const changes = report?.changes.filter(({ what }) => what !== "same").length ?? 0;
  return (
    <>
      <Upload.Dragger
        disabled={isTaken}
        accept=".jsonl,.ndjson,.json,.csv,.tsv,.txt,.zip"
        maxCount={1}
        showUploadList={false}
        beforeUpload={(chosen) => {
          look(chosen, publish);
          return false;
        }}
      >
        <p className={css.drop}>
          <Icon name="file" size={20} /> {file ? file.name : t("exchange.drop")}
        </p>
        <p className={css.faint}>{t("exchange.accepts")}</p>
      </Upload.Dragger>
      <Checkbox
        checked={publish}
        disabled={isTaken}
        onChange={(event) =>
          file && !report?.done ? look(file, event.target.checked) : setPublish(event.target.checked)
        }
      >
        {t("exchange.publish")}
      </Checkbox>
      {taking.isPending && <p role="status">{t(isTaken ? "exchange.importing" : "exchange.reading")}</p>}
      {taking.error && (
        <p className={css.bad} role="alert">
          {sentence(t, taking.error)}{" "}
          {file && (
            <Button size="small" onClick={() => look(file, publish)}>
              {t("exchange.again")}
            </Button>
          )}
        </p>
      )}
      {report && <Report report={report} />}
      {report && !report.done && report.problems.length === 0 && changes > 0 && !taking.error && (
        <Button type="primary" loading={taking.isPending} onClick={take}>
          {t("exchange.import.do", { n: changes })}
        </Button>
      )}
    </>
  );
}
