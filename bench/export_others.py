"""The same rows by three others, each as its own page writes it: one line of JSON; run by bench/export.py in a venv of its own.

    python export_others.py plain|flask-admin|django FLAT.db

FLAT.db holds one table with the 31 columns as they stand in our Outcomes sheet, dates as dates: none of them has to join, decide
what was newest, or make a proof. What is measured is the export alone, not the start of the program; nothing is sent over HTTP.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import MetaData, Table, create_engine, select


def plain(path: str) -> Callable[[], int]:
    """A select and openpyxl's write-only mode with lxml."""
    from openpyxl import LXML, Workbook

    assert LXML, "without lxml openpyxl is slower"
    engine = create_engine(f"sqlite:///{path}")
    flat = Table("flat", MetaData(), autoload_with=engine)

    def work() -> int:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Outcomes")
        columns = [column for column in flat.columns if column.name != "id"]
        sheet.append([column.name for column in columns])
        with engine.connect() as connection:
            for row in connection.execution_options(stream_results=True).execute(select(*columns).order_by(flat.c.id)):
                sheet.append(tuple(row))
        book.save(f"{path}.plain.xlsx")
        return Path(f"{path}.plain.xlsx").stat().st_size

    return work


def flask_admin(path: str) -> Callable[[], int]:
    """Flask-Admin's export of a model as xlsx."""
    from flask import Flask
    from flask_admin import Admin
    from flask_admin.contrib.sqla import ModelView
    from flask_sqlalchemy import SQLAlchemy

    app = Flask("bench")
    app.config.update(SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}", SECRET_KEY="of a bench", TESTING=True)
    db = SQLAlchemy(app)
    with app.app_context():
        model = type("Flat", (db.Model,), {"__table__": Table("flat", db.metadata, autoload_with=db.engine)})
    names = [column.name for column in model.__table__.columns if column.name != "id"]
    options = {"can_export": True, "export_types": ["xlsx"], "export_max_rows": 0, "column_list": names}
    view = type("View", (ModelView,), options)
    Admin(app).add_view(view(model, db.session, endpoint="flat"))
    client = app.test_client()

    def work() -> int:
        reply = client.get("/admin/flat/export/xlsx/")
        assert reply.status_code == 200, reply.status
        return len(reply.data)

    return work


def django(path: str) -> Callable[[], int]:
    """Django import-export's resource of a model, as its admin page writes xlsx."""
    import django as framework
    from django.conf import settings

    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
    settings.configure(DATABASES={"default": database}, INSTALLED_APPS=["import_export"], USE_TZ=False)
    framework.setup()
    from django.db import models
    from import_export import resources
    from import_export.formats.base_formats import XLSX

    kinds = {"DATE": models.DateField, "DATETIME": models.DateTimeField, "INTEGER": models.IntegerField}
    flat = Table("flat", MetaData(), autoload_with=create_engine(f"sqlite:///{path}"))
    fields = {
        column.name: kinds.get(str(column.type), models.TextField)(null=True) for column in flat.columns if column.name != "id"
    }
    meta = type("Meta", (), {"app_label": "import_export", "managed": False, "db_table": "flat"})
    model = type(
        "Flat", (models.Model,), {"__module__": "bench", "Meta": meta, "id": models.IntegerField(primary_key=True), **fields}
    )
    resource = resources.modelresource_factory(model=model)()

    def work() -> int:
        return len(XLSX().export_data(resource.export(model.objects.order_by("id"))))

    return work


def main() -> None:
    name, path = sys.argv[1:]
    work = {"plain": plain, "flask-admin": flask_admin, "django": django}[name](path)
    began, used = time.perf_counter(), time.process_time()
    size = work()
    told = {"cpu": time.process_time() - used, "seconds": time.perf_counter() - began, "bytes": size}
    print(json.dumps({**told, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
