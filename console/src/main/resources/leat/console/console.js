"use strict";

const LOOK_MILLIS = 2000;
const ALERTS_MILLIS = 10000;
const SHOWN_ROWS = 500;
const KINDS = { running: "well", starting: "begins" };

const element = (id) => document.getElementById(id);

/** A new element with text, and a class if one is given. */
function made(tag, text, kind) {
  const node = document.createElement(tag);
  node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

/** The body of an answer, or an Error that says what is wrong and the remedy. */
async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.error.message}; ${body.error.remedy}`);
  return body;
}

function showReady(text, well) {
  element("ready").textContent = text;
  element("ready").className = well ? "well" : "ill";
}

async function look() {
  try {
    const status = await ask("/api/v1/status");
    const stages = Object.entries(status.stages ?? {});
    element("stages").replaceChildren(
      ...stages.map(([name, state]) => made("li", `${name}: ${state}`, KINDS[state] ?? "ill")));
    element("addresses").replaceChildren(
      ...Object.entries(status.addresses ?? {}).flatMap(([name, at]) => [made("dt", name), made("dd", at)]));
    await ask("/health/ready");
    showReady("takes events", true);
  } catch (error) {
    showReady(error instanceof TypeError ? "the program does not answer" : error.message, false);
  }
  setTimeout(look, LOOK_MILLIS);
}

function alertItem(alert) {
  const item = made("li", `${alert.id} is ${alert.status}: ${alert.demand}`, "ill");
  if (alert.status === "firing") {
    const button = made("button", "Acknowledge");
    button.type = "button";
    button.addEventListener("click", async () => {
      button.disabled = true;
      await ask(`/api/v1/alerts/${encodeURIComponent(alert.id)}/acknowledge`, { method: "POST" });
    });
    item.append(" ", button);
  }
  return item;
}

async function lookForAlerts() {
  try {
    const { alerts } = await ask("/api/v1/alerts");
    const going = alerts.filter((alert) => alert.status !== "resolved");
    element("alerting").hidden = going.length === 0;
    element("alerts").replaceChildren(...going.map(alertItem));
  } catch {
    element("alerting").hidden = true;
  }
  setTimeout(lookForAlerts, ALERTS_MILLIS);
}

function tableButton(table) {
  const button = made("button", table);
  button.type = "button";
  button.addEventListener("click", () => {
    element("sql").value = `SELECT * FROM ${table} ORDER BY leat_appended DESC LIMIT 20`;
    run();
  });
  return button;
}

function contractDetails(contract) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.append(
    made("strong", contract.name),
    made("span", `${contract.version} ${contract.description ?? ""}`, "quiet"));
  if (contract.status === "deprecated" || contract.status === "retired") {
    const until = contract.until ? ` until ${contract.until}` : "";
    const successor = contract.successor ? `, use ${contract.successor}` : "";
    summary.append(" ", made("span", `${contract.status}${until}${successor}`, "ill"));
  }
  const fields = contract.fields.map((field) => [
    field.name,
    field.added ? "added by the enricher" : field.required ? "required" : "optional",
    field.description ?? "",
  ]);
  details.append(
    summary, tableButton(contract.table), " ", tableButton(contract.deadTable), tableOf(["field", "", ""], fields));
  return details;
}

async function showContracts() {
  try {
    const { contracts } = await ask("/api/v1/contracts");
    element("contracts").replaceChildren(...contracts.map(contractDetails));
    if (contracts.length === 0) element("contracts").replaceChildren(made("p", "No contract yet.", "quiet"));
    else if (element("sql").value === "") element("sql").value = `SELECT count(*) FROM ${contracts[0].table}`;
  } catch (error) {
    element("contracts").replaceChildren(made("p", error.message, "ill"));
  }
}

function cell(value) {
  if (value === null) return made("td", "–", "quiet");
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return made("td", text, typeof value === "number" ? "number" : "");
}

function tableOf(names, rows) {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  head.append(...names.map((name) => made("th", name)));
  const body = table.createTBody();
  for (const row of rows) body.insertRow().append(...row.map(cell));
  return table;
}

/** Answers what stands in the field, and names it in the address, so that it can be passed on. */
async function run() {
  history.replaceState(null, "", `#sql=${encodeURIComponent(element("sql").value)}`);
  element("answered").className = "";
  element("answered").textContent = "asking …";
  try {
    const answer = await ask("/api/v1/sql", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ sql: element("sql").value }),
    });
    const rows = answer.rows.slice(0, SHOWN_ROWS);
    element("result").replaceChildren(tableOf(answer.columns.map((column) => column.name), rows));
    const more = answer.rows.length > rows.length ? `, the first ${rows.length} shown` : "";
    const cut = answer.truncated ? " (more were left off)" : "";
    const stale = answer.freshTo
      .filter((table) => !table.logIncluded)
      .map((table) => `; ${table.table} without the log: ${table.reason}`)
      .join("");
    const count = `${answer.rows.length} ${answer.rows.length === 1 ? "row" : "rows"}`;
    element("answered").textContent = `${count}${more}${cut} in ${Math.round(answer.elapsedMillis)} ms${stale}`;
  } catch (error) {
    element("result").replaceChildren();
    element("answered").className = "ill";
    element("answered").textContent = error.message;
  }
}

element("query").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
element("sql").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});
const passedOn = new URLSearchParams(location.hash.slice(1)).get("sql");
if (passedOn !== null) {
  element("sql").value = passedOn;
  run();
}
showContracts();
look();
lookForAlerts();
