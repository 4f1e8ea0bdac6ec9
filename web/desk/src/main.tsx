import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { Look } from "./look/Look";
import "./look/base.css";
import { Refused } from "./server/http";
import { Words } from "./words/words";

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => !(error instanceof Refused) && failures < 2,
    },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <QueryClientProvider client={cache}>
    <Words>
      <Look>
        <App />
      </Look>
    </Words>
  </QueryClientProvider>,
);
