"""The fit as characters: what was read (o) and the line through it (.), for a terminal; and as an HTML page."""

import numpy as np

from talus_host.calibrate.fit import Drawing, Fit

WIDTH, HEIGHT = 60, 14


def plot(drawing: Drawing, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Lines of text, the axes' ends written beside them."""
    x, y = np.asarray(drawing.x, float), np.asarray(drawing.y, float)
    line_x = np.linspace(min(drawing.line_x), max(drawing.line_x), 2 * width)
    line_y = np.interp(line_x, drawing.line_x, drawing.line_y)
    low_x, high_x = _ends(np.append(x, line_x))
    low_y, high_y = _ends(np.append(y, line_y))
    grid = [[" "] * width for _ in range(height)]

    def put(xs: np.ndarray, ys: np.ndarray, mark: str) -> None:
        columns = np.rint((xs - low_x) / (high_x - low_x) * (width - 1)).astype(int)
        rows = np.rint((high_y - ys) / (high_y - low_y) * (height - 1)).astype(int)
        for row, column in zip(rows, columns, strict=True):
            grid[row][column] = mark

    put(line_x, line_y, ".")
    put(x, y, "o")
    names = (f"{high_y:.6g}", f"{low_y:.6g}")
    left = max(len(name) for name in names)
    lines = [f"{drawing.y_label}"]
    for index, row in enumerate(grid):
        name = names[0] if index == 0 else names[1] if index == height - 1 else ""
        lines.append(f"{name:>{left}} |{''.join(row)}".rstrip())
    foot = f"{low_x:.6g}"
    end = f"{high_x:.6g} {drawing.x_label}"
    lines.append(" " * (left + 2) + foot + end.rjust(max(len(end) + 1, width - len(foot))))
    return "\n".join(lines)


def _ends(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 1, high + 1)


def page(fits: list[Fit]) -> str:
    """One HTML page with a figure for each fit, everything in it: it opens without a network."""
    import plotly.graph_objects as go

    parts: list[str] = []
    for one in fits:
        drawing = one.drawing
        if drawing is None:
            continue
        figure = go.Figure()
        figure.add_scatter(x=list(drawing.x), y=list(drawing.y), mode="markers", name="read")
        figure.add_scatter(x=list(drawing.line_x), y=list(drawing.line_y), mode="lines", name="fitted")
        figure.update_layout(title=drawing.title, xaxis_title=drawing.x_label, yaxis_title=drawing.y_label)
        config = {"displaylogo": False, "modeBarButtonsToRemove": ["sendDataToCloud"]}
        parts.append(figure.to_html(full_html=False, include_plotlyjs=not parts, config=config))
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Talus: calibration</title></head>'
    return f"{head}<body>{''.join(parts)}</body></html>\n"
