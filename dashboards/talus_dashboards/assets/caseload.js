/* The caseload's grid in the browser: how a cell is told, how Enter opens a person, how a phone gets cards.
   Nothing is fetched here: the rows came with the page, and filter, sort and CSV work on them alone. */

(function () {
  const parts = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const make = (...given) => window.React.createElement(...given);
  const grid = () => window.dash_ag_grid.getApi("case-grid");
  const NARROW_PX = 700;

  parts.CasePerson = (cell) => make("a", { href: cell.data.path, tabIndex: -1, className: "case-person" }, cell.value);

  parts.CaseCard = (cell) =>
    make(
      "div",
      { className: "case-card" },
      make("a", { href: cell.data.path, className: "case-person" }, cell.data.label),
      make("p", { className: "case-why" }, cell.data.text.rank),
      make(
        "dl",
        null,
        cell.data.card.map(([name, told]) => make("div", { key: name }, make("dt", null, name), make("dd", null, told)))
      )
    );

  functions.caseText = (params) => {
    const text = params.data && params.data.text[params.colDef.field];
    return text === undefined ? String(params.value) : text;
  };

  /* The page's own colours, which know light and dark. */
  functions.caseTheme = (base) =>
    base.withParams({
      backgroundColor: "var(--card)",
      foregroundColor: "var(--ink)",
      headerBackgroundColor: "var(--page)",
      headerTextColor: "var(--ink)",
      borderColor: "var(--line)",
      accentColor: "var(--blue)",
      rowHoverColor: "var(--page)",
      oddRowBackgroundColor: "var(--card)",
      fontFamily: "inherit",
      fontSize: 15,
      headerFontWeight: 600,
      wrapperBorderRadius: 12,
      cellHorizontalPadding: 10,
    });

  functions.caseOpen = (params) => {
    const key = params.event && params.event.key;
    if (key === "Enter" && params.data) window.location.assign(params.data.path);
  };

  functions.caseFit = (params) => {
    const api = params.api;
    const place = document.getElementById("case-grid");
    const width = place.clientWidth;
    const narrow = width < NARROW_PX;
    if (!width || api.getColumn("card").isVisible() === narrow) return;
    const names = api.getColumns().map((column) => column.getColId());
    const shown = names.filter((name) => name !== "card" && name !== "tags");
    api.setColumnsVisible(["card"], narrow);
    api.setColumnsVisible(shown, !narrow);
    api.setGridOption("headerHeight", narrow ? 0 : undefined);
    place.classList.toggle("cards", narrow);
  };

  /* A spreadsheet must not take a pseudonym for a formula. */
  const plain = (text) => (/^[=+\-@\t\r]/.test(text) ? "'" + text : text);

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    caseload: {
      search: (text) => {
        window.dash_ag_grid.getApiAsync("case-grid").then((api) => {
          functions.caseFit({ api }); // a grid says nothing of its first size
          api.setGridOption("quickFilterText", text || "");
        });
        return window.dash_clientside.no_update;
      },
      choose: (name) => (!name || name === "all" ? {} : { tags: { filterType: "text", type: "contains", filter: ` ${name} ` } }),
      count: (shown, rows) => {
        const text = document.getElementById("case-count").dataset.of;
        return text.replace("{shown}", shown ? shown.length : rows.length).replace("{of}", rows.length);
      },
      save: () => {
        grid().exportDataAsCsv({
          fileName: "caseload.csv",
          columnKeys: ["label", "rank", "wear", "change", "days", "sync_h", "pressed", "battery", "visit_d"],
          processCellCallback: (cell) => plain(cell.node.data.text[cell.column.getColId()]),
        });
        return window.dash_clientside.no_update;
      },
    },
  });
})();
