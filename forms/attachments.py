"""The form that adds one paper; knows words, no table."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from forms.base import CityForm


class PaperForm(CityForm):
    """One file: a scan or a photo."""

    file = FileField(
        _l("Choose a file"),
        description=_l("PDF, JPG or PNG, at most 10 MB. A photo of the paper is fine. Where a photo was taken is not kept."),
        validators=[FileRequired(_l("Choose a file."))],
    )


class RemoveForm(CityForm):
    """Only a button."""
