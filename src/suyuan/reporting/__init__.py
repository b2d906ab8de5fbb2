"""Reports and tables of a tracing result."""

from suyuan.reporting.backward_page import render_backward_page
from suyuan.reporting.page import render_page
from suyuan.reporting.picture import render_picture
from suyuan.reporting.shapes import BackwardTables, TraceTables
from suyuan.reporting.write import write_backward, write_trace

__all__ = [
    "BackwardTables",
    "TraceTables",
    "render_backward_page",
    "render_page",
    "render_picture",
    "write_backward",
    "write_trace",
]
