import type { Attachment } from "@mashang/protocol";
import { expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
const { Trays, isHopeless } = await import("../src/live/trays");
const { Refused, Unreachable } = await import("../src/server/http");

const FILE = new File(["abc"], "a.txt");
const STORED = { id: "f", name: "a.txt" } as Attachment;

function bench() {
  const line = { up: true };
  const said: unknown[] = [];
  const upload = vi.fn<() => Promise<Attachment>>();
  const trays = new Trays(
    upload,
    (...what) => said.push(what),
    () => line.up,
  );
  return { line, said, upload, trays, states: () => trays.get().map(({ state }) => state) };
}
const settled = () => new Promise((go) => setImmediate(go));

it("sends what is uploaded, and keeps what was refused with its reason", async () => {
  const { trays, upload, said, states } = bench();
  upload.mockResolvedValueOnce(STORED).mockRejectedValueOnce(new Refused(415, "file_type_refused", "no", {}));
  trays.add("c", [FILE, FILE]);
  await settled();
  expect(states()).toEqual(["ready", "failed"]);
  trays.send("c", "everyone");
  expect(said).toEqual([["c", "everyone", STORED]]);
  expect(trays.get().map(isHopeless)).toEqual([true]);
});

it("uploads by itself what nobody took, when the line is back, and sends it if it was to be sent", async () => {
  const { trays, upload, said, states, line } = bench();
  line.up = false;
  upload.mockRejectedValueOnce(new Unreachable()).mockResolvedValueOnce(STORED);
  trays.add("c", [FILE]);
  await settled();
  expect(states()).toEqual(["waiting"]);
  trays.send("c", "staff");
  expect(said).toEqual([]);
  line.up = true;
  trays.resume();
  await settled();
  expect(said).toEqual([["c", "staff", STORED]]);
  expect(states()).toEqual([]);
});

it("sends only what belongs to the conversation", async () => {
  const { trays, upload, said } = bench();
  upload.mockResolvedValue(STORED);
  trays.add("c", [FILE]);
  trays.add("d", [FILE]);
  await settled();
  trays.send("d", "everyone");
  expect(said).toEqual([["d", "everyone", STORED]]);
  expect(trays.get().map(({ conversation }) => conversation)).toEqual(["c"]);
});

it("refuses an empty file before uploading it, and offers no second try", () => {
  const { trays, upload, states } = bench();
  trays.add("c", [new File([], "empty.txt")]);
  expect(states()).toEqual(["failed"]);
  expect(trays.get().map(isHopeless)).toEqual([true]);
  expect(upload).not.toHaveBeenCalled();
});

it("does not send what was removed while it was uploading", async () => {
  const { trays, upload, said } = bench();
  upload.mockResolvedValueOnce(STORED);
  trays.add("c", [FILE]);
  trays.send("c", "everyone");
  trays.remove(trays.get()[0]?.key ?? "");
  await settled();
  expect(said).toEqual([]);
});

it("uploads two at a time and the others in their turn", async () => {
  const { trays, upload, states } = bench();
  const ends: (() => void)[] = [];
  upload.mockImplementation(() => new Promise((done) => ends.push(() => done(STORED))));
  trays.add("c", [FILE, FILE, FILE]);
  await settled();
  expect(upload).toHaveBeenCalledTimes(2);
  ends[0]?.();
  await settled();
  expect(upload).toHaveBeenCalledTimes(3);
  for (const end of ends) end();
  await settled();
  expect(states()).toEqual(["ready", "ready", "ready"]);
});
