/**
 * The categories: made, renamed, put in order and taken away when they are empty.
 */
import { App, Button, Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { useWords } from "../words/words";
import css from "./Article.module.css";
import { type CategoryDraft, useArchiveCategory, useCategories, useSaveCategory } from "./queries";
import type { Category } from "./shapes";

export function CategoriesDialog({ open, close }: { open: boolean; close(): void }) {
  const { t } = useWords();
  const categories = useCategories().data ?? [];
  const next = Math.max(0, ...categories.map(({ position }) => position)) + 1;
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      title={t("knowledge.categories")}
      width={640}
      destroyOnHidden
    >
      <ul className={css.shelves}>
        {categories.map((one) => (
          <Row key={`${one.id} ${one.name} ${one.name_en} ${one.position}`} category={one} next={next} />
        ))}
        <Row key={`new ${categories.length}`} next={next} />
      </ul>
    </Modal>
  );
}

/** One category, or the empty row that makes another. */
function Row({ category, next }: { category?: Category; next: number }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const kept: CategoryDraft = category ?? { name: "", name_en: "", position: next };
  const [draft, setDraft] = useState<CategoryDraft>({
    name: kept.name,
    name_en: kept.name_en,
    position: kept.position,
  });
  const save = useSaveCategory();
  const archive = useArchiveCategory();
  const refuse = (error: unknown) => void message.error(sentence(t, error), 6);
  const changed =
    draft.name !== kept.name || draft.name_en !== kept.name_en || draft.position !== kept.position;
  const name = category?.name ?? t("knowledge.category.new");
  return (
    <li>
      <Input
        aria-label={t("knowledge.category.name.of", { name })}
        placeholder={category ? "" : t("knowledge.category.new")}
        maxLength={40}
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
      />
      <Input
        aria-label={t("knowledge.category.english.of", { name })}
        placeholder={t("knowledge.category.english")}
        maxLength={60}
        value={draft.name_en}
        onChange={(event) => setDraft({ ...draft, name_en: event.target.value })}
      />
      <InputNumber
        aria-label={t("knowledge.category.position.of", { name })}
        min={0}
        max={10_000}
        precision={0}
        value={draft.position}
        onChange={(position) => setDraft({ ...draft, position: position ?? 0 })}
      />
      <Button
        type={changed ? "primary" : "default"}
        disabled={!changed || !draft.name.trim()}
        loading={save.isPending}
        aria-label={t("knowledge.category.save.of", { name })}
        onClick={() => save.mutate({ ...(category ? { id: category.id } : {}), draft }, { onError: refuse })}
      >
        {t(category ? "do.save" : "knowledge.category.add")}
      </Button>
      {category && (
        <Button
          type="text"
          icon={<Icon name="trash" />}
          disabled={category.articles > 0}
          title={category.articles > 0 ? t("knowledge.category.in_use", { n: category.articles }) : ""}
          aria-label={t("knowledge.category.archive.of", { name })}
          loading={archive.isPending}
          onClick={() => archive.mutate(category.id, { onError: refuse })}
        />
      )}
    </li>
  );
}
