"""Tables for spreadsheets: lists written as CSV and Excel, and tables read that somebody hands in."""

from core.documents.sheets.archive import Bounds
from core.documents.sheets.columns import Column, Wrong, day, number, text, whole
from core.documents.sheets.handing import CSV, TYPES, XLSX, handed_out
from core.documents.sheets.reading import Fault, Row, Table, read_table, told
from core.documents.sheets.writing import CHUNK, Sheet, csv_pieces, write_csv, write_xlsx, xlsx_file

__all__ = [
    "CHUNK",
    "CSV",
    "TYPES",
    "XLSX",
    "Bounds",
    "Column",
    "Fault",
    "Row",
    "Sheet",
    "Table",
    "Wrong",
    "csv_pieces",
    "day",
    "handed_out",
    "number",
    "read_table",
    "text",
    "told",
    "whole",
    "write_csv",
    "write_xlsx",
    "xlsx_file",
]
