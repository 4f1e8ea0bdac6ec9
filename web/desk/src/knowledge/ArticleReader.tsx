/**
 * An article for those who do not edit it: as customers read it, a draft where nothing was published yet, and how it
 * is asked for.
 */
import { Tabs } from "antd";
import { useWords } from "../words/words";
import { BackToList, MergedInto, StatusLine } from "./ArticleHead";
import { HelpVotes } from "./HelpVotes";
import { PhrasingsPanel } from "./PhrasingsPanel";
import { Preview } from "./Preview";
import { useVersions } from "./queries";
import { Shelf } from "./Shelf";
import { type Article, LOCALES, titleOf } from "./shapes";

export function ArticleReader({ article }: { article: Article }) {
  const { t } = useWords();
  const told = useVersions(article.id).data?.find(({ published }) => published);
  const texts = told?.texts ?? article.texts;
  const written = LOCALES.filter((locale) => texts[locale]);
  return (
    <Shelf back={<BackToList />} title={titleOf(texts)} hint={<StatusLine article={article} />}>
      {article.merged_into && <MergedInto id={article.merged_into} />}
      <HelpVotes article={article} />
      <Tabs
        items={[
          ...written.map((locale) => ({
            key: locale,
            label: t(`language.${locale}`),
            children: <Preview body={texts[locale]?.body ?? ""} />,
          })),
          {
            key: "phrasings",
            label: t("knowledge.phrasings.n", { n: article.phrasings.length }),
            children: <PhrasingsPanel article={article} editable={false} />,
          },
        ]}
      />
    </Shelf>
  );
}
