/** Changing something on a customer's page: each request answers with the whole page as it then is. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ask } from "../../server/http";
import { keys } from "../../server/queries";
import type { CustomerView } from "../../server/shapes";

export const customerKey = (id: string) => ["customer", id] as const;

interface Change {
  method: "POST" | "DELETE";
  path: string;
  body?: unknown;
}

export const useCustomerChange = (id: string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ method, path, body }: Change) =>
      ask<CustomerView>(method, `/desk/customers/${id}/${path}`, body),
    onSuccess: (view) => {
      cache.setQueryData(customerKey(id), view);
      void cache.invalidateQueries({ queryKey: keys.lists });
      void cache.invalidateQueries({ queryKey: keys.conversations });
    },
  });
};
