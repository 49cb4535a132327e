"""Record forms as data: get a form, read and show its values, check them, recognise the columns of lists."""

from fieldcrm.base.forms import identity, titles
from fieldcrm.base.forms.loader import FormError, all_forms, get
from fieldcrm.base.forms.model import Choice, Field, Form, Kind, Section
from fieldcrm.base.forms.values import clean, hide, parse, show

__all__ = [
    "Choice",
    "Field",
    "Form",
    "FormError",
    "Kind",
    "Section",
    "all_forms",
    "clean",
    "get",
    "hide",
    "identity",
    "parse",
    "show",
    "titles",
]
