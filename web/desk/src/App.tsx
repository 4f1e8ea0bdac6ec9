/**
 * Who sees which page: first run and sign-in for strangers, everything else behind the sign-in.
 *
 * Does not: guard data (the server does); it only keeps people from pages that would refuse them.
 */
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef } from "react";
import { Redirect, Route, Router, Switch } from "wouter";
import { AccountPage } from "./account/AccountPage";
import { FirstRunPage } from "./entrance/FirstRunPage";
import { NewPasswordPage } from "./entrance/NewPasswordPage";
import { SecondFactorPage } from "./entrance/SecondFactorPage";
import { SignInPage } from "./entrance/SignInPage";
import { Shell } from "./frame/Shell";
import { Loading, Trouble } from "./frame/States";
import { sourceAt } from "./links/links";
import { DeskLine } from "./live/DeskLine";
import { Refused, signedOut } from "./server/http";
import { keys, useMe } from "./server/queries";
import type { Me } from "./server/shapes";
import { administers } from "./staff";
import { useWords } from "./words/words";
import { keepZone } from "./words/zone";
import { CustomerPage } from "./work/customer/CustomerPage";
import { keepPatience } from "./work/patience";
import { WorkPage } from "./work/WorkPage";

const BoardPage = lazy(() => import("./board/BoardPage"));
const AdminPage = lazy(() => import("./admin/AdminPage"));
const KnowledgePage = lazy(() => import("./knowledge/KnowledgePage"));
const PrintPage = lazy(() => import("./links/PrintPage"));

export function App() {
  useSignedOut();
  useOtherLanguage();
  return (
    <Router base="/desk">
      <Switch>
        <Route path="/first-run" component={FirstRunPage} />
        <Route path="/new-password" component={NewPasswordPage} />
        <Route>
          <SignedIn />
        </Route>
      </Switch>
    </Router>
  );
}

/** Any answer "nobody is signed in" brings the sign-in page, wherever it was asked. */
function useSignedOut() {
  const cache = useQueryClient();
  useEffect(() => {
    const forget = () => {
      if (cache.getQueryData(keys.me)) void cache.resetQueries({ queryKey: keys.me });
    };
    signedOut.addEventListener("signed-out", forget);
    return () => signedOut.removeEventListener("signed-out", forget);
  }, [cache]);
}

/** What the server words or titles in the reader's language is asked for again when she chooses another. */
function useOtherLanguage() {
  const cache = useQueryClient();
  const { locale } = useWords();
  const before = useRef(locale);
  useEffect(() => {
    if (before.current === locale) return;
    before.current = locale;
    void cache.invalidateQueries();
  }, [cache, locale]);
}

function SignedIn() {
  const { t } = useWords();
  const me = useMe();
  if (me.data) {
    keepZone(me.data.zone);
    keepPatience(me.data.patience);
  }
  if (me.data?.second_factor === "missing") return <SecondFactorPage />;
  if (me.data)
    return (
      <Switch>
        <Route path="/print/*">{({ "*": place }) => <Printed place={place} />}</Route>
        <Route>
          <DeskLine key={me.data.id} me={me.data.id}>
            <Pages me={me.data} />
          </DeskLine>
        </Route>
      </Switch>
    );
  if (me.error instanceof Refused && me.error.status === 401) return <SignInPage />;
  return (
    <main style={{ height: "100%" }}>
      <h1 className="for-readers">{t("title")}</h1>
      {me.isPending ? <Loading /> : <Trouble error={me.error} again={() => void me.refetch()} />}
    </main>
  );
}

function Printed({ place }: { place: string }) {
  const source = sourceAt(place);
  if (!source) return <Redirect to="/" />;
  return (
    <Suspense fallback={<Loading />}>
      <PrintPage source={source} />
    </Suspense>
  );
}

function Pages({ me }: { me: Me }) {
  return (
    <Shell me={me}>
      <Switch>
        <Route path="/account">
          <AccountPage />
        </Route>
        <Route path="/board">
          {administers(me) ? (
            <Suspense fallback={<Loading />}>
              <BoardPage me={me} />
            </Suspense>
          ) : (
            <Redirect to="/" />
          )}
        </Route>
        <Route path="/admin/*?">
          {administers(me) ? (
            <Suspense fallback={<Loading />}>
              <AdminPage me={me} />
            </Suspense>
          ) : (
            <Redirect to="/" />
          )}
        </Route>
        <Route path="/knowledge/*?">
          <Suspense fallback={<Loading />}>
            <KnowledgePage me={me} />
          </Suspense>
        </Route>
        <Route path="/customers/:id">{({ id }) => <CustomerPage key={id} me={me} id={id} />}</Route>
        <Route path="/c/:id/context">{({ id }) => <WorkPage me={me} id={id} step="context" />}</Route>
        <Route path="/c/:id">{({ id }) => <WorkPage me={me} id={id} step="conversation" />}</Route>
        <Route path="/">
          <WorkPage me={me} step="list" />
        </Route>
        <Route>
          <Redirect to="/" />
        </Route>
      </Switch>
    </Shell>
  );
}
