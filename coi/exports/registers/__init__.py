"""The sheets of the workbook as data: columns by allow-list, rows as of one entry of the log; knows nothing of spreadsheets."""
