"""What goes out: one edition of an evaluation as csv, workbook and pages.

Here belongs how results are shown and written. How they are computed (`evaluation`), where they are kept and
when they are published does not.
"""
