// Reads the description this very server gives of itself and lays it out for people.
// Plain modules, no library: nothing here is loaded from another host.
const english = !navigator.language.toLowerCase().startsWith("zh");
const say = (zh, en) => (english ? en : zh);
document.documentElement.lang = english ? "en" : "zh-CN";
for (const node of document.querySelectorAll("[data-zh]"))
  node.textContent = say(node.dataset.zh, node.dataset.en);

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

// A schema as short text: its name, or its shape.
function shape(schema, depth = 0) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map((one) => shape(one, depth)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `${shape(schema.items, depth)}[]`;
  if (schema.type === "object" && schema.properties) return fields(schema, depth);
  return [].concat(schema.type ?? "any").join(" | ") + (schema.format ? ` (${schema.format})` : "");
}

function fields(schema, depth = 0) {
  const indent = "  ".repeat(depth + 1);
  const lines = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const optional = schema.required?.includes(name) ? "" : "?";
    return `${indent}${name}${optional}: ${shape(property, depth + 1)}`;
  });
  return lines.length ? `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}` : "{}";
}

function body(content, api) {
  const [kind, media] = Object.entries(content ?? {})[0] ?? [];
  if (!kind) return null;
  let schema = media.schema;
  const name = shape(schema);
  const list = schema?.type === "array";
  if (list) schema = schema.items;
  if (schema?.$ref) schema = api.components.schemas[schema.$ref.split("/").pop()];
  const detail = schema?.properties ? `${name} ${fields(schema)}` : name;
  return element("pre", {}, `${kind}\n${detail}`);
}

function parameters(list) {
  const rows = list.map((one) =>
    element(
      "tr",
      {},
      element("td", {}, element("code", {}, one.name + (one.required ? "" : "?"))),
      element("td", {}, one.in),
      element("td", {}, element("code", {}, shape(one.schema))),
      element("td", {}, one.description ?? ""),
    ),
  );
  return element("table", {}, element("tbody", {}, ...rows));
}

function answers(responses, api) {
  const rows = Object.entries(responses).map(([status, answer]) =>
    element(
      "tr",
      {},
      element("td", {}, element("code", {}, status)),
      element("td", {}, answer.description ?? ""),
      element("td", {}, Number(status) < 400 ? (body(answer.content, api) ?? "") : ""),
    ),
  );
  return element("table", {}, element("tbody", {}, ...rows));
}

function route(method, path, operation, api) {
  const inside = element("div", {});
  if (operation.parameters?.length)
    inside.append(element("h3", {}, say("参数", "Parameters")), parameters(operation.parameters));
  const asked = operation.requestBody && body(operation.requestBody.content, api);
  if (asked) inside.append(element("h3", {}, say("请求", "Request")), asked);
  inside.append(
    element("h3", {}, say("应答与拒绝", "Answers and refusals")),
    answers(operation.responses, api),
  );
  const details = element(
    "details",
    { "data-find": `${method} ${path} ${operation.description ?? ""}`.toLowerCase() },
    element(
      "summary",
      {},
      element("code", { class: `method ${method}` }, method.toUpperCase()),
      element("code", {}, path),
      element("span", { class: "does" }, (operation.description ?? operation.summary ?? "").split("\n")[0]),
    ),
    inside,
  );
  return details;
}

function render(api) {
  document.querySelector("#about").textContent = `${api.info.description} (${api.info.version})`;
  const groups = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (!operation.responses) continue;
      const group = operation.tags?.[0] ?? "API";
      groups.set(group, [...(groups.get(group) ?? []), route(method, path, operation, api)]);
    }
  }
  for (const [group, routes] of groups) {
    document.querySelector("#groups").append(element("a", { href: `#${encodeURIComponent(group)}` }, group));
    document
      .querySelector("#routes")
      .append(element("section", { id: encodeURIComponent(group) }, element("h2", {}, group), ...routes));
  }
}

document.querySelector("#find").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const node of document.querySelectorAll("details")) node.hidden = !node.dataset.find.includes(wanted);
  for (const node of document.querySelectorAll("section"))
    node.hidden = !node.querySelector("details:not([hidden])");
});

const answer = await fetch("/openapi.json");
render(await answer.json());
